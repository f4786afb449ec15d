"""What a learner sets for themselves: the time zone."""

from bot.features.preferences import handlers
from bot.turns.feature import Command, Feature

FEATURE = Feature(
    commands=(Command("zone", handlers.zone, "Your time zone"),),
    prompts={handlers.AskZone: handlers.take_zone},
)
