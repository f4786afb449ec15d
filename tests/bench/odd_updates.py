"""Makes updates that nobody has seen: after the Bot API's types, with all that could be wrong about them.

Half of the updates are sound, however rare their fields. In the others values have wrong types, numbers are huge, texts
are odd, required fields are missing, fields of the future are there, and a few are no JSON at all.
"""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path
from random import Random
from typing import Any

TYPES: dict[str, Any] = json.loads(Path(__file__).with_name("bot_api_types.json").read_text())
INSTRUCTORS = (1, 2, 3)
PEOPLE = (*INSTRUCTORS * 5, *range(4, 61))
"""Ids of those who write; instructors more often."""
NOW = 1_800_000_000
KINDS = {"message": 45, "callback_query": 25, "edited_message": 10, "my_chat_member": 5}
"""How many in a hundred; the rest is of any kind."""
WILDNESS = (0.0, 0.0, 0.0, 0.01, 0.05, 0.3)
"""The chance of each value to be wrong, one of these for each update."""
FULLNESS = (0.0, 0.03, 0.1, 0.3)
"""The chance of each optional field to be there."""
LARGEST = 300
"""Values in an update; then only what is required is added."""
DEEP, LONG = "\x01deep", "\x01long"
"""Stand for what `json` cannot write: a list in thousands of lists, a number of thousands of digits."""
JUNK: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 1.5, 2**31, -(2**31) - 1, 2**52, 2**63 - 1, 2**63, -(2**63) - 1, 2**70, 10**400),
    *(1e308, -1e-320, float("nan"), float("inf"), DEEP, LONG),
    *("", " ", "x", "x" * 5000, "7", "-7", "\0", "\ud83d", "a\ude00\ud83db", "\u202egnp.exe", "\u200b\u200d\ufeff"),
    *("\u3164", "/start@other_bot", "null", "\U0010ffff", "{}", "é" * 300),
    *([], {}, [[]], [None], [[[[1]]]], {"id": {}}, {"": ""}, {"id": 2**70}, {"type": "private"}, [{"id": 7}] * 40),
)
COMMANDS = (
    *("/start", "/lessons", "/quiz", "/train", "/evaluate", "/stop", "/runs", "/progress", "/class", "/join", "/zone"),
    *("/help", "/classes", "/newclass Deep Learning", "/report", "/pulse", "/announce", "/assign", "/appoint", "/quiz"),
)
WORDS = (
    *("/newclass", "/dashboard", "/nope"),
    *(
        "/train epochs=3",
        "/train digits learning_rate=0.01",
        "/train epochs=",
        "/join ABCDEFGH",
        "/start l-x",
        "/start j",
    ),
    *("/zone Europe/Berlin", "/zone " + "x" * 300, "/help@tutor_bot", "/help@other_bot", "/"),
    *(
        "hello",
        "4",
        "0,5",
        "-1e999",
        "nan",
        "٣",
        "cancel",
        "a" * 4096,
        "print(1)",
        "import numpy as np\nnp.eye(2)",
        "😀" * 90,
    ),
    *(
        "```python\nprint(1)\n```",
        ">>> 1 + 1",
        "%matplotlib inline\nprint(2)",
        "9" * 4096,
        "`_*[",
        "\ttab\n\n\n",
        "x\x00y",
    ),
)
NAMES = ("Ada", "Grâce 🎓", "<b>", "\u3164", "\u202eevil", " ", "x" * 64)
FILES = ("a.py", "week2.ipynb", "data.csv", "a.PY", "", "../x.py", "\u202eyp.exe", "x" * 255 + ".py", "m.npz", "p.png")


class Generator:
    """`update` makes the next one. Buttons that were shown are put into `buttons`: some are pressed later."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._id = 0
        self._message = 0
        self.buttons: deque[tuple[int, str]] = deque(maxlen=200)
        """With the chats in which they stand."""

    def update(self) -> str:
        """The text of an update."""
        pick = self._random
        self._id += 1
        self._wild, self._full, self._left = pick.choice(WILDNESS), pick.choice(FULLNESS), LARGEST
        others = [name for name in TYPES["Update"] if name not in KINDS and name != "update_id"]
        kind = pick.choices([*KINDS, pick.choice(others)], [*KINDS.values(), 100 - sum(KINDS.values())])[0]
        made = {"update_id": self._id, kind: self._value(TYPES["Update"][kind].lstrip("!"), 0)}
        if self._wild:
            self._spoil(made)
        text = json.dumps(made, ensure_ascii=pick.random() < 0.5 or self._wild > 0)
        for stand_in, real in ((DEEP, "[" * 3000 + "]" * 3000), (LONG, "7" * 5000)):
            text = text.replace(json.dumps(stand_in), real)
        return self._torn(text) if self._wild and pick.random() < 0.01 else text

    def _spoil(self, made: dict[str, Any]) -> None:
        """What is around an update's content."""
        pick = self._random
        if pick.random() < 0.02:
            made["update_id"] = pick.choice(JUNK)
        if pick.random() < 0.01:
            del made["update_id"]
        if pick.random() < 0.05:
            made[pick.choice(("hologram", "message_2", "", "\ud800", *TYPES["Update"]))] = pick.choice(JUNK)

    def _torn(self, text: str) -> str:
        """Something that is no JSON, or no object."""
        at = self._random.randrange(len(text) + 1)
        return self._random.choice((text[:at], text[at:], text[:at] + "\x07" + text[at:], f"[{text}]", "", text * 2))

    def _value(self, kinds: str, depth: int, name: str = "") -> Any:
        """A value of one of the types that a field can have."""
        pick = self._random
        self._left -= 1
        if self._wild and pick.random() < self._wild:
            return pick.choice(JUNK)
        kind = pick.choice(kinds.split("|"))
        if kind.startswith("="):
            return kind[1:]
        if kind.startswith("Array of "):
            few = 1 if depth > 4 or self._left < 0 else pick.randrange(4)
            return [self._value(kind.removeprefix("Array of "), depth + 1) for _ in range(few)]
        if kind in TYPES:
            return self._object(kind, depth)
        return self._plain(kind, name)

    def _object(self, kind: str, depth: int) -> Any:
        pick = self._random
        fields = TYPES[kind]
        if isinstance(fields, list):
            return self._value(pick.choice(fields), depth)
        made: dict[str, Any] = {}
        for name, kinds in fields.items():
            required = kinds[0] in "!="
            if (required or (depth < 6 and self._left > 0 and pick.random() < self._full)) and not (
                self._wild and pick.random() < self._wild / 10
            ):
                made[name] = self._value(kinds.lstrip("!"), depth + 1, name)
        if self._wild and pick.random() < 0.02:
            made[pick.choice(("hologram", "id", "from", "text"))] = pick.choice(JUNK)
        ground = GROUND.get(kind)
        return ground(self, made, depth) if ground else made

    def _plain(self, kind: str, name: str) -> Any:
        pick = self._random
        if kind in ("Boolean", "True"):
            return kind == "True" or pick.random() < 0.5
        if kind == "Float" or kind == "Float number":
            return pick.uniform(-180, 180)
        if kind == "Integer":
            large = (2**40, -5, -1001234567890) if name.endswith("id") else ()
            return NOW if name.endswith("date") else pick.choice((0, 1, 7, 300, 2**31 - 1, *large))
        return pick.choice(FILES) if name == "file_name" else pick.choice((*WORDS, *NAMES))

    # What makes an update a part of the life of the bot, unless something in it is wrong anyway

    def _person(self, made: dict[str, Any], depth: int) -> dict[str, Any]:
        who = self._random.choice(PEOPLE)
        return {**made, "id": who, "is_bot": False, "first_name": self._random.choice(NAMES)} if self._sound() else made

    def _said(self, made: dict[str, Any], depth: int) -> dict[str, Any]:
        pick = self._random
        if depth > 1 or not self._sound():
            return made
        who, self._message = pick.choice(PEOPLE), self._message + 1
        private = pick.random() < 0.85
        chat = {"id": who, "type": "private"} if private else {"id": -who, "type": "supergroup", "title": "Class"}
        made |= {"message_id": self._message, "date": NOW, "chat": chat}
        made["from"] = {"id": who, "is_bot": False, "first_name": pick.choice(NAMES), "language_code": "en"}
        if pick.random() < 0.8:
            made["text"] = pick.choice(pick.choice((COMMANDS, WORDS)))
            made.pop("entities", None)
            if made["text"] and pick.random() < 0.2:
                made["entities"] = [self._entity(made["text"])]
        elif pick.random() < 0.2:
            name = pick.choice(FILES)
            made["document"] = {"file_id": "f", "file_unique_id": "u", "file_name": name, "file_size": 9}
        return made

    def _entity(self, text: str) -> dict[str, Any]:
        pick = self._random
        begin = pick.randrange(len(text))
        end = pick.randint(begin + 1, len(text))
        kind = pick.choice(("pre", "code", "bold", "bot_command", "of_the_future"))
        return {"type": kind, "offset": _units(text[:begin]), "length": _units(text[begin:end])}

    def _pressed(self, made: dict[str, Any], depth: int) -> dict[str, Any]:
        pick = self._random
        if not self._sound():
            return made
        who, data = pick.choice(self.buttons) if self.buttons else (1, "")
        if pick.random() < 0.1:
            who = pick.choice(PEOPLE)
        made["from"] = {"id": who, "is_bot": False, "first_name": "Ada"}
        chat = {"id": who, "type": "private"}
        made["message"] = {"message_id": 1, "date": pick.choice((0, NOW)), "chat": chat, "text": "shown"}
        made["id"] = str(self._id)
        if pick.random() < 0.95:
            made["data"] = data
        return made

    def _sound(self) -> bool:
        return self._random.random() < 0.9


def _units(text: str) -> int:
    """Its length as Telegram counts: in units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


GROUND = {"Message": Generator._said, "CallbackQuery": Generator._pressed, "User": Generator._person}
"""By type: what gives an object a place among those who learn here."""
