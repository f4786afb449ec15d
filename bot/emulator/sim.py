"""What people do: every act of a person in a chat, as the chat page and tests ask for it under `/sim/`.

Acts take a JSON object and return the `result` of the answer; an impossible one raises Refused.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import fields
from typing import Any

from . import acting, polls, raw, writing
from .answers import Json
from .faults import KINDS, Fault
from .parameters import Parameters
from .refusals import Refused
from .state import Chat, Person, Press
from .world import World

PRESS_PATIENCE = 5.0  # seconds a press waits for the bot's answer
LONGEST_PATIENCE = 60.0


async def press(world: World, act: Parameters) -> Json:
    """`{user, message_id, button, chat?, wait?}`: presses a button and waits up to `wait` seconds for the answer."""
    person = acting.person(world, act)
    chat, message = acting.message(world, act)
    acting.refuse_blocked(chat)
    data = _button(message, act.text("button")).get("callback_data")
    if data is None:
        raise Refused(400, "button: this one is not for the bot; it opens an address or copies text")
    pressed = Press(str(secrets.randbits(62)), person.id, chat.id, message["message_id"], world.state.clock())
    world.state.presses[pressed.id] = pressed
    query = {"id": pressed.id, "from": person.user(), "message": message, "chat_instance": str(chat.id), "data": data}
    world.updates.add("callback_query", query)
    patience = min(act.seconds("wait") or PRESS_PATIENCE, LONGEST_PATIENCE)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(pressed.answered.wait(), patience)
    answer = pressed.answer or {"text": "", "show_alert": False, "url": ""}
    return {"answered": pressed.answer is not None, "id": pressed.id, **answer}


def _button(message: Json, wanted: str) -> Json:
    """The button with this callback data, or with this text."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    for field in ("callback_data", "text"):
        for button in buttons:
            if button.get(field) == wanted:
                return dict(button)
    there = ", ".join(repr(button["text"]) for button in buttons) or "none"
    raise Refused(400, f"button: {wanted!r} is not under this message (any more); there: {there}")


def vote(world: World, act: Parameters) -> Json:
    """`{user, message_id, options, chat?}`: votes in a poll by option numbers from 0; an empty list takes it back."""
    person = acting.person(world, act)
    chat, message = acting.message(world, act)
    if "poll" not in message:
        raise Refused(400, "message_id: not a poll")
    return polls.vote(world, chat, message, person.user(), act.numbers("options"))


def block(world: World, act: Parameters) -> bool:
    """`{user, blocked}`: blocks the bot, or lets it write again."""
    person = acting.person(world, act)
    blocked = act.flag("blocked") or not act.has("blocked")
    acting.set_blocked(world, world.state.chat(person.id), person, blocked)
    return blocked


def set_rights(world: World, act: Parameters) -> bool:
    """`{user, chat, administrator}`: makes the bot an administrator, which gets every message, or a plain member."""
    person, chat = acting.person(world, act), acting.chat(world, act)
    if chat.type == "private":
        raise Refused(400, "chat: only in a group, by its negative id, the bot has rights")
    acting.set_administrator(world, chat, person, act.flag("administrator"))
    return chat.administrator


def migrate(world: World, act: Parameters) -> Json:
    """`{user, chat}`: turns a group into a supergroup; returns its new id."""
    person, old = acting.person(world, act), acting.chat(world, act)
    if old.type != "group":
        raise Refused(400, "chat: only a group (a negative id without -100) can become a supergroup")
    new = world.state.migrate(old)
    leaving = world.state.post(old, person.user(), {"migrate_to_chat_id": new.id})
    arriving = world.state.post(new, person.user(), {"migrate_from_chat_id": old.id})
    for message in (leaving, arriving):
        world.updates.add("message", message)
    return {"chat": new.id}


def add_person(world: World, act: Parameters) -> Json:
    """`{user?, name, last_name?, username?, language_code?}`: adds a person, or renames one."""
    user_id = act.number("user") or max((*world.state.people, 1000)) + 1
    name = act.text("name").strip() or f"Person {user_id}"
    last_name = act.text("last_name").strip()
    person = Person(user_id, name, act.text("username"), act.text("language_code") or "en", last_name)
    return world.state.add_person(person).user()


def plan_fault(world: World, act: Parameters) -> Json:
    """`{kind, method?, chat?, count?, seconds?, status?, description?, retry_after?, answer_only?}`: trouble for the
    next calls."""
    known = {field.name: field.type for field in fields(Fault)}
    strange = sorted(set(act.values) - set(known))
    if strange:
        raise Refused(400, f"{strange[0]}: unknown; a fault has {', '.join(known)}")
    if act.text("kind") not in KINDS:
        raise Refused(400, f"kind: one of {', '.join(KINDS)}")
    fault = Fault(
        kind=act.text("kind"),
        method=act.text("method"),
        chat=act.number("chat") or None,
        count=act.number("count", 1),
        seconds=act.seconds("seconds") or 1.0,
        status=act.number("status", 502),
        description=act.text("description"),
        retry_after=act.number("retry_after", 1),
        answer_only=act.flag("answer_only"),
    )
    world.faults.plan(fault)
    return {name: getattr(fault, name) for name in known}


def reset(world: World, act: Parameters) -> bool:
    """`{}`: forgets chats, files, waiting updates, faults and calls; the bot's own profile and its webhook stay."""
    world.state.clear()
    world.updates.drop()
    world.faults.clear()
    world.calls.clear()
    world.state.tell("reset")
    return True


def chat_messages(world: World, chat_id: int, user_id: int) -> Json:
    """A chat as the page shows it: `result` the messages, and what belongs to the person `user_id` in it."""
    chat = world.state.chats.get(chat_id) or Chat(chat_id, "private")
    return {
        "ok": True,
        "result": list(chat.messages.values()),
        "seen": chat.seen,
        "blocked": chat.blocked,
        "keyboard": chat.keyboard,
        "reactions": chat.reactions,
        "votes": dict(_votes(world, chat_id, user_id)),
    }


def chat_list(world: World) -> list[Json]:
    """Every chat with a message in it: the chat, its members and its last message."""
    return [
        {
            "chat": world.state.chat_json(chat),
            "members": list(chat.members),
            "last": next(reversed(chat.messages.values())),
        }
        for chat in world.state.chats.values()
        if chat.messages
    ]


def _votes(world: World, chat_id: int, user_id: int) -> Iterator[tuple[str, list[int]]]:
    for ballot in world.state.ballots.values():
        if ballot.chat == chat_id and user_id in ballot.votes:
            yield str(ballot.message), ballot.votes[user_id]


Act = Callable[[World, Parameters], Any | Awaitable[Any]]

# POST /sim/<name>
ACTS: dict[str, Act] = {
    "message": writing.send_message,
    "link": writing.open_link,
    "document": writing.send_document,
    "photo": writing.send_photo,
    "sticker": writing.send_sticker,
    "voice": writing.send_voice,
    "edit": writing.edit_message,
    "pin": writing.pin_message,
    "delete": writing.delete_message,
    "update": raw.deliver,
    "press": press,
    "vote": vote,
    "block": block,
    "rights": set_rights,
    "migrate": migrate,
    "person": add_person,
    "fault": plan_fault,
    "reset": reset,
}
