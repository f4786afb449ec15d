"""What the bot can do: one line a feature. The order is that of menus and of `/help`."""

from __future__ import annotations

from bot.features import (
    announcements,
    assignments,
    classes,
    help,
    instructors,
    membership,
    own_code,
    preferences,
    progress,
    pulse,
    quiz,
    reading,
    report,
    sign_in,
    training,
)

FEATURES = (
    reading.FEATURE,
    quiz.FEATURE,
    training.FEATURE,
    own_code.FEATURE,
    progress.FEATURE,
    membership.FEATURE,
    preferences.FEATURE,
    help.FEATURE,
    classes.FEATURE,
    report.FEATURE,
    pulse.FEATURE,
    announcements.FEATURE,
    assignments.FEATURE,
    sign_in.FEATURE,
    instructors.FEATURE,
)
