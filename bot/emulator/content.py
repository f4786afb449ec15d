"""What goes into a message: text, caption, picture, document, reply; checked and in Bot API form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telegram.constants import FileSizeLimit, MessageLimit

from . import pictures
from .answers import Json
from .entities import Formatted
from .keyboards import Keyboard, accept
from .parameters import Parameters
from .refusals import Refused, bad_request
from .state import Chat, File, State

LONGEST_TEXT = int(MessageLimit.MAX_TEXT_LENGTH)  # characters, as code points
MEDIA = ("photo", "document", "animation")  # the kinds of media this server knows


@dataclass(frozen=True)
class Wording:
    """How Telegram words a text that is too long: it differs between sending and editing."""

    too_long: str


SEND = Wording("message is too long")
EDIT = Wording("MESSAGE_TOO_LONG")


def text(call: Parameters, wording: Wording = SEND) -> Json:
    """`text`, `entities` and the link preview of a text message."""
    if not call.text("text"):
        raise bad_request("message text is empty")
    formatted = call.formatted("text")
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if len(formatted.text) > LONGEST_TEXT:
        raise bad_request(wording.too_long)
    preview = call.json("link_preview_options")
    return _texts("text", "entities", formatted) | ({"link_preview_options": preview} if preview else {})


def caption(call: Parameters) -> Json:
    """`caption` and its entities, both missing when there is none."""
    formatted = call.formatted("caption", entities="caption_entities")
    if len(formatted.text) > MessageLimit.CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    above = {"show_caption_above_media": True} if call.flag("show_caption_above_media") else {}
    return _texts("caption", "caption_entities", formatted) | above


def _texts(name: str, entities: str, formatted: Formatted) -> Json:
    if not formatted.text:
        return {}
    return {name: formatted.text} | ({entities: list(formatted.entities)} if formatted.entities else {})


def media(state: State, kind: str, call: Parameters, name: str) -> Json:
    """A picture, a file or an animation with its caption, from an upload or a known file id in the parameter `name`."""
    if kind not in MEDIA:
        raise bad_request(f"media of type {kind} is not known to this server")
    file = _file(state, kind, call, name)
    body: Json = {"photo": file.photo()} if file.kind == "photo" else {"document": file.document()}
    if file.kind == "animation":
        body["animation"] = file.animation()  # beside the document, for bots of before there were animations
    spoiler = {"has_media_spoiler": True} if kind != "document" and call.flag("has_spoiler") else {}
    return body | caption(call) | spoiler


def input_media(state: State, call: Parameters, item: Any) -> Json:
    """The content that an InputMedia object describes."""
    if not isinstance(item, dict) or not item.get("media"):
        raise bad_request("can't parse InputMedia: expected an Object with media")
    return media(state, str(item.get("type")), call.nested(item), "media")


def _file(state: State, kind: str, call: Parameters, name: str) -> File:
    upload = call.upload(name)
    if upload is None:
        return _known_file(state, kind, call.text(name))
    size = len(upload.content)
    if size == 0:
        raise bad_request("file must be non-empty")
    if size > FileSizeLimit.FILESIZE_UPLOAD:
        raise Refused(413, "Request Entity Too Large")
    if kind == "animation" and (moving := pictures.moving(upload.content)):
        extent = (moving.width, moving.height)
        return state.add_file("animation", upload.name, moving.mime, upload.content, extent, moving.seconds)
    if kind != "photo":  # what does not move is sent as a file
        return state.add_file("document", upload.name, upload.mime, upload.content)
    if size > FileSizeLimit.PHOTOSIZE_UPLOAD:
        limit = int(FileSizeLimit.PHOTOSIZE_UPLOAD)
        raise bad_request(f"file of size {size} bytes is too big for a photo; the maximum size is {limit} bytes")
    picture = pictures.accepted(upload.content)
    return state.add_file("photo", upload.name, pictures.mime(picture), upload.content, picture.size)


def _known_file(state: State, kind: str, reference: str) -> File:
    if reference.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")  # this server fetches nothing from elsewhere
    file = state.files.get(reference)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if kind != file.kind:
        raise bad_request(f"can't use file of type {file.kind.capitalize()} as {kind.capitalize()}")
    return file


def keyboard(call: Parameters, *, inline_only: bool = False) -> Keyboard:
    """The call's reply markup."""
    return accept(call.json("reply_markup", "reply keyboard markup"), inline_only=inline_only)


def surroundings(chat: Chat, call: Parameters) -> Json:
    """What a new message carries besides its content: thread, the message it replies to, protection, effect."""
    around: Json = {}
    if thread := call.number("message_thread_id"):
        around |= {"message_thread_id": thread, "is_topic_message": True}
    if replied := _replied(chat, call):
        around["reply_to_message"] = replied
    if call.flag("protect_content"):
        around["has_protected_content"] = True
    if call.has("message_effect_id"):
        around["effect_id"] = call.text("message_effect_id")
    return around


def _replied(chat: Chat, call: Parameters) -> Json | None:
    reply = call.json("reply_parameters", "reply parameters") or {}
    if not isinstance(reply, dict):
        raise bad_request("can't parse reply parameters JSON object")
    message_id = call.nested(reply).number("message_id")
    if not message_id:
        return None
    message = chat.messages.get(message_id)
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return as_replied(message) if message else None


def as_replied(message: Json) -> Json:
    """A message as it stands inside of a reply: without the message it replies to itself."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}
