"""How a class is doing, as messages and files."""

from bot.features.report import handlers, jobs
from bot.features.report.buttons import Report
from bot.turns.feature import ClassCommand, Feature, ForInstructors
from bot.turns.jobs import TimerJob

FEATURE = Feature(
    instructors=ForInstructors(commands=(ClassCommand("report", handlers.begin, "How a class is doing", Report),)),
    jobs=(TimerJob(jobs.KIND, jobs.send, read=jobs.read),),
)
