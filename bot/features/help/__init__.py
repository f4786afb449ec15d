"""What the bot can do, and an answer to everything that no other feature takes."""

from bot.features.help import handlers
from bot.turns.buttons import Still
from bot.turns.feature import Command, Feature
from bot.turns.texts import Rank

FEATURE = Feature(
    commands=(Command("help", handlers.help, "What I can do"),),
    presses={Still: handlers.still},
    texts={Rank.WORDLESS: handlers.wordless, Rank.NOT_UNDERSTOOD: handlers.not_understood},
    unknown_commands=(handlers.unknown_command,),
)
