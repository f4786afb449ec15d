"""Making classes, and what their card offers."""

from bot.features.classes import handlers
from bot.features.classes.buttons import (
    Card,
    Classes,
    End,
    EndNow,
    Invite,
    NewCode,
    NewCodeNow,
    Rename,
    SetOpen,
    TeachAlong,
)
from bot.turns.buttons import NewClass
from bot.turns.feature import Command, Feature, ForInstructors

FEATURE = Feature(
    instructors=ForInstructors(
        commands=(
            Command("classes", handlers.classes, "The classes you teach"),
            Command("newclass", handlers.new_class, "Make a class"),
        ),
        presses={
            Classes: handlers.classes,
            NewClass: handlers.ask_name,
            Card: handlers.card,
            NewCode: handlers.new_code,
            NewCodeNow: handlers.new_code_now,
            SetOpen: handlers.set_open,
            Invite: handlers.invite,
            TeachAlong: handlers.teach_along,
            Rename: handlers.rename,
            End: handlers.end,
            EndNow: handlers.end_now,
        },
        prompts={handlers.AskName: handlers.take_name, handlers.AskNewName: handlers.take_new_name},
    ),
    links={"c": handlers.open_along},
)
