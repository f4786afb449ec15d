"""The way to the web pages."""

from bot.features.sign_in import handlers
from bot.turns.feature import Command, Feature, ForInstructors
from bot.turns.jobs import TimerJob

FEATURE = Feature(
    instructors=ForInstructors(commands=(Command("dashboard", handlers.dashboard, "Your classes in the browser"),)),
    jobs=(TimerJob("forget_tickets", handlers.forget_tickets, every=86400.0),),
)
