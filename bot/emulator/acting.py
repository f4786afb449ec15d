"""Finds the acting person and their chat, and brings a message of theirs into the chat and to the bot."""

from __future__ import annotations

from collections.abc import Sequence

from . import content, entities, privacy, profile
from .answers import Json
from .parameters import Parameters
from .refusals import Refused
from .state import Chat, Person
from .world import World


def person(world: World, act: Parameters) -> Person:
    """The acting person; an unknown id becomes a new person. Raises Refused without an id."""
    user_id = act.number("user")
    if user_id <= 0:
        raise Refused(400, "user: a positive number is needed, the person's Telegram id")
    known = world.state.people.get(user_id)
    name = act.text("name").strip() if "content" not in act.values else ""  # a file's name otherwise
    last_name = act.text("last_name").strip()
    if known is None:
        return world.state.add_person(Person(user_id, name or f"Person {user_id}", last_name=last_name))
    renamed = Person(user_id, name or known.name, known.username, known.language_code, last_name or known.last_name)
    return known if renamed == known else world.state.add_person(renamed)


def chat(world: World, act: Parameters) -> Chat:
    """Where a person acts: a group by its negative id, else their private chat with the bot."""
    chat_id, user_id = act.number("chat") or act.number("user"), act.number("user")
    if chat_id > 0 and chat_id != user_id:
        raise Refused(400, f"chat: {chat_id} is another person's private chat")
    found = world.state.chat(chat_id)
    if found.moved_to is not None:
        raise Refused(400, f"chat: moved to {found.moved_to}")
    return found


def message(world: World, act: Parameters) -> tuple[Chat, Json]:
    """The message an act is about, and its chat. Raises Refused when it is gone."""
    where = chat(world, act)
    found = where.messages.get(act.number("message_id"))
    if found is None:
        raise Refused(404, f"message_id: no message {act.text('message_id')} in chat {where.id}")
    return where, found


def written(text: str, given: Sequence[Json] = ()) -> Json:
    """The text of a person's message: cleaned as every text is, with what was formatted and what Telegram finds."""
    formatted = entities.accept(text, given)
    if not formatted.text:
        raise Refused(400, "text: a message needs some")
    if len(formatted.text) > content.LONGEST_TEXT:
        raise Refused(400, f"text: at most {content.LONGEST_TEXT} characters; an app sends the rest as another message")
    found = {"entities": list(formatted.entities)} if formatted.entities else {}
    return {"text": formatted.text} | found


def around(where: Chat, act: Parameters) -> Json:
    """The reply and the thread of a person's message."""
    made: Json = {}
    if thread := act.number("thread"):
        where.topics.add(thread)
        made |= {"message_thread_id": thread, "is_topic_message": True}
    if act.has("reply_to"):
        replied = where.messages.get(act.number("reply_to"))
        if replied is None:
            raise Refused(404, f"reply_to: no message {act.text('reply_to')} in chat {where.id}")
        made["reply_to_message"] = content.as_replied(replied)
    return made


def refuse_blocked(where: Chat) -> None:
    """Raises Refused in the chat of a person who has blocked the bot."""
    if where.blocked:
        raise Refused(400, "user: has blocked the bot; unblock it first")


def say(world: World, who: Person, where: Chat, body: Json) -> Json:
    """Puts a person's message into a chat and sends it to the bot."""
    refuse_blocked(where)
    if not where.met and where.type != "private":
        tell_own_status(world, where, who, "left", "member")
    if who.id not in where.members:
        where.members[who.id] = "member" if where.members else "creator"
    where.met = True
    said = world.state.post(where, who.user(), body)
    tell_bot(world, where, "message", said)
    return said


def tell_bot(world: World, where: Chat, kind: str, message: Json) -> None:
    """Sends the bot a message of a chat, as far as it may hear what is said there."""
    if privacy.hears(world.state, where, message):
        world.updates.add(kind, message)


def set_administrator(world: World, where: Chat, who: Person, administrator: bool) -> None:
    """Makes the bot an administrator of a group or a plain member, and tells it when that changes something."""
    if where.administrator != administrator:
        where.administrator = administrator
        tell_own_status(
            world, where, who, *(("member", "administrator") if administrator else ("administrator", "member"))
        )


def set_blocked(world: World, where: Chat, who: Person, blocked: bool) -> None:
    """Blocks or unblocks, and tells the bot when that changes something."""
    if where.blocked != blocked:
        where.blocked = blocked
        tell_own_status(world, where, who, *(("member", "kicked") if blocked else ("kicked", "member")))
        world.state.tell("blocked", where.id, blocked=blocked)


def tell_own_status(world: World, where: Chat, who: Person, old: str, new: str) -> None:
    """A `my_chat_member` update: what the bot is in a chat changed from one status to another."""
    bot = world.state.bot_user()
    statuses = [{"status": status, "user": bot, **profile.particulars(status)} for status in (old, new)]
    change = {
        "chat": world.state.chat_json(where),
        "from": who.user(),
        "date": world.state.now(),
        "old_chat_member": statuses[0],
        "new_chat_member": statuses[1],
    }
    world.updates.add("my_chat_member", change)
