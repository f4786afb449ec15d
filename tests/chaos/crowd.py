"""Learners who read, answer and ask without end, each waiting for a reply before going on; and the reckoning after."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

from lessons.loader import load

from .house import House, Json, until

QUESTION = re.compile(r"Question (\d) of \d")
UNKNOWN = re.compile(r"I do not know /n(\d+)\.")
RESULT = ("All of them at the first try", "You have passed this quiz", "Read the sections of the questions")
JUDGED = ("✅ Right!", "❌ Not quite.")
_COURSE = load()


def buttons(message: Json) -> dict[str, str]:
    """Label and callback data of each button."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {b["text"]: b["callback_data"] for row in rows for b in row if "callback_data" in b}


def text_of(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


@dataclass
class Learner:
    """`live` goes on until told to stop, and ends only between two acts, with each act replied to."""

    house: House
    id: int
    random: Random
    acts: int = 0
    said: list[str] = field(default_factory=list)
    """Texts that this learner sent."""
    answers: list[tuple[str, int]] = field(default_factory=list)
    """Answers given: "choice:DELIVERY" and the place chosen or the ticks, or "text" and the number written."""
    presses: list[str] = field(default_factory=list)
    _before: dict[int, Json] = field(default_factory=dict)
    _since: int = 0
    _number: int = 100

    async def live(self, stop: asyncio.Event, pause: float) -> None:
        await self._says("/start", lambda: self._news("Hello,", "Welcome back"))
        while not stop.is_set():
            act = self.random.choices(
                (self.quiz, self.turn_page, self.progress, self.burst, self.double_tap), (8, 3, 1, 3, 2)
            )[0]
            await act()
            self.acts += 1
            await asyncio.sleep(self.random.random() * pause)

    async def crowd_in(self, count: int) -> None:
        """Write so many messages without waiting for a reply to any, then wait for all the replies."""
        first = len(self.said)
        for n in range(first, first + count):
            await self._send(f"/n{n}")
        await until(
            lambda: all(self._told(n) for n in range(first, first + count)), lambda: self._story("the last reply")
        )

    async def quiz(self, taps: int = 1) -> None:
        """One step of the quiz, whatever step it is."""
        now = self._newest(lambda m: QUESTION.search(text_of(m)))
        onward = [(label, data) for label, data in buttons(now or {}).items() if "›" in label or "Try again" in label]
        if now is None or (not onward and self._judged(now)):
            await self._says("/quiz", lambda: self._news("Question"))
        elif onward:
            _, data = self.random.choice(onward)
            await self._press(now, data, lambda: self._news("Question", *RESULT, old=now))
        elif "Write a number" in text_of(now):
            await self._write()
        elif "Tick all" in text_of(now):
            await self._tick(now)
        else:
            choice = self.random.randrange(4)
            _, _, delivery, _ = f"::{buttons(now)['ABCD'[choice]]}".rsplit(":", 3)
            self.answers.append((f"choice:{delivery}", choice))
            await self._press(now, buttons(now)["ABCD"[choice]], lambda: self._news(*JUDGED), taps=taps)

    async def double_tap(self) -> None:
        await self.quiz(taps=2)

    async def _write(self) -> None:
        self._number += 1
        self.answers.append(("text", self._number))
        await self._says(str(self._number), lambda: self._news(f"Your answer: {self._number}"))

    async def _tick(self, now: Json) -> None:
        ticks = {label: data for label, data in buttons(now).items() if label[0] in "☐☑"}
        if "Hand in" in buttons(now):
            _, delivery = buttons(now)["Hand in"].split(":")
            chosen = sum(1 << i for i, label in enumerate(ticks) if label[0] == "☑")
            self.answers.append((f"ticks:{delivery}", chosen))
            await self._press(now, buttons(now)["Hand in"], lambda: self._news(*JUDGED))
        else:
            await self._press(now, self.random.choice(list(ticks.values())), lambda: self._news("☑", labels=True))

    async def turn_page(self) -> None:
        page = self._newest(lambda m: " of 8" in text_of(m) and any("Next" in b or "Back" in b for b in buttons(m)))
        ways = [data for label, data in buttons(page or {}).items() if "Next" in label or "Back" in label]
        if page is None or not ways:
            await self._says("/start", lambda: self._news("Hello,", "Welcome back"))
            welcome = self._newest(lambda m: any("Begin the" in b or "Go on where" in b for b in buttons(m)))
            assert welcome
            go = next(d for label, d in buttons(welcome).items() if "Begin the" in label or "Go on where" in label)
            await self._press(welcome, go, lambda: self._news(" of 8"))
        else:
            await self._press(page, self.random.choice(ways), lambda: self._news(" of 8", old=page))

    async def progress(self) -> None:
        await self._says("/progress", lambda: self._news("Where you stand"))

    async def burst(self) -> None:
        """Several messages at once; each has a reply of its own, in this order."""
        await self.crowd_in(self.random.randint(1, 3))

    def _told(self, n: int) -> bool:
        return self._newest(lambda m: f"/n{n}." in text_of(m)) is not None

    async def _says(self, text: str, replied: Callable[[], Any]) -> None:
        self._remember()
        self._since = (await self._send(text))["message_id"]
        await until(replied, lambda: self._story(f"a reply to {text!r}"))

    async def _send(self, text: str) -> Json:
        self.said.append(text)
        return dict(await self.house.act("message", user=self.id, text=text, name=f"Learner {self.id}"))

    async def _press(self, message: Json, data: str, replied: Callable[[], Any], taps: int = 1) -> None:
        self._remember()
        self._since = message["message_id"]
        for _ in range(taps):
            answer = await self.house.act(
                "press", user=self.id, message_id=message["message_id"], button=data, wait=0.001
            )
            self.presses.append(answer["id"])
            if data not in buttons(self._again(message)).values():
                break  # the button has gone between two taps
        await until(replied, lambda: self._story(f"a reply to the press of {data!r}"))

    def _again(self, message: Json) -> Json:
        return next(m for m in self.house.chat(self.id) if m["message_id"] == message["message_id"])

    def _remember(self) -> None:
        self._before = {m["message_id"]: m for m in self.house.chat(self.id)}

    def _news(self, *texts: str, old: Json | None = None, labels: bool = False) -> Json | None:
        """A message of the bot, new or changed by the last act, that has one of the texts. Above the act's own place
        the bot still tidies up what an earlier act left."""
        for message in reversed(self.house.chat(self.id)):
            shown = " ".join(buttons(message)) if labels else text_of(message)
            below = message["from"]["is_bot"] and message["message_id"] >= self._since
            changed = message != self._before.get(message["message_id"]) and (old is None or shown != text_of(old))
            if below and changed and any(text in shown for text in texts):
                return message
        return None

    def _newest(self, where: Callable[[Json], Any]) -> Json | None:
        there = [m for m in self.house.chat(self.id) if m["from"]["is_bot"] and where(m)]
        return there[-1] if there else None

    def _judged(self, message: Json) -> bool:
        return any(text in text_of(message) for text in JUDGED)

    def _story(self, what: str) -> str:
        lines = [f"{what} to learner {self.id}; the chat ends with:"]
        for m in self.house.chat(self.id)[-6:]:
            lines.append(f"#{m['message_id']} {text_of(m)[:300]!r} {list(buttons(m))}")
        return "\n".join([*lines, self.house.tail()])


@dataclass(frozen=True)
class Reckoning:
    """What was given and what is there."""

    updates: int
    answers: int
    lost: list[str]
    doubled: list[str]
    disordered: list[str]
    unreplied: list[str]
    repeated: int
    untoasted: int

    def hold(self) -> None:
        """Nothing is lost, nothing doubled, nobody without a reply."""
        assert not self.lost, self.lost
        assert not self.doubled, self.doubled
        assert not self.disordered, self.disordered
        assert not self.unreplied, self.unreplied
        assert self.answers > 0, "nobody answered anything"

    def __str__(self) -> str:
        return (
            f"updates {self.updates}, answers {self.answers}, lost {len(self.lost)}, doubled {len(self.doubled)},"
            f" out of order {len(self.disordered)}, without a reply {len(self.unreplied)},"
            f" repeated sends {self.repeated}, presses without a toast {self.untoasted}"
        )


def reckon(house: House, learners: list[Learner]) -> Reckoning:
    """Compare what learners did with what the store and the chats hold."""
    house.note_calls()
    lost, doubled, disordered, unreplied = list[str](), list[str](), list[str](), list[str]()
    stored: dict[int, list[tuple[str, str, int]]] = {}
    for learner, delivery, question, answer, _ in house.rows(
        "select learner, delivery, question, answer, at from attempts order by at, delivery"
    ):
        stored.setdefault(learner, []).append((question, answer, delivery))
    for learner in learners:
        given, there = learner.answers, stored.get(learner.id, [])
        found = [_as_given(*row, given) for row in there]
        lost += [f"{learner.id}: {answer}" for answer in (Counter(given) - Counter(found)).elements()]
        doubled += [f"{learner.id}: {answer}" for answer in (Counter(found) - Counter(given)).elements()]
        if Counter(given) == Counter(found) and given != found:
            disordered.append(f"{learner.id}: {given} became {found}")
        told = [text_of(m) for m in house.chat(learner.id) if m["from"]["is_bot"]]
        replies = [int(reply[1]) for text in told if (reply := UNKNOWN.match(text))]
        asked = [int(text[2:]) for text in learner.said if text.startswith("/n")]
        unreplied += [f"{learner.id}: /n{n}" for n in asked if n not in replies]
        if any(a > b for a, b in pairwise(replies)):
            disordered.append(f"{learner.id}: replies to {replies}")
    dead = house.rows("select update_id, error from inbox where state = 'dead'")
    unreplied += [f"update {id} was given up: {error}" for id, error in dead]
    toasts = house.messenger.world.state.presses
    return Reckoning(
        updates=house.rows("select count(*) from inbox")[0][0],
        answers=sum(len(learner.answers) for learner in learners),
        lost=lost,
        doubled=doubled,
        disordered=disordered,
        unreplied=unreplied,
        repeated=_repeated(house.calls),
        untoasted=sum(toasts[id].answer is None for learner in learners for id in learner.presses if id in toasts),
    )


def _as_given(question: str, answer: str, delivery: int, given: list[tuple[str, int]]) -> tuple[str, int]:
    """A stored answer in the words of a Learner."""
    values = json.loads(answer)
    if question == "steps-per-epoch":
        return "text", int(float(values[0]))
    kind = f"ticks:{delivery}" if question == "disjoint-sets" else f"choice:{delivery}"
    return kind, _mask(question, values) if kind.startswith("ticks") else _place(question, values[0])


def _place(question: str, choice: str) -> int:
    return _choices(question).index(choice)


def _mask(question: str, chosen: list[str]) -> int:
    return sum(1 << _choices(question).index(choice) for choice in chosen)


def _choices(question: str) -> list[str]:
    asked = _COURSE.lessons[0].question(question)
    assert asked
    return [choice.id for choice in asked.choices]


def _repeated(calls: list[Json]) -> int:
    """Messages that were sent again with the very same content, among those that are unique by what they say."""
    sent = Counter(
        (call["parameters"]["chat_id"], call["parameters"]["text"], str(call["parameters"].get("reply_markup")))
        for call in calls
        if call["method"] == "sendMessage" and call["answer"]["ok"] and _unique(call["parameters"])
    )
    return sum(n - 1 for n in sent.values())


def _unique(sent: Json) -> bool:
    """A reply to /n7, a question (its buttons carry its number), or a verdict on a number."""
    return bool(UNKNOWN.match(sent["text"]) or QUESTION.search(sent["text"]))
