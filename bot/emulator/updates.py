"""Updates on their way to the bot: one queue, fetched by long polling or delivered to a webhook."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from telegram.constants import PollingLimit, UpdateType

from .answers import Json, dumped
from .refusals import Refused, conflict

# Telegram sends these only to a bot that asks for them by name.
ONLY_ON_REQUEST = frozenset({UpdateType.CHAT_MEMBER, UpdateType.MESSAGE_REACTION, UpdateType.MESSAGE_REACTION_COUNT})
LIFETIME, PRESS_LIFETIME = 24 * 3600.0, 150.0  # seconds for which updates wait; those of pressed buttons are short
HIGHEST_ID = 2**62
LONGEST_POLL = 50.0  # seconds
FIRST_RETRY, LONGEST_RETRY = 0.25, 30.0  # seconds between attempts at the webhook, doubled each time
WEBHOOK_PATIENCE = 60.0  # seconds for the bot to answer one delivery


@dataclass(frozen=True)
class Webhook:
    """The webhook that updates are sent to; `secret` travels in a header that the bot checks."""

    url: str
    secret: str = ""
    max_connections: int = 40


@dataclass
class Waiting:
    """An update in the queue `since` a time; the bot has `fetched` it, or not yet. `own` ids are this server's."""

    update: Json
    since: float
    own: bool
    fetched: bool = False

    @property
    def id(self) -> int | None:
        """Its number; None for a raw update that has none. That one is given once."""
        number = self.update["update_id"]
        return number if type(number) is int else None

    @property
    def queue(self) -> str:
        """Only within a queue the order is sure: the messages of a chat, the presses of a person."""
        for kind, content in self.update.items():
            if isinstance(content, dict):
                owner = content.get("from" if kind == "callback_query" else "chat")
                return f"{kind == 'callback_query'} {owner.get('id')}" if isinstance(owner, dict) else kind
        return ""

    @property
    def lifetime(self) -> float:
        """Seconds until it is forgotten."""
        return PRESS_LIFETIME if "callback_query" in self.update else LIFETIME


class Updates:
    """The updates the bot has not confirmed yet, oldest first.

    `delivered` hears of every update the bot has fetched. Ids start at the present time in milliseconds, so that they
    go on growing over a restart. An update the bot did not take in time is forgotten, as in Telegram.
    """

    def __init__(self, clock: Callable[[], float], delivered: Callable[[Json], None]) -> None:
        self.allowed: list[str] = []
        self.webhook: Webhook | None = None
        self.last_error: tuple[int, str] | None = None
        self._clock = clock
        self._delivered = delivered
        self._next_id = int(1000 * clock())  # always above the ids of an earlier start, however busy that was
        self._waiting: list[Waiting] = []
        self._arrived = asyncio.Event()
        self._poller: asyncio.Future[None] | None = None
        self._delivery: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        self._forget_old()
        return len(self._waiting)

    @property
    def polled(self) -> bool:
        """Whether a getUpdates call is waiting now."""
        return self._poller is not None

    def add(self, kind: str, content: Json) -> None:
        """Queues an update of this kind (`message`, `callback_query`, ...) unless the bot does not want it."""
        if kind not in self.allowed if self.allowed else kind in ONLY_ON_REQUEST:
            return
        self._queue({"update_id": self._own_id(), kind: content}, own=True)

    def deliver(self, raw: Json) -> Json:
        """Queues an update as it stands, whatever the bot wants; returns it with its `update_id`."""
        update = raw if "update_id" in raw else {"update_id": self._own_id(), **raw}
        number = update["update_id"]
        if type(number) is int and number < HIGHEST_ID:
            self._next_id = max(self._next_id, number + 1)  # else the bot's next offset would pass over what comes
        self._queue(update, own="update_id" not in raw)
        return update

    def _own_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    def _queue(self, update: Json, *, own: bool) -> None:
        self._waiting.append(Waiting(update, self._clock(), own))
        self._arrived.set()

    def drop(self) -> None:
        """Forgets all pending updates."""
        self._waiting.clear()

    def _forget_old(self) -> None:
        now = self._clock()
        self._waiting = [each for each in self._waiting if now - each.since <= each.lifetime]

    async def fetch(self, offset: int, limit: int, patience: float) -> list[Json]:
        """The updates from `offset` on, waiting up to `patience` seconds for the first; earlier ones are confirmed.

        A negative offset counts from the end of the queue. Raises Refused (409) in a call that a newer one replaces.
        """
        if self.webhook:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self.end_poll(
            conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
        )
        self._confirm(offset)
        limit = min(max(limit, PollingLimit.MIN_LIMIT), PollingLimit.MAX_LIMIT)
        poller = self._poller = asyncio.get_running_loop().create_future()
        try:
            await self._until_arrival(poller, min(patience, LONGEST_POLL))
        finally:
            if self._poller is poller:
                self._poller = None
        self._forget_old()
        fetched = self._waiting[:limit]
        for each in fetched:
            each.fetched = True
            self._delivered(each.update)
        self._waiting = [each for each in self._waiting if not (each.fetched and each.id is None)]
        return [each.update for each in fetched]

    async def _until_arrival(self, poller: asyncio.Future[None], patience: float) -> None:
        """Waits for an update, for the time to pass, or for `poller` to be ended by somebody else."""
        if self._waiting or patience <= 0:
            return
        self._arrived.clear()
        arrival = asyncio.ensure_future(self._arrived.wait())
        ends: set[asyncio.Future[Any]] = {arrival, poller}
        try:
            await asyncio.wait(ends, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        finally:
            arrival.cancel()
        if poller.done():
            poller.result()

    def end_poll(self, reason: Refused | None = None) -> None:
        """Ends the waiting getUpdates call: refused for a reason, else with what there is."""
        if self._poller and not self._poller.done():
            if reason:
                self._poller.set_exception(reason)
            else:
                self._poller.set_result(None)

    def _confirm(self, offset: int) -> None:
        """Forgets updates below `offset`. A raw one may have any id: it goes only once it was fetched."""
        self._forget_old()
        if offset < 0:
            self._waiting = self._waiting[offset:]
            return
        self._waiting = [each for each in self._waiting if not self._is_confirmed(each, offset)]

    def _is_confirmed(self, each: Waiting, offset: int) -> bool:
        return each.id is not None and each.id < offset and (each.fetched or each.own)

    def subscribe(self, kinds: Sequence[str] | None) -> None:
        """Sets which kinds of updates the bot wants; None keeps the earlier choice, an empty list means the usual."""
        if kinds is not None:
            self.allowed = list(kinds)

    def set_webhook(self, webhook: Webhook | None) -> None:
        """Starts delivering to a webhook, or stops with None."""
        if self._delivery:
            self._delivery.cancel()
        self._delivery, self.webhook, self.last_error = None, webhook, None
        if webhook:
            self.end_poll(conflict("terminated by setWebhook request"))
            self._delivery = asyncio.create_task(self._deliver(webhook))

    async def aclose(self) -> None:
        """Ends long polls and deliveries."""
        self.end_poll()
        if self._delivery:
            self._delivery.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._delivery

    async def _deliver(self, webhook: Webhook) -> None:
        """Posts updates: those of one queue in order, several queues side by side."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        busy: set[str] = set()

        def freed(worker: asyncio.Task[None]) -> None:
            busy.discard(worker.get_name())
            self._arrived.set()  # more may have come meanwhile

        async with (
            httpx.AsyncClient(timeout=WEBHOOK_PATIENCE, headers=headers, trust_env=False) as client,
            asyncio.TaskGroup() as workers,
        ):
            while True:
                self._arrived.clear()
                self._forget_old()
                for queue in dict.fromkeys(each.queue for each in self._waiting):
                    if queue not in busy and len(busy) < webhook.max_connections:
                        busy.add(queue)
                        workers.create_task(self._empty(client, webhook, queue), name=queue).add_done_callback(freed)
                await self._arrived.wait()

    async def _empty(self, client: httpx.AsyncClient, webhook: Webhook, queue: str) -> None:
        """Posts the updates of one queue; a failed one is tried again until the bot takes it, or it is too old."""
        pause = FIRST_RETRY
        while first := self._first_of(queue):
            error = await _post(client, webhook.url, first.update)
            if error is None:
                self._waiting = [each for each in self._waiting if each is not first]
                self._delivered(first.update)
                pause = FIRST_RETRY
            else:
                self.last_error = int(self._clock()), error
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_RETRY)

    def _first_of(self, queue: str) -> Waiting | None:
        self._forget_old()
        return next((each for each in self._waiting if each.queue == queue), None)


async def _post(client: httpx.AsyncClient, url: str, update: Json) -> str | None:
    """Delivers one update; the answer says what went wrong, None means taken."""
    try:
        response = await client.post(url, content=dumped(update), headers={"Content-Type": "application/json"})
    except httpx.HTTPError as error:
        return f"Connection failed: {type(error).__name__}"
    return (
        None
        if response.is_success
        else f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}"
    )
