"""Where a learner stands."""

from bot.features.progress import handlers
from bot.features.progress.buttons import Progress, ProgressPage
from bot.turns.feature import Command, Feature

FEATURE = Feature(
    commands=(Command("progress", handlers.progress, "Where you stand"),),
    presses={Progress: handlers.progress, ProgressPage: handlers.turn_progress},
)
