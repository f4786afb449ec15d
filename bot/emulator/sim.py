"""What people do: every act of a person in a chat, as the chat page and tests ask for it under `/sim/`.

Acts take a JSON object and return the `result` of the answer; an impossible one raises Refused.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import mimetypes
import secrets
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import fields
from typing import Any

from telegram.constants import FileSizeLimit

from . import content, entities, links, polls
from .entities import Json
from .faults import KINDS, Fault
from .parameters import Parameters
from .refusals import Refused
from .state import Chat, Person, Press
from .world import World

PRESS_PATIENCE = 5.0  # seconds a press waits for the bot's answer
LONGEST_PATIENCE = 60.0


def send_message(world: World, act: Parameters) -> Json:
    """`{user, text, chat?, name?, reply_to?, thread?}`: writes a message."""
    person, chat = _person(world, act), _chat(world, act)
    body = _text(act.text("text"))
    if not body["text"]:
        raise Refused(400, "text: a message needs some")
    if entities.utf16_length(body["text"]) > 4096:
        raise Refused(400, "text: at most 4096 UTF-16 code units")
    return _say(world, person, chat, _around(chat, act) | body)


def open_link(world: World, act: Parameters) -> Json:
    """`{user, link, name?}`: opens a start link of the bot and presses START: sends `/start` with its payload."""
    username = world.state.bot_username
    payload = links.start_payload(act.text("link"), username)
    if payload is None:
        form = f"https://t.me/{username}?start=PAYLOAD, 1 to 64 of A-Z a-z 0-9 _ -"
        raise Refused(400, f"link: no start link of @{username}; those look like {form}")
    person = _person(world, act)
    chat = world.state.chat(person.id)
    # START is also how one lets a blocked bot write again.
    _set_blocked(world, chat, person, False)
    return _say(world, person, chat, _text(f"/start {payload}"))


def send_document(world: World, act: Parameters) -> Json:
    """`{user, name, content (base64), caption?, chat?}`, or a form with a `file`: sends a file."""
    upload = act.uploads.get("file") or act.uploads.get("content")
    try:
        data = upload.content if upload else base64.b64decode(act.text("content"), validate=True)
    except binascii.Error:
        raise Refused(400, "content: not base64") from None
    if not 0 < len(data) <= FileSizeLimit.FILESIZE_UPLOAD_LOCAL_MODE:
        raise Refused(400, "content: a file must not be empty")
    name = upload.name if upload else act.text("name") or "file"
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    person, chat = _person(world, act), _chat(world, act)
    file = world.state.add_file("documents", name, mime, data)
    body = {"document": file.document()} | content.caption(act)
    return _say(world, person, chat, _around(chat, act) | body)


def edit_message(world: World, act: Parameters) -> Json:
    """`{user, message_id, text, chat?}`: changes an own message."""
    chat, message = _message(world, act)
    if message["from"]["id"] != act.number("user") or "text" not in message:
        raise Refused(400, "message_id: not a text message of this person")
    kept = {name: value for name, value in message.items() if name not in ("text", "entities")}
    changed = world.state.replace(chat, kept | _text(act.text("text")))
    world.updates.add("edited_message", changed)
    return changed


def delete_message(world: World, act: Parameters) -> bool:
    """`{user, message_id, chat?}`: deletes a message; the bot is not told, as in Telegram."""
    chat, message = _message(world, act)
    world.state.delete(chat, message["message_id"])
    return True


async def press(world: World, act: Parameters) -> Json:
    """`{user, message_id, button, chat?, wait?}`: presses a button and waits up to `wait` seconds for the answer."""
    person = _person(world, act)
    chat, message = _message(world, act)
    _refuse_blocked(chat)
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
    person = _person(world, act)
    chat, message = _message(world, act)
    if "poll" not in message:
        raise Refused(400, "message_id: not a poll")
    return polls.vote(world, chat, message, person.user(), act.numbers("options"))


def block(world: World, act: Parameters) -> bool:
    """`{user, blocked}`: blocks the bot, or lets it write again."""
    person = _person(world, act)
    blocked = act.flag("blocked") or not act.has("blocked")
    _set_blocked(world, world.state.chat(person.id), person, blocked)
    return blocked


def _set_blocked(world: World, chat: Chat, person: Person, blocked: bool) -> None:
    """Blocks or unblocks, and tells the bot when that changes something."""
    if chat.blocked != blocked:
        chat.blocked = blocked
        _tell_own_status(world, chat, person, *(("member", "kicked") if blocked else ("kicked", "member")))
        world.state.tell("blocked", chat.id, blocked=blocked)


def _tell_own_status(world: World, chat: Chat, person: Person, old: str, new: str) -> None:
    """A `my_chat_member` update: what the bot is in a chat changed from one status to another."""
    bot = world.state.bot_user()
    statuses = [
        {"status": status, "user": bot} | ({"until_date": 0} if status == "kicked" else {}) for status in (old, new)
    ]
    change = {
        "chat": world.state.chat_json(chat),
        "from": person.user(),
        "date": world.state.now(),
        "old_chat_member": statuses[0],
        "new_chat_member": statuses[1],
    }
    world.updates.add("my_chat_member", change)


def migrate(world: World, act: Parameters) -> Json:
    """`{user, chat}`: turns a group into a supergroup; returns its new id."""
    person, old = _person(world, act), _chat(world, act)
    if old.type != "group":
        raise Refused(400, "chat: only a group (a negative id without -100) can become a supergroup")
    new = world.state.migrate(old)
    leaving = world.state.post(old, person.user(), {"migrate_to_chat_id": new.id})
    arriving = world.state.post(new, person.user(), {"migrate_from_chat_id": old.id})
    for message in (leaving, arriving):
        world.updates.add("message", message)
    return {"chat": new.id}


def add_person(world: World, act: Parameters) -> Json:
    """`{user?, name, username?, language_code?}`: adds a person, or renames one."""
    user_id = act.number("user") or max((*world.state.people, 1000)) + 1
    name = act.text("name").strip() or f"Person {user_id}"
    person = Person(user_id, name, act.text("username"), act.text("language_code") or "en")
    return world.state.add_person(person).user()


def plan_fault(world: World, act: Parameters) -> Json:
    """`{kind, method?, chat?, count?, seconds?, status?, retry_after?, answer_only?}`: trouble for the next calls."""
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


def _person(world: World, act: Parameters) -> Person:
    """Who acts; an unknown id becomes a new person."""
    user_id = act.number("user")
    if user_id <= 0:
        raise Refused(400, "user: a positive number is needed, the person's Telegram id")
    person = world.state.people.get(user_id)
    name = act.text("name").strip() if "content" not in act.values else ""
    if person is None:
        return world.state.add_person(Person(user_id, name or f"Person {user_id}"))
    if name and name != person.name:
        return world.state.add_person(Person(user_id, name, person.username, person.language_code))
    return person


def _chat(world: World, act: Parameters) -> Chat:
    """Where a person acts: a group by its negative id, else their private chat with the bot."""
    chat_id, user_id = act.number("chat") or act.number("user"), act.number("user")
    if chat_id > 0 and chat_id != user_id:
        raise Refused(400, f"chat: {chat_id} is another person's private chat")
    chat = world.state.chat(chat_id)
    if chat.moved_to is not None:
        raise Refused(400, f"chat: moved to {chat.moved_to}")
    return chat


def _message(world: World, act: Parameters) -> tuple[Chat, Json]:
    chat = _chat(world, act)
    message = chat.messages.get(act.number("message_id"))
    if message is None:
        raise Refused(404, f"message_id: no message {act.text('message_id')} in chat {chat.id}")
    return chat, message


def _text(text: str) -> Json:
    """The text of a person's message, with what Telegram finds in it."""
    formatted = entities.accept(text)
    found = {"entities": list(formatted.entities)} if formatted.entities else {}
    return {"text": formatted.text} | found


def _around(chat: Chat, act: Parameters) -> Json:
    """The reply and the thread of a person's message."""
    around: Json = {}
    if thread := act.number("thread"):
        chat.topics.add(thread)
        around |= {"message_thread_id": thread, "is_topic_message": True}
    if act.has("reply_to"):
        replied = chat.messages.get(act.number("reply_to"))
        if replied is None:
            raise Refused(404, f"reply_to: no message {act.text('reply_to')} in chat {chat.id}")
        around["reply_to_message"] = content.as_replied(replied)
    return around


def _refuse_blocked(chat: Chat) -> None:
    if chat.blocked:
        raise Refused(400, "user: has blocked the bot; unblock it first")


def _say(world: World, person: Person, chat: Chat, body: Json) -> Json:
    """Puts a person's message into a chat and sends it to the bot."""
    _refuse_blocked(chat)
    if not chat.met and chat.type != "private":
        _tell_own_status(world, chat, person, "left", "member")
    if person.id not in chat.members:
        chat.members[person.id] = "member" if chat.members else "creator"
    chat.met = True
    message = world.state.post(chat, person.user(), body)
    world.updates.add("message", message)
    return message


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
    "message": send_message,
    "link": open_link,
    "document": send_document,
    "edit": edit_message,
    "delete": delete_message,
    "press": press,
    "vote": vote,
    "block": block,
    "migrate": migrate,
    "person": add_person,
    "fault": plan_fault,
    "reset": reset,
}
