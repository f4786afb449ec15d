"""What a class has to do, and by when."""

from bot.features.assignments import handlers, jobs
from bot.features.assignments.buttons import Assign, AssignNow, Unassign
from bot.turns.feature import ClassCommand, Feature, ForInstructors
from bot.turns.jobs import TimerJob

FEATURE = Feature(
    instructors=ForInstructors(
        commands=(ClassCommand("assign", handlers.begin, "What a class has to do, and by when", Assign),),
        presses={AssignNow: handlers.assign_now, Unassign: handlers.unassign},
        prompts={handlers.AskDate: handlers.take_date},
    ),
    jobs=(TimerJob(jobs.REMIND, jobs.remind),),
)
