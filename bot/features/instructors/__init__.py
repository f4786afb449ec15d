"""Making people instructors, and ending it."""

from bot.features.instructors import handlers
from bot.features.instructors.buttons import (
    Appointed,
    AppointNow,
    BecomeInstructor,
    Dismiss,
    DismissNow,
    InviteInstructor,
)
from bot.turns.feature import Command, Feature, ForInstructors

FEATURE = Feature(
    presses={BecomeInstructor: handlers.become},
    instructors=ForInstructors(
        commands=(Command("appoint", handlers.appoint, "Who is an instructor"),),
        presses={
            Appointed: handlers.show_appointed,
            AppointNow: handlers.appoint_now,
            InviteInstructor: handlers.invite,
            Dismiss: handlers.dismiss,
            DismissNow: handlers.dismiss_now,
        },
    ),
    links={"i": handlers.open_invitation},
)
