"""Finding a lesson and reading it."""

from bot.features.reading import handlers
from bot.features.reading.buttons import LessonsPage
from bot.turns.buttons import Lessons, Read
from bot.turns.feature import Command, Feature

FEATURE = Feature(
    commands=(
        Command("start", handlers.start, "Begin, or go on where you left off"),
        Command("lessons", handlers.lessons, "All lessons"),
    ),
    presses={
        Lessons: handlers.lessons,
        LessonsPage: handlers.turn_lessons,
        Read: handlers.read,
    },
    links={"l-": handlers.open_link},
)
