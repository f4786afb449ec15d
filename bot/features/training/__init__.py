"""Training and evaluating the examples of a lesson."""

from bot.features.training import handlers
from bot.features.training.buttons import Evaluate, RunTuned, Set
from bot.runs.buttons import RunAgain, RunExample, Runs, ShowCode, StopRun, Tune
from bot.turns.feature import Command, Feature

FEATURE = Feature(
    commands=(
        Command("train", handlers.train, "Train the lesson's model, live"),
        Command("evaluate", handlers.evaluate, "Judge the model you trained"),
        Command("stop", handlers.stop, "Stop the run that is going on"),
        Command("runs", handlers.runs, "Your past runs"),
    ),
    presses={
        RunExample: handlers.run_example,
        Evaluate: handlers.press_evaluate,
        Tune: handlers.tune,
        Set: handlers.set_knob,
        RunTuned: handlers.run_tuned,
        StopRun: handlers.stop_run,
        RunAgain: handlers.run_again,
        ShowCode: handlers.show_code,
        Runs: handlers.show_runs,
    },
)
