"""The `tutor` command."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

import click

from bot import settings
from lessons.problem import CourseError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """A tutor for machine learning that lives in a chat."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for name in ("httpx", "httpcore", "uvicorn.access", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)  # httpx logs addresses, and with them the token


@main.command("try")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 picks one that is free."
)
@click.option("--fresh", is_flag=True, help="Begin anew: forget learners and progress of earlier tries.")
def try_(port: int, fresh: bool) -> None:
    """Try it: an emulated messenger, the bot and the runner on this machine, without token and internet."""
    from bot.trial import database, trial

    _serve(trial(port, database(fresh)))


@main.command()
def serve() -> None:
    """Serve learners in Telegram, by long polling. Needs TUTOR_TOKEN."""
    from bot.service import service

    _serve(service(_settings()))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
@click.option("--run", is_flag=True, help="Also run every example in the sandbox.")
def check(folder: Path | None, run: bool) -> None:
    """Check a course (the packaged one, or FOLDER): every mistake at once, with file and line."""
    from bot.checking import check_course

    sys.exit(asyncio.run(check_course(folder, run)))


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("example", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("values", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One event a line, as JSON.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Save pictures and files the run made here."
)
def run(example: Path, values: tuple[str, ...], as_json: bool, out: Path | None) -> None:
    """Run EXAMPLE in the sandbox with NAME=VALUE parameters. Exit status 0: finished, 1: failed, 2: bad arguments."""
    from bot.terminal import run_example

    try:
        sys.exit(asyncio.run(run_example(example, values, as_json, out)))
    except (ValueError, SyntaxError, OSError) as error:
        raise click.UsageError(str(error)) from None
    except KeyboardInterrupt:
        sys.exit(130)


def _settings() -> settings.Settings:
    try:
        found = settings.read()
    except settings.BadSettings as bad:
        raise click.UsageError(str(bad)) from None
    if found.token is None:
        raise click.UsageError("TUTOR_TOKEN is not set: expected the bot's token, which BotFather gives out")
    return found


def _serve(service: object) -> None:
    try:
        asyncio.run(service)  # type: ignore[arg-type]
    except CourseError as error:
        raise click.ClickException(f"the course cannot be served:\n{error}") from None
    except settings.BadSettings as bad:
        raise click.UsageError(str(bad)) from None
    except OSError as error:
        raise click.ClickException(str(error)) from None


if __name__ == "__main__":
    main()
