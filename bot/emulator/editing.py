"""Methods that change or remove messages."""

from __future__ import annotations

from telegram.constants import BulkRequestLimit

from . import content
from .answers import Json
from .parameters import Parameters
from .refusals import bad_request
from .state import Chat
from .world import World

NOT_FOUND = "message to edit not found"
TWO_DAYS = 48 * 3600  # seconds a message stays deletable
CAPTION_FIELDS = ("caption", "caption_entities", "show_caption_above_media")
TEXT_FIELDS = ("text", "entities", "link_preview_options")
CONTENT_FIELDS = (*TEXT_FIELDS, "photo", "document", "animation", "has_media_spoiler", *CAPTION_FIELDS)


def edit_message_text(world: World, call: Parameters) -> Json:
    """New text; without a new keyboard the old one goes."""
    chat, message = world.own_message(call, NOT_FOUND)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _change(world, chat, message, call, TEXT_FIELDS, content.text(call, content.EDIT))


def edit_message_caption(world: World, call: Parameters) -> Json:
    """New caption of a picture or a document."""
    chat, message = world.own_message(call, NOT_FOUND)
    if not any(kind in message for kind in content.MEDIA):
        raise bad_request("there is no caption in the message to edit")
    return _change(world, chat, message, call, CAPTION_FIELDS, content.caption(call))


def edit_message_media(world: World, call: Parameters) -> Json:
    """New media with its caption; a text message becomes a picture or a document (since Bot API 7.11)."""
    chat, message = world.own_message(call, NOT_FOUND)
    if "poll" in message:
        raise bad_request("message media can't be edited")
    item = call.json("media", "media")
    if "media_group_id" in message and isinstance(item, dict) and item.get("type") not in message:
        raise bad_request("can't use media of the specified type in the album")
    return _change(world, chat, message, call, CONTENT_FIELDS, content.input_media(world.state, call, item))


def edit_message_reply_markup(world: World, call: Parameters) -> Json:
    """A new inline keyboard, or none."""
    chat, message = world.own_message(call, NOT_FOUND)
    return _change(world, chat, message, call, (), {})


def _change(world: World, chat: Chat, message: Json, call: Parameters, fields: tuple[str, ...], body: Json) -> Json:
    """Replaces these fields and the keyboard of a message; refuses a change that changes nothing."""
    inline = content.keyboard(call, inline_only=True).inline
    kept = {name: value for name, value in message.items() if name not in (*fields, "reply_markup")}
    changed = kept | body | ({"reply_markup": inline} if inline else {})
    if _same(changed, message):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    return world.state.replace(chat, changed)


def _same(new: Json, old: Json) -> bool:
    """Whether a reader would see no difference; a fresh upload of a file always is one."""
    ignored = {"link_preview_options"}
    return {name: value for name, value in new.items() if name not in ignored} == {
        name: value for name, value in old.items() if name not in ignored
    }


def delete_message(world: World, call: Parameters) -> bool:
    """Removes a message of the bot, or in a private chat also one of the person."""
    chat = world.known_chat(call)
    message_id = call.number("message_id")
    if message_id not in chat.messages:
        raise bad_request("message to delete not found")
    _delete(world, chat, message_id)
    return True


def delete_messages(world: World, call: Parameters) -> bool:
    """Removes up to 100 messages; those that are gone already are passed over."""
    chat = world.known_chat(call)
    ids = call.numbers("message_ids")
    if len(ids) > BulkRequestLimit.MAX_LIMIT:
        raise bad_request("too many message identifiers specified")
    for message_id in ids:
        if message_id in chat.messages:
            _delete(world, chat, message_id)
    return True


def _delete(world: World, chat: Chat, message_id: int) -> None:
    message = chat.messages[message_id]
    foreign = chat.type != "private" and not message["from"]["is_bot"]
    if foreign or world.state.now() - message["date"] > TWO_DAYS:
        raise bad_request("message can't be deleted")
    world.state.delete(chat, message_id)


def set_message_reaction(world: World, call: Parameters) -> bool:
    """The bot's reaction to a message: one emoji, or none."""
    chat = world.open_chat(call)
    message = chat.messages.get(call.number("message_id"))
    if message is None:
        raise bad_request("message to react not found")
    reactions = call.objects("reaction")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    emoji = reactions[0].get("emoji") if reactions and isinstance(reactions[0], dict) else ""
    if not isinstance(emoji, str) or bool(emoji) != bool(reactions):
        raise bad_request("REACTION_INVALID")
    chat.reactions[message["message_id"]] = emoji
    world.state.tell("reaction", chat.id, message_id=message["message_id"], emoji=emoji)
    return True
