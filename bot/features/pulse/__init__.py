"""A class right now, live."""

from bot.features.pulse import handlers, jobs
from bot.features.pulse.buttons import StopPulse, WatchPulse
from bot.turns.feature import ClassCommand, Feature, ForInstructors
from bot.turns.jobs import TimerJob

FEATURE = Feature(
    instructors=ForInstructors(
        commands=(ClassCommand("pulse", handlers.begin, "A class right now, live", WatchPulse),),
        presses={StopPulse: handlers.stop},
    ),
    jobs=(TimerJob(jobs.KIND, jobs.work, read=jobs.read),),
)
