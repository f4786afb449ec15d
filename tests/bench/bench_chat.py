"""How fast the chat is beside a bare PTB echo bot: `python -m tests.bench.bench_chat`. Medians of one interleaved run.

Each round measures the echo bot and the tutor one after the other, first with an idle machine, then with two trainings
running (the tutor's own, in its sandbox; they go on while the echo bot is measured). Both bots are processes of their
own against the emulator, which lives in this process. The tutor stores each update and each reply before it acts; the
echo bot stores nothing. The pace that Telegram asks for (30 calls a second) is lifted: it would be the ceiling.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot import settings
from bot.app import build
from bot.commands import service
from bot.telegram.pace import Pace
from tests.chaos.crowd import text_of
from tests.chaos.house import House, house, until

ROUNDS, BURST, RATE, SECONDS, LEARNERS = 3, 500, 30, 8, 100
SETTLED = 10.0
"""Seconds after a start, and after trainings, until the sandbox is warm again and the machine idle."""
LIFTED = Pace((1_000_000, 1.0), (1_000_000, 1.0), (1_000_000, 1.0))
TRAINING = "/train digits epochs=50 hidden_units=512 batch_size=8"


def tutor() -> None:
    """`tutor serve` with its real runner, at full speed."""
    service.build = lambda *given: build(*given, pace=LIFTED)  # type: ignore[assignment]
    asyncio.run(service.until_stopped(service.service(settings.read(port=0))))


def echo() -> None:
    """The library's own example, no more."""

    async def reply(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        assert update.message.text
        await update.message.reply_text(update.message.text)

    base = os.environ["TUTOR_BASE_URL"]
    app = Application.builder().token(os.environ["TUTOR_TOKEN"]).base_url(f"{base}/bot").job_queue(None).build()
    app.add_handler(MessageHandler(filters.TEXT, reply))
    app.run_polling()


class Gauge:
    """Measures the bot of a house. Each message carries a number that comes back in its reply."""

    def __init__(self, home: House) -> None:
        self.home = home
        self._number = 0

    async def _say(self) -> str:
        self._number += 1
        text = f"/n{self._number}"
        await self.home.act("message", user=10_000 + self._number % LEARNERS, text=text)
        return text

    def _replies(self, since: int) -> dict[str, float]:
        """When each reply came to the messenger, by the message it answers."""
        calls = self.home.messenger.world.calls.since(since)
        sent = [c for c in calls if c["method"] == "sendMessage" and "/n" in str(c["parameters"].get("text"))]
        return {_asked(c["parameters"]["text"]): c["time"] + c["seconds"] for c in sent}

    def _last_call(self) -> int:
        calls = self.home.messenger.world.calls.since(0)
        return int(calls[-1]["number"]) if calls else 0

    async def ceiling(self) -> float:
        """Updates a second when many come at once."""
        since, began = self._last_call(), time.time()
        asked = {await self._say() for _ in range(BURST)}
        await until(lambda: len(self._replies(since)) >= len(asked), "all the replies", 120)
        return BURST / (max(self._replies(since).values()) - began)

    async def latencies(self) -> list[float]:
        """Seconds to each reply when so many updates come a second."""
        since, asked = self._last_call(), dict[str, float]()
        began = time.monotonic()
        for n in range(RATE * SECONDS):
            await asyncio.sleep(max(0.0, began + n / RATE - time.monotonic()))
            at = time.time()
            asked[await self._say()] = at
        await until(lambda: len(self._replies(since)) >= len(asked), "all the replies", 120)
        replies = self._replies(since)
        return [replies[text] - at for text, at in asked.items()]


def _asked(reply: str) -> str:
    return "/n" + reply.split("/n", 1)[1].split(".", 1)[0]


@asynccontextmanager
async def training(home: House, learners: tuple[int, ...] = (801, 802)) -> AsyncIterator[None]:
    """Two trainings that go on, each started again when it ends."""

    def ends(learner: int) -> int:
        return sum(text_of(m).startswith("✅") for m in home.chat(learner))

    async def train(learner: int) -> None:
        while True:
            before = ends(learner)
            await home.act("message", user=learner, text=TRAINING)
            await until(lambda before=before: ends(learner) > before, home.tail, 120)

    going = [asyncio.create_task(train(learner)) for learner in learners]
    try:
        live = lambda learner: any("epoch" in text_of(m) for m in home.chat(learner))  # noqa: E731
        await until(lambda: all(map(live, learners)), home.tail, 60)
        yield
    finally:
        for task in going:
            task.cancel()
        results = await asyncio.gather(*going, return_exceptions=True)
        for learner in learners:
            await home.act("message", user=learner, text="/stop")
        for failed in results:
            if not isinstance(failed, asyncio.CancelledError) and isinstance(failed, BaseException):
                raise failed


async def main() -> None:
    rows: dict[tuple[str, str], tuple[list[float], list[float], list[float]]] = {}
    async with AsyncExitStack() as stack:
        gauges = {}
        for name in ("echo", "tutor"):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            home = await stack.enter_async_context(house(folder))
            home.program = ("-m", "tests.bench.bench_chat", name)
            await home.started()
            gauges[name] = Gauge(home)
        await asyncio.sleep(SETTLED)
        for _ in range(ROUNDS):
            await measure("idle", gauges, rows)
            async with training(gauges["tutor"].home):
                await measure("two trainings", gauges, rows)
            await asyncio.sleep(SETTLED)
        for gauge in gauges.values():
            await gauge.home.terminate()
    print(table(rows))


async def measure(when: str, gauges: dict[str, Gauge], rows: dict[Any, Any]) -> None:
    for name, gauge in gauges.items():
        top, p50s, p99s = rows.setdefault((name, when), ([], [], []))
        top.append(await gauge.ceiling())
        cuts = quantiles(await gauge.latencies(), n=100)
        p50s.append(cuts[49] * 1000)
        p99s.append(cuts[98] * 1000)
        print(f"{when}: {name} {top[-1]:.0f}/s, p50 {p50s[-1]:.1f} ms, p99 {p99s[-1]:.1f} ms", file=sys.stderr)


def table(rows: dict[tuple[str, str], tuple[list[float], list[float], list[float]]]) -> str:
    lines = [
        f"Python {platform.python_version()}, {os.cpu_count()} processors, medians of {ROUNDS} interleaved rounds:"
        f" bursts of {BURST} updates, then {RATE} updates a second for {SECONDS} s, from {LEARNERS} learners."
        " The tutor's own pace of 30 calls a second is lifted.",
        "",
        "| bot | machine | updates a second | p50 at 30 a second | p99 at 30 a second |",
        "|---|---|---:|---:|---:|",
    ]
    for (name, when), (top, p50s, p99s) in sorted(rows.items(), key=lambda row: row[0][1]):
        figures = f"{median(top):.0f} | {median(p50s):.1f} ms | {median(p99s):.1f} ms |"
        lines.append(f"| {name} | {when} | {figures}")
    lines.append("")
    for when in ("idle", "two trainings"):
        ratio = median(a / b for a, b in zip(rows["tutor", when][0], rows["echo", when][0], strict=True))
        lines.append(f"Ceiling, tutor to echo, {when}: {ratio:.2f} (aim: at least 0.6).  ")
    return "\n".join(lines)


if __name__ == "__main__":
    if sys.argv[1:]:
        {"tutor": tutor, "echo": echo}[sys.argv[1]]()
    else:
        asyncio.run(main())
