"""Writing to a class."""

from bot.features.announcements import handlers, jobs
from bot.features.announcements.buttons import Announce, DropDraft, SendDraft
from bot.turns.feature import ClassCommand, Feature, ForInstructors
from bot.turns.jobs import TimerJob

FEATURE = Feature(
    instructors=ForInstructors(
        commands=(ClassCommand("announce", handlers.begin, "Write to a class", Announce, ends=":\n"),),
        presses={SendDraft: handlers.send, DropDraft: handlers.drop},
        prompts={handlers.AskText: handlers.take_text},
    ),
    jobs=(TimerJob(jobs.FOLLOW, jobs.follow),),
)
