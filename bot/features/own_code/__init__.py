"""Code that a learner changed or wrote, and the files that it reads."""

from bot.features.own_code import files, handlers, texts
from bot.features.own_code.buttons import DeleteFile, DropCode, Edit, Files
from bot.runs.buttons import RunCode
from bot.turns.feature import Command, Feature
from bot.turns.jobs import TimerJob
from bot.turns.texts import Rank

FEATURE = Feature(
    commands=(Command("files", files.files, "Files for your own code"),),
    presses={
        Edit: handlers.edit,
        RunCode: handlers.press_run,
        DropCode: handlers.press_drop,
        Files: files.files,
        DeleteFile: files.delete,
    },
    texts={
        Rank.FILE: texts.file,
        Rank.REST: handlers.continues,
        Rank.CODE: texts.code,
        Rank.SHORT_CODE: texts.short_code,
    },
    unknown_commands=(texts.behind_command,),
    edits=(handlers.edited,),
    files=(files.worth_fetching,),
    jobs=(
        TimerJob(handlers.ASK_FOR_REST, handlers.ask_for_rest),
        TimerJob("forget_snippets", handlers.forget, every=86400.0),
    ),
)
