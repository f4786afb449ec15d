"""A running `tutor try`, and the learners who chat with it: through HTTP alone, as a person would."""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from lessons.loader import load
from tests.support.waiting import at_last

PATIENCE = 60.0
"""Seconds after which something awaited counts as missing; generous, for a busy machine."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """A message of a chat, read from the Bot API's JSON."""

    json: Json

    @property
    def id(self) -> int:
        return int(self.json["message_id"])

    @property
    def text(self) -> str:
        return str(self.json.get("text") or self.json.get("caption") or "")

    @property
    def from_bot(self) -> bool:
        return bool(self.json["from"]["is_bot"])

    @property
    def has_picture(self) -> bool:
        return bool(self.json.get("photo"))

    @property
    def rows(self) -> list[list[str]]:
        """Labels of the buttons, row by row."""
        return [[b["text"] for b in row] for row in self.json.get("reply_markup", {}).get("inline_keyboard", [])]

    def copies(self, label: str) -> str:
        """What the button with this label copies."""
        keyboard = self.json.get("reply_markup", {}).get("inline_keyboard", [])
        return str(next(b["copy_text"]["text"] for row in keyboard for b in row if label in b["text"]))

    @property
    def labels(self) -> list[str]:
        return [label for row in self.rows for label in row]

    def data(self, label: str) -> str:
        """What the button with this label sends."""
        keyboard = self.json.get("reply_markup", {}).get("inline_keyboard", [])
        return str(next(b["callback_data"] for row in keyboard for b in row if label in b["text"]))

    def code(self) -> list[tuple[str, str]]:
        """Each `pre` entity's language and text."""
        entities = self.json.get("entities", []) + self.json.get("caption_entities", [])
        return [(e.get("language", ""), self._cut(e)) for e in entities if e["type"] == "pre"]

    def bold(self) -> list[str]:
        return [self._cut(e) for e in self.json.get("entities", []) if e["type"] == "bold"]

    def _cut(self, entity: Json) -> str:
        units = self.text.encode("utf-16-le")
        return units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")

    def __str__(self) -> str:
        rows = "\n".join("  " + " | ".join(f"[{label}]" for label in row) for row in self.rows)
        return f"#{self.id}{' [picture]' if self.has_picture else ''}\n{self.text}\n{rows}".strip()


def source_of(example: str) -> str:
    """An example of the shipped lesson, as its file has it."""
    found = load().lessons[0].example(example)
    assert found is not None, example
    return found.source.strip()


class Tutor:
    """`tutor try` as a process of its own, with its database under `folder` and TUTOR_* `settings`.

    A new instance on the same folder is the next start.
    """

    def __init__(self, folder: Path, *options: str, **settings: str) -> None:
        self.log = folder / f"log-{time.monotonic_ns()}.txt"
        command = [str(Path(sys.executable).parent / "tutor"), "try", "--port", "0", *options]
        env = {
            k: v for k, v in os.environ.items() if not k.startswith(("TUTOR_", "PYTHONDONTWRITEBYTECODE"))
        } | settings
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, env=env, stdout=log, stderr=log, start_new_session=True
            )
        self.address: str = at_last(self._printed_address, lambda: f"an address in\n{self.log.read_text()}", PATIENCE)
        self.http = httpx.Client(base_url=self.address, timeout=PATIENCE)

    def _printed_address(self) -> str | None:
        assert self.process.poll() is None, f"tutor try ended:\n{self.log.read_text()}"
        found = re.search(r"http://127\.0\.0\.1:\d+", self.log.read_text())
        return found.group() if found else None

    def terminate(self) -> int:
        """SIGTERM, as an operator ends it; the exit status. It must end within seconds."""
        self.process.send_signal(signal.SIGTERM)
        return self._ended()

    def kill(self) -> None:
        """`kill -9`: nothing is said goodbye to."""
        self.process.kill()
        self._ended()

    def close(self) -> None:
        if self.process.poll() is None:
            self.terminate()

    def _ended(self) -> int:
        self.http.close()
        return self.process.wait(timeout=PATIENCE)

    def act(self, name: str, /, **parameters: Any) -> Any:
        """What a person does in the messenger; the result."""
        answer = self.http.post(f"/sim/{name}", json=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def refusal(self, name: str, /, **parameters: Any) -> str:
        """What the messenger itself does not let a person do; the reason."""
        answer = self.http.post(f"/sim/{name}", json=parameters)
        assert 400 <= answer.status_code < 500, answer.text
        return str(answer.json()["description"])

    def chat(self, chat: int) -> list[Message]:
        return [Message(m) for m in self.http.get(f"/sim/chats/{chat}/messages").json()["result"]]

    def calls(self, since: int = 0) -> list[Json]:
        """The Bot API calls that the bot made, in order."""
        return list(self.http.get("/sim/calls", params={"since": since}).json()["result"])

    def picture(self, message: Message) -> bytes:
        """The picture of a message, fetched from the messenger."""
        call = self.http.get(f"/sim/files/{message.json['photo'][-1]['file_id']}")
        assert call.status_code == 200, call.text
        return call.content


class Learner:
    """A person in a private chat (or in a group) with the bot. `sees` looks only at what came of the last act."""

    _ids = itertools.count(20_001)

    def __init__(self, tutor: Tutor, id: int = 0, *, chat: int = 0, name: str = "Emmy") -> None:
        self.tutor, self.id, self.name = tutor, id or next(self._ids), name
        self.chat = chat or self.id
        self._before: dict[int, Json] = {}

    def messages(self) -> list[Message]:
        return self.tutor.chat(self.chat)

    def newest(self) -> Message:
        """The bot's newest message."""
        return [m for m in self.messages() if m.from_bot][-1]

    def says(self, text: str) -> Message:
        self._remember()
        return Message(self.tutor.act("message", user=self.id, chat=self.chat, name=self.name, text=text))

    def edits(self, message: Message, text: str) -> None:
        """Change an own message."""
        self._remember()
        self.tutor.act("edit", user=self.id, chat=self.chat, message_id=message.id, text=text)

    def opens(self, link: str) -> Message:
        """Open a start link and press START."""
        self._remember()
        return Message(self.tutor.act("link", user=self.id, name=self.name, link=link))

    def blocks(self, blocked: bool = True) -> None:
        """Block the bot, or let it write again."""
        self.tutor.act("block", user=self.id, blocked=blocked)

    def presses(self, label: str, on: Message | None = None) -> str:
        """Press the newest button whose label holds `label`, as soon as there is one; the toast. A press without an
        answer is a failure."""
        message = self.waits(lambda: self._with_button(label, on), f"a button {label!r}")
        self._remember()
        answer = self.tutor.act(
            "press", user=self.id, chat=self.chat, message_id=message.id, button=message.data(label)
        )
        assert answer["answered"], f"no answer to the press of {label!r}"
        return str(answer["text"])

    def sees(self, *texts: str, where: Callable[[Message], Any] = lambda message: True) -> Message:
        """Wait for a message of the bot, new or changed since the last act, that holds all `texts`."""
        return self.waits(lambda: self._seen(texts, where), " and ".join(map(repr, texts)) or "a message")

    def waits(self, find: Callable[[], Message | None], what: str) -> Message:
        found: Message = at_last(find, lambda: f"{what}; the chat ends with:\n{self._ending()}", PATIENCE)
        return found

    def _ending(self) -> str:
        return "\n\n".join(("BOT " if m.from_bot else "ME  ") + str(m) for m in self.messages()[-6:])

    def again(self, message: Message) -> Message:
        """The same message as it is now."""
        return next(m for m in self.messages() if m.id == message.id)

    def _remember(self) -> None:
        self._before = {m.id: m.json for m in self.messages()}

    def _seen(self, texts: tuple[str, ...], where: Callable[[Message], Any]) -> Message | None:
        news = [m for m in self.messages() if m.from_bot and m.json != self._before.get(m.id)]
        return next((m for m in reversed(news) if all(t in m.text for t in texts) and where(m)), None)

    def _with_button(self, label: str, on: Message | None) -> Message | None:
        there = [m for m in self.messages() if any(label in shown for shown in m.labels)]
        return next((m for m in reversed(there) if on is None or m.id == on.id), None)
