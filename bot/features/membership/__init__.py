"""A learner's classes: joining one, what is due, leaving."""

from bot.features.membership import handlers
from bot.features.membership.buttons import Join, Leave, LeaveNow, MyClasses, NotNow
from bot.turns.feature import Command, Feature
from bot.turns.prompts import Claim
from bot.turns.texts import Rank

FEATURE = Feature(
    commands=(
        Command("class", handlers.mine, "Your classes, and what is due"),
        Command("join", handlers.join, "Join a class"),
    ),
    presses={
        Join: handlers.press_join,
        NotNow: handlers.not_now,
        MyClasses: handlers.mine,
        Leave: handlers.leave,
        LeaveNow: handlers.leave_now,
    },
    prompts={handlers.AskCode: handlers.take_code},
    texts={Rank.CLASS_CODE: handlers.pasted},
    links={"j": handlers.offer},
    claims={Claim.CLASS_CODE: handlers.is_code},
)
