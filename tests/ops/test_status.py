"""`/healthz` and `/metrics`, asked over HTTP."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.domain.messages import Mode, Outgoing
from bot.domain.runs import Order, RunState
from bot.ops import status
from bot.ops.metrics import Metrics
from bot.store import Tables
from bot.turns.jobs import TimerJob
from tests.support.house import ADA, House, housed
from tests.support.served import Served
from tests.support.waiting import eventually


@pytest.fixture
async def house(emulated: Served, tmp_path: Path) -> AsyncIterator[House]:
    async with housed(emulated, tmp_path / "tutor.db") as made:
        yield made


async def figures(house: House) -> dict[str, float]:
    """By name and labels' values."""
    answer = await house.pages.get("/metrics")
    assert answer.status_code == 200
    return {
        "|".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_a_healthy_bot_says_so(house: House) -> None:
    answer = await house.pages.get("/healthz")
    said = answer.json()
    assert (answer.status_code, said["status"]) == (200, "ok")
    assert 0 <= said["heartbeat_age"] < 10
    assert said["inbox"] == {"waiting": 0}
    assert said["outbox"] == {"waiting": 0, "oldest_age": 0.0}
    assert said["runner"] == {"untrusted": False, "layers": ["told"], "missing": []}


async def test_a_loop_without_a_beat_is_ill(house: House) -> None:
    house.services.scheduler.beat_at -= status.LATEST_BEAT
    said = await status.health(house.services)
    assert said["status"] == "the event loop is held up"
    assert said["heartbeat_age"] >= 10


async def test_the_heart_goes_on_beating(house: House) -> None:
    first = house.services.scheduler.beat_at
    await eventually(lambda: house.services.scheduler.beat_at > first)


async def test_a_timer_loop_that_fails_is_begun_again_and_healthz_tells(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure that no timer's own work has: putting it off fails too."""
    scheduler, told = house.services.scheduler, asyncio.Event()

    def broken(*_: object) -> None:
        raise LookupError("the timer cannot be put off")

    with monkeypatch.context() as patch:
        patch.setattr(type(scheduler), "_put_off", broken)
        await house.services.store.transact(lambda t: t.timers.set("no such job", 0.0))
        await eventually(lambda: house.services.watch.ill)
        answer = await house.pages.get("/healthz")
    assert (answer.status_code, answer.json()["failed"]) == (503, ["scheduler"])
    assert answer.json()["status"] == "failed a short time ago: scheduler"
    scheduler.jobs = (*scheduler.jobs, TimerJob("wanted", lambda *_: told.set()))
    await house.services.store.transact(lambda t: t.timers.set("wanted", 1.0))
    await eventually(told.is_set)


async def test_a_database_whose_writer_hangs_is_ill(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "DATABASE_PATIENCE", 0.1)
    gate = threading.Event()
    holding = asyncio.create_task(house.services.store.transact(lambda tables: gate.wait()))
    try:
        await asyncio.sleep(0)
        answer = await house.pages.get("/healthz")
    finally:
        gate.set()
        await holding
    assert (answer.status_code, answer.json()["status"]) == (503, "the database does not answer")
    assert (await house.pages.get("/healthz")).status_code == 200


async def test_figures(house: House) -> None:
    await house.served.says("/help")
    await house.waits_for("What I can do")

    def runs(tables: Tables) -> None:
        for state, reason in ((RunState.FINISHED, None), (RunState.FAILED, "timeout"), (RunState.FAILED, "timeout")):
            run = tables.runs.add(Order(ADA, ADA, "l", "", "e", "train"), 1.0)
            tables.runs.end(run.id, state, 2.0, reason=reason)
        tables.runs.add(Order(ADA, ADA, "l", "", "e", "train"), 1.0)
        tables.outbox.add(Outgoing(5, "held back by Telegram", mode=Mode.NEW), house.services.clock() - 60)

    await house.served.act("fault", kind="flood", method="sendMessage", chat=5, retry_after=600)
    await house.services.store.transact(runs)
    found = await figures(house)
    assert found["tutor_updates_total|message"] == 1
    assert found["tutor_replies_total"] == 1
    assert found["tutor_reply_seconds_count"] == 1
    assert 0 < found["tutor_reply_seconds_sum"] < 10
    assert found["tutor_failures_total"] == 0
    assert (found["tutor_inbox_waiting"], found["tutor_outbox_waiting"]) == (0, 1)
    assert 60 <= found["tutor_outbox_oldest_seconds"] < 120
    assert {k: v for k, v in found.items() if k.startswith("tutor_runs|")} == {
        "tutor_runs|finished": 1,
        "tutor_runs|failed: timeout": 2,
        "tutor_runs|queued": 1,
        "tutor_runs|running": 0,
    }


def test_two_sets_of_metrics_know_nothing_of_each_other() -> None:
    one, other = Metrics(), Metrics()
    one.failures.inc()
    assert one.registry.get_sample_value("tutor_failures_total") == 1
    assert other.registry.get_sample_value("tutor_failures_total") == 0
