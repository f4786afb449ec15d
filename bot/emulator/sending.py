"""Methods that put new messages into a chat."""

from __future__ import annotations

import secrets

from telegram.constants import ChatAction, MediaGroupLimit

from . import content
from .answers import Json
from .parameters import Parameters
from .refusals import bad_request
from .state import Chat
from .world import World

ACTIONS = frozenset(str(action) for action in ChatAction)


def send_message(world: World, call: Parameters) -> Json:
    """A text message."""
    chat = world.open_chat(call)
    return post(world, chat, call, content.text(call))


def send_photo(world: World, call: Parameters) -> Json:
    """A picture."""
    chat = world.open_chat(call)
    return post(world, chat, call, content.media(world.state, "photo", call, "photo"))


def send_document(world: World, call: Parameters) -> Json:
    """A file of any kind."""
    chat = world.open_chat(call)
    return post(world, chat, call, content.media(world.state, "document", call, "document"))


def send_animation(world: World, call: Parameters) -> Json:
    """A picture that moves, without sound: a GIF or an MP4. Any other file is sent as a document."""
    chat = world.open_chat(call)
    return post(world, chat, call, content.media(world.state, "animation", call, "animation"))


def send_media_group(world: World, call: Parameters) -> list[Json]:
    """An album: pictures, or documents, never both."""
    chat = world.open_chat(call)
    items = call.objects("media")
    if not items:
        raise bad_request("there are no messages to send")
    if len(items) > MediaGroupLimit.MAX_MEDIA_LENGTH:
        raise bad_request("too many messages to send as an album")
    kinds = {str(item.get("type")) for item in items if isinstance(item, dict)}
    if "animation" in kinds:
        raise bad_request("animation can't be sent in an album")
    if len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")
    contents = [content.input_media(world.state, call, item) for item in items]
    group = {"media_group_id": str(secrets.randbits(53))} if len(items) > 1 else {}
    return [post(world, chat, call, body | group) for body in contents]


def post(world: World, chat: Chat, call: Parameters, body: Json) -> Json:
    """Puts checked content into a chat, with the call's keyboard and reply."""
    keyboard = content.keyboard(call)
    around = content.surroundings(chat, call)
    inline = {"reply_markup": keyboard.inline} if keyboard.inline else {}
    if keyboard.reply is not None:
        chat.keyboard = keyboard.reply or None
        world.state.tell("keyboard", chat.id, keyboard=chat.keyboard)
    return world.state.post(chat, world.state.bot_user(), around | body | inline)


def send_chat_action(world: World, call: Parameters) -> bool:
    """ "typing…", for five seconds or until the next message."""
    chat = world.open_chat(call)
    if call.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.state.tell("action", chat.id, action=call.text("action"))
    return True
