"""Delivers what turns show: in order within a chat, at once, and at least once.

What a turn shows is a row, stored with the turn's own writes; a row goes when Telegram has it. Live frames of a run are
no rows: they may be lost, the newest wins, and they never overtake a row.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field, replace
from functools import partial

from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError, TimedOut

from bot.domain.ids import learner_of
from bot.domain.messages import Mode, Outgoing, Post
from bot.ops.alerts import Alerts
from bot.ops.metrics import Metrics
from bot.ops.watch import Watch
from bot.store import Store, StoreUnavailable, Tables
from bot.store.news import News, NewsKind
from bot.telegram import notices
from bot.telegram.pace import TELEGRAMS, Pace
from bot.telegram.patience import Patience, asked_for
from bot.telegram.plainer import in_place_of, plainer
from bot.telegram.sender import Sender

log = logging.getLogger(__name__)

FRAME_SECONDS = 3.0
"""Live frames of one chat are at least this far apart, but for the first of its kind."""
UNSURE_PAUSE = 5.0
"""Seconds before a message is repeated of which nobody knows whether it arrived."""
TRIES = 3
"""So often a message may fail by a mistake of the bot's own; then a sentence takes its place."""
SORRY = "sorry"
"""Key of that sentence."""
GONE = (
    "chat not found", "user not found", "peer_id_invalid", "user is deactivated", "group chat was deactivated",
    "bot was kicked", "bot is not a member", "have no rights to send a message", "not enough rights to send text",
    "chat_write_forbidden", "chat_restricted",
)  # fmt: skip
"""Words of a 400 that mean what a 403 means: nothing reaches this chat. A server of one's own that lost its database
answers so for people it has met, and a group that lets the bot be silent only."""
TOPIC_GONE = ("thread not found", "topic_closed", "topic_deleted")


@dataclass(slots=True)
class _Lane:
    """What waits for one chat."""

    frames: dict[str, tuple[float, Outgoing]] = field(default_factory=dict)
    """By key of the message: when the newest frame is due, and the frame."""
    last_frame: float = 0.0
    news: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    failure: _Failure | None = None


@dataclass(frozen=True, slots=True)
class _Failure:
    """A mistake of the bot's own at the delivery of a row, and how often it was met."""

    row: int
    reference: str
    times: int


@dataclass(frozen=True, slots=True)
class _Due:
    """A row to be delivered, with what decides how."""

    message: Outgoing
    post: Post | None
    """What stands under the message's key."""
    last_message: int
    """The chat's newest message."""


class Outbox:
    """Delivers from `start` to `aclose` what turns and others add to the store's outbox; rows that remain go out
    after the next start. `live` shows a frame."""

    def __init__(
        self,
        bot: Bot,
        store: Store,
        monotonic: Callable[[], float],
        metrics: Metrics | None = None,
        pace: Pace = TELEGRAMS,
        watch: Watch | None = None,
        alerts: Alerts | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._alerts = alerts or Alerts()
        self._clock = clock
        self._watch = watch or Watch(monotonic)
        self._sender = Sender(bot, pace)
        self._metrics = metrics or Metrics()
        self._store = store
        self._monotonic = monotonic
        self._lanes: dict[int, _Lane] = {}

    async def start(self) -> None:
        """Deliver what an earlier process left, and from now on what is committed."""
        self._store.listen(NewsKind.MAIL, self._hear)
        for chat in await self._store.read_promptly(lambda t: t.outbox.chats()):
            self._wake(chat)

    def _hear(self, news: News) -> None:
        for chat in news.chats:
            self._wake(chat)

    def _wake(self, chat: int) -> None:
        lane = self._lanes.setdefault(chat, _Lane())
        lane.news.set()
        if lane.task is None:
            # A context of its own: what a lane logs is not about the update that happened to wake it.
            lane.task = asyncio.create_task(self._keep(chat, lane), name=f"outbox {chat}", context=Context())

    def live(self, frame: Outgoing, *, at_once: bool = False, after: float = 0.0) -> None:
        """Show `frame` when the chat's pace allows; a newer frame for the same message replaces it. `after` holds it
        back (seconds)."""
        lane = self._lanes.setdefault(frame.chat, _Lane())
        now = self._monotonic()
        due = now if at_once else max(now + after, lane.last_frame + FRAME_SECONDS)
        held = lane.frames.get(frame.key)
        lane.frames[frame.key] = (min(due, held[0]) if held and not after else due, frame)
        self._wake(frame.chat)

    async def tell(self, message: Outgoing) -> None:
        """Send a message that cannot be stored, at the chat's pace. Raises TelegramError, and it is lost then."""
        await self._sender.send(message)

    def forget(self, chat: int, key: str) -> None:
        """Drop the frame that waits for this message: its final state is a row now."""
        if lane := self._lanes.get(chat):
            lane.frames.pop(key, None)

    async def drained(self) -> None:
        """Wait until nothing waits."""
        while tasks := [lane.task for lane in self._lanes.values() if lane.task]:
            await asyncio.wait(tasks)

    async def aclose(self) -> None:
        self._store.unlisten(self._hear)
        tasks = [lane.task for lane in self._lanes.values() if lane.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, chat: int, lane: _Lane) -> None:
        try:
            await self._watch.keep("outbox", partial(self._try, chat, lane))
        finally:
            lane.task = None
            self._retire(chat, lane)

    async def _try(self, chat: int, lane: _Lane) -> None:
        """Deliver until the chat has nothing left. A mistake of the bot's own is raised, and told to the operator."""
        try:
            await self._work(chat, lane)
        except StoreUnavailable:
            raise
        except Exception as error:
            await self._failed(chat, lane, error)
            raise

    async def _failed(self, chat: int, lane: _Lane, error: Exception) -> None:
        """Tell the operator. A message that fails every time gives way to a sentence: those behind it must not wait
        for ever."""

        def noted(tables: Tables) -> _Failure:
            row, key = tables.outbox.first(chat) or (0, "")
            known = lane.failure if lane.failure and lane.failure.row == row else _Failure(row, secrets.token_hex(3), 0)
            failure = replace(known, times=known.times + 1)
            self._alerts.delivery_failed(tables, failure.reference, self._clock())
            if row and failure.times >= TRIES:
                tables.outbox.drop(row)
                if key != SORRY:
                    tables.outbox.add(notices.undeliverable(failure.reference).outgoing(chat, SORRY), self._clock())
            return failure

        try:
            lane.failure = await self._store.transact(noted)
        except StoreUnavailable as unavailable:
            log.error("a failed delivery to chat %s is not noted: %s", chat, unavailable)
            return
        log.error("the delivery to chat %s failed; reference %s", chat, lane.failure.reference, exc_info=error)

    async def _work(self, chat: int, lane: _Lane) -> None:
        """Deliver until the chat has nothing left."""
        while True:
            lane.news.clear()
            due = await self._next(chat)
            while due:
                due = await self._insist(due)
            pause = await self._deliver_frame(lane)
            if pause is None:
                if lane.news.is_set():
                    continue
                break
            await _first(lane.news, pause)

    def _retire(self, chat: int, lane: _Lane) -> None:
        """Drop a lane in which nothing waits, but not while its pace still holds back the next frame."""
        if lane.task or lane.frames or self._lanes.get(chat) is not lane:
            return
        rest = lane.last_frame + FRAME_SECONDS - self._monotonic()
        if rest <= 0:
            del self._lanes[chat]
        else:
            asyncio.get_running_loop().call_later(rest, self._retire, chat, lane)

    async def _next(self, chat: int) -> _Due | None:
        """The chat's oldest row; None when there is none."""
        return await self._store.read_at_last(partial(_due, chat=chat))

    async def _deliver_frame(self, lane: _Lane) -> float | None:
        """Show the frame that is due. Returns seconds until the next one is, or None when no frame waits."""
        if not lane.frames:
            return None
        key, (due, frame) = min(lane.frames.items(), key=lambda item: item[1][0])
        now = self._monotonic()
        if due > now:
            return due - now
        del lane.frames[key]
        lane.last_frame = now
        try:
            post = await self._store.read_promptly(lambda t: t.posts.get(frame.chat, frame.key))
            if post and not post.pictured:
                await self._sender.edit(frame, post)
        except RetryAfter as flood:
            await asyncio.sleep(asked_for(flood))
        except (TelegramError, StoreUnavailable) as error:
            log.info("a live frame for chat %s was lost: %s", frame.chat, error)
        return 0.0

    async def _insist(self, due: _Due) -> _Due | None:
        """Deliver one row whatever it takes, and note the outcome with the row's end. Returns the chat's next row."""
        chat, row, patience, reference = due.message.chat, due.message.id, Patience(), ""
        while True:
            message = due.message
            try:
                post = await self._perform(due)
                self._metrics.deliveries.inc()
                arrived = partial(_arrived, row=row, post=post, at=self._clock(), whole=not reference)
                return await self._ended(chat, row, reference, arrived)
            except ChatMigrated as moved:
                moved_to = replace(message, chat=moved.new_chat_id)
                due = await self._store.read_at_last(partial(_addressed, message=moved_to))
            except Forbidden:
                return await self._ended(chat, row, reference, partial(_unreachable, chat=chat))
            except BadRequest as error:
                if _means(error, GONE):
                    return await self._ended(chat, row, reference, partial(_unreachable, chat=chat))
                log.warning("chat %s refused a message: %s", message.chat, error)
                if reference:  # it refused even the sentence
                    return await self._ended(chat, row, reference, partial(_refused, row=row))
                simpler, reference = _simpler(message, error)
                due = replace(due, message=simpler)
            except TelegramError as error:  # also a proxy's page in the place of an answer, which is no NetworkError
                # After a time-out it may have arrived: what is repeated at once may stand there twice.
                pause = patience.after(error, UNSURE_PAUSE if isinstance(error, TimedOut) else 0.0)
                log.warning("Telegram cannot be reached (%s); trying again in %.1f s", error, pause)
                await asyncio.sleep(pause)

    async def _ended(self, chat: int, row: int, reference: str, outcome: Callable[[Tables], None]) -> _Due | None:
        """Note how a message ended. With a reference it could not be shown: the operator is told."""

        def ended(tables: Tables) -> None:
            outcome(tables)
            if reference:
                self._alerts.message_refused(tables, reference, self._clock())

        return await self._note(chat, row, ended)

    async def _note(self, chat: int, row: int, outcome: Callable[[Tables], None]) -> _Due | None:
        """Store what became of a row: until that is done, nothing else goes to its chat. Returns the next row."""

        def noted(tables: Tables) -> _Due | None:
            outcome(tables)
            return _due(tables, chat)

        try:
            return await self._store.persist(noted)
        except Exception:  # it may be the next row's fault: that must not undo what became of this one
            await self._note_alone(chat, row, outcome)
            return await self._next(chat)

    async def _note_alone(self, chat: int, row: int, outcome: Callable[[Tables], None]) -> None:
        """Store what became of a row, or at least that it is not to be delivered once more."""
        try:
            return await self._store.persist(outcome)
        except Exception as error:
            reference = secrets.token_hex(3)
            log.error("what became of a message is not noted; reference %s", reference, exc_info=error)

        def struck(tables: Tables) -> None:
            tables.outbox.drop(row)
            self._alerts.delivery_failed(tables, reference, self._clock())

        await self._store.persist(struck)

    async def _perform(self, due: _Due) -> Post:
        """Show the message. One that cannot even be put into a request counts as refused."""
        try:
            return await self._shown(due)
        except TelegramError:
            raise
        except Exception as error:
            raise BadRequest(f"no message: {error!r}") from error

    async def _shown(self, due: _Due) -> Post:
        """Send or edit, as the message's mode and the chat's state ask for. Returns what stands in the chat now."""
        message, post = due.message, due.post
        if post is None or not message.key or message.mode is Mode.NEW:
            return await self._sender.send(message)
        in_place = message.mode is Mode.KEEP or post.message >= due.last_message
        if in_place and (edited := await self._try_edit(message, post)):
            return edited
        sent = await self._sender.send(message)
        if post.keyed:
            await self._strip(post)
        return sent

    async def _try_edit(self, message: Outgoing, post: Post) -> Post | None:
        """None when the message is gone, or cannot take this form: then a new one must do."""
        if post.pictured and not message.attachment:
            return None
        try:
            return await self._sender.edit(message, post)
        except BadRequest as error:
            log.info("message %s of chat %s is not edited: %s", post.message, post.chat, error)
            return None

    async def _strip(self, post: Post) -> None:
        """Take the buttons off a message that is no longer the place to press them."""
        try:
            await self._sender.strip(post)
        except TelegramError as error:
            log.info("the buttons of message %s in chat %s stay: %s", post.message, post.chat, error)


async def _first(news: asyncio.Event, seconds: float) -> None:
    """Until there is news, or so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            await news.wait()
    except TimeoutError:
        pass


def _due(tables: Tables, chat: int) -> _Due | None:
    message = tables.outbox.next(chat)
    return _addressed(tables, message) if message else None


def _addressed(tables: Tables, message: Outgoing) -> _Due:
    return _Due(message, tables.posts.get(message.chat, message.key), tables.posts.last_message(message.chat))


def _arrived(tables: Tables, row: int, post: Post, at: float, whole: bool) -> None:
    """`whole` is false for a sentence in the place of the message."""
    if whole:
        tables.outbox.delivered(row, at)
    else:
        tables.outbox.drop(row)
    tables.posts.saw(post.chat, post.message)
    if post.key:
        tables.posts.put(post)


def _refused(tables: Tables, row: int) -> None:
    tables.outbox.drop(row)


def _unreachable(tables: Tables, chat: int) -> None:
    tables.learners.unreachable(learner_of(chat))
    tables.outbox.clear(chat)


def _simpler(message: Outgoing, error: BadRequest) -> tuple[Outgoing, str]:
    """The next form of a refused message. When none is left: a sentence, with the reference that it names."""
    if message.topic and _means(error, TOPIC_GONE):
        return replace(message, topic=None), ""
    simpler = plainer(message, str(error))
    if simpler:
        return simpler, ""
    reference = secrets.token_hex(3)
    log.error("chat %s took no form of a message (%s); reference %s", message.chat, error, reference)
    return in_place_of(message, notices.undeliverable(reference).text.plain), reference


def _means(error: BadRequest, words: tuple[str, ...]) -> bool:
    return any(word in str(error).lower() for word in words)
