"""The `tutor` command."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Coroutine, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bot import settings
from bot.ops import logs
from lessons.loader import COURSE
from lessons.problem import CourseError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """A tutor for machine learning that lives in a chat."""
    logs.configure()


@main.command("try")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 picks one that is free."
)
@click.option("--fresh", is_flag=True, help="Start over: forget learners and progress of earlier tries.")
def try_(port: int, fresh: bool) -> None:
    """Try it: an emulated messenger, the bot and the runner on this machine, without token and internet."""
    from bot.commands.trial import database, trial

    _serve(trial(port, database(fresh)))


@main.command()
def serve() -> None:
    """Serve learners in Telegram: by long polling, or by webhook where TUTOR_WEBHOOK_URL is set. Needs TUTOR_TOKEN."""
    from bot.commands.service import service

    found = _settings()
    if found.token is None:
        raise click.UsageError("TUTOR_TOKEN is not set: expected the bot's token, which BotFather gives out")
    logs.configure(found.log, found.secrets)
    _serve(service(found), found.secrets)


@main.command()
def doctor() -> None:
    """Look at all that the bot needs; each line says ok, or what to do. Exit status 0: all is well, 1: something is
    not."""
    from bot.commands.doctor import examine

    found = _settings()
    logs.configure(found.log, found.secrets)
    sys.exit(asyncio.run(examine(found)))


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Copy the database to FILE, which must not exist yet. The bot may go on meanwhile."""
    from bot.commands.backup import BackupFailed, back_up

    db = _settings().db
    try:
        size = back_up(db, file)
    except BackupFailed as failure:
        raise click.ClickException(str(failure)) from None
    click.echo(f"{db} is copied to {file} ({size / 1e6:.1f} MB), and the copy is sound.")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
@click.option("--run", is_flag=True, help="Also run every example in the sandbox, and each value of its parameters.")
def check(folder: Path | None, run: bool) -> None:
    """Check a course (FOLDER, that of TUTOR_COURSE or the packaged one): every mistake at once, with file and line."""
    from bot.commands.checking import check_course

    sys.exit(asyncio.run(check_course(folder or _settings().course or COURSE, run)))


@main.command()
@click.option(
    "--db", type=click.Path(path_type=Path, dir_okay=False), help="Database; the one of `tutor try` if not given."
)
@click.option("--learners", type=click.IntRange(10, 5000), default=60, show_default=True)
@click.option("--instructor", type=click.IntRange(1), help="Telegram id; the instructor of `tutor try` if not given.")
@click.option("--name", default="Deep Learning, autumn", show_default=True, help="What the class is called.")
@click.option(
    "--at", "end", help="The present of the class, as 2026-11-24 or 2026-11-24T18:00+01:00; now if not given."
)
def seed(db: Path | None, learners: int, instructor: int | None, name: str, end: str | None) -> None:
    """Make a class of invented learners with four weeks behind it, so that there are reports to look at."""
    from bot.commands import trial
    from bot.commands.seed import SeedRefused, summary
    from bot.commands.seed import seed as make
    from bot.domain.ids import LearnerId
    from bot.store import StoreUnavailable

    db = db or trial.FOLDER / "try.db"
    course = _settings().course
    try:
        present = _moment(end) if end else datetime.now(UTC).timestamp()
        made = make(db, learners, LearnerId(instructor or trial.INSTRUCTOR.id), name, present, course)
    except SeedRefused as refused:
        raise click.ClickException(
            f"{refused}. `tutor try --fresh` starts over, --db names another database."
        ) from None
    except (StoreUnavailable, sqlite3.Error, OSError) as error:
        raise click.ClickException(f"{db} cannot be written: {error}") from None
    except CourseError as error:
        raise click.ClickException(f"the course cannot be used:\n{error}") from None
    click.echo(summary(made, db))


def _moment(text: str) -> float:
    """Seconds since 1970 of a date or a time as ISO 8601 writes them; of UTC where no zone is named."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text} is not a date: expected one like 2026-11-24, or 2026-11-24T18:00+01:00", param_hint="--at"
        ) from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


@main.group(invoke_without_command=True)
@click.pass_context
def datasets(context: click.Context) -> None:
    """List the data sets of Keras that jobs can load here."""
    from bot.commands.datasets import listing

    if context.invoked_subcommand is None:
        click.echo(listing(_settings().datasets))


@datasets.command("fetch")
@click.argument("names", nargs=-1, required=True)
def datasets_fetch(names: tuple[str, ...]) -> None:
    """Fetch data sets (mnist, fashion_mnist, imdb, ...) into the folder of TUTOR_DATASETS. Needs network."""
    from bot.commands.datasets import FetchFailed, fetch
    from runner import DATA_SETS

    folder = _settings().datasets
    if folder is None:
        raise click.UsageError("TUTOR_DATASETS is not set: expected a folder to put data sets into")
    if unknown := [name for name in names if name not in DATA_SETS]:
        raise click.UsageError(f"Keras has no data set {', '.join(unknown)}; it has {', '.join(DATA_SETS)}")
    for name in names:
        click.echo(f"Fetching {name} ...")
        try:
            fetch(folder, name)
        except (FetchFailed, OSError) as error:
            raise click.ClickException(str(error)) from None
        click.echo(f"{name} is in {folder}.")


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("example", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("values", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One event a line, as JSON.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Save pictures and files the run made here."
)
def run(example: Path, values: tuple[str, ...], as_json: bool, out: Path | None) -> None:
    """Run EXAMPLE in the sandbox with NAME=VALUE parameters. Exit status 0: finished, 1: failed, 2: bad arguments."""
    from bot.commands.terminal import run_example

    try:
        sys.exit(asyncio.run(run_example(example, values, as_json, out)))
    except (ValueError, SyntaxError, OSError) as error:
        raise click.UsageError(str(error)) from None
    except KeyboardInterrupt:
        sys.exit(130)


def _settings() -> settings.Settings:
    try:
        return settings.read()
    except settings.BadSettings as bad:
        raise click.UsageError(str(bad)) from None


def _serve(work: Coroutine[Any, Any, None], secrets: Iterable[str] = ()) -> None:
    """Serve until a signal. What an operator can put right is one line; Telegram's errors may quote the token."""
    from telegram.error import TelegramError

    from bot.commands.service import until_stopped
    from bot.telegram.polling import SecondPoller

    try:
        asyncio.run(until_stopped(work))
    except CourseError as error:
        raise click.ClickException(f"the course cannot be served:\n{error}") from None
    except (OSError, SecondPoller, sqlite3.Error) as error:
        raise click.ClickException(str(error)) from None
    except TelegramError as error:
        raise click.ClickException(logs.redacted(f"Telegram refuses: {error}", secrets)) from None


if __name__ == "__main__":
    main()
