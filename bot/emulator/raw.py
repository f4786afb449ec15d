"""Raw updates: delivered as a test gives them, however odd. What they tell of people and chats the server then knows,
so that the bot can answer."""

from __future__ import annotations

from typing import Any

from .answers import Json
from .parameters import Parameters
from .refusals import Refused
from .state import Person, Press
from .world import World

GROUPS = frozenset({"group", "supergroup", "channel"})


def deliver(world: World, act: Parameters) -> Json:
    """`{update}`: delivers a raw update as it stands, of any kind and form; a missing `update_id` is filled in."""
    update = act.json("update")
    if not isinstance(update, dict):
        raise Refused(400, "update: an object is needed, as Telegram sends it")
    for kind, content in update.items():
        if isinstance(content, dict):
            _learn(world, content)
            if kind == "callback_query":
                _note_press(world, content)
    return world.updates.deliver(update)


def _learn(world: World, content: Json) -> None:
    """Notes the person and the chat that an update names, as far as they can be read."""
    message = content.get("message", content)
    chat = message.get("chat") if isinstance(message, dict) else None
    for who in (content.get("from"), chat):
        if isinstance(who, dict) and _is_id(who.get("id")) and who["id"] > 0 and who.get("is_bot") is not True:
            _learn_person(world, who)
    if isinstance(chat, dict) and _is_id(chat.get("id")) and chat["id"] != 0:
        _learn_chat(world, chat, message.get("message_thread_id"))


def _learn_person(world: World, who: Json) -> None:
    if who["id"] in world.state.people:
        return
    name, last_name, username, language = (
        value if isinstance(value := who.get(field), str) else ""
        for field in ("first_name", "last_name", "username", "language_code")
    )
    world.state.add_person(Person(who["id"], name or f"Person {who['id']}", username, language or "en", last_name))


def _learn_chat(world: World, chat: Json, thread: Any) -> None:
    known = world.state.chat(chat["id"])
    if known.id < 0 and chat.get("type") in GROUPS:
        known.type = chat["type"]
    if isinstance(chat.get("title"), str):
        known.title = chat["title"]
    if _is_id(thread):
        known.topics.add(thread)
    known.met = True


def _note_press(world: World, query: Json) -> None:
    """A raw press can be answered like any other."""
    sender, message = query.get("from"), query.get("message")
    if isinstance(query.get("id"), str) and isinstance(sender, dict) and _is_id(sender.get("id")):
        chat = message.get("chat") if isinstance(message, dict) else None
        where = chat["id"] if isinstance(chat, dict) and _is_id(chat.get("id")) else sender["id"]
        press = Press(query["id"], sender["id"], where, 0, world.state.clock())
        world.state.presses[press.id] = press


def _is_id(value: Any) -> bool:
    return type(value) is int  # True is none
