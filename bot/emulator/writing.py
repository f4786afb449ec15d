"""What people put into a chat: texts, files, pictures, stickers, voice messages; what they change, pin and delete."""

from __future__ import annotations

import base64
import binascii
import mimetypes

from telegram.constants import FileSizeLimit

from . import acting, content, links, pictures, samples
from .answers import Json
from .parameters import Parameters, Upload
from .refusals import Refused
from .world import World

EDITABLE_SECONDS = 48 * 3600  # how long a person can change a message


def send_message(world: World, act: Parameters) -> Json:
    """`{user, text, entities?, chat?, name?, last_name?, reply_to?, thread?}`: writes a message."""
    person, chat = acting.person(world, act), acting.chat(world, act)
    body = acting.written(act.text("text"), act.objects("entities"))
    return acting.say(world, person, chat, acting.around(chat, act) | body)


def open_link(world: World, act: Parameters) -> Json:
    """`{user, link, name?}`: opens a start link of the bot and presses START: sends `/start` with its payload."""
    username = world.state.bot_username
    payload = links.start_payload(act.text("link"), username)
    if payload is None:
        form = f"https://t.me/{username}?start=PAYLOAD, 1 to 64 of A-Z a-z 0-9 _ -"
        raise Refused(400, f"link: no start link of @{username}; those look like {form}")
    person = acting.person(world, act)
    chat = world.state.chat(person.id)
    # START is also how one lets a blocked bot write again.
    acting.set_blocked(world, chat, person, False)
    return acting.say(world, person, chat, acting.written(f"/start {payload}"))


def send_document(world: World, act: Parameters) -> Json:
    """`{user, name, content (base64), caption?, chat?}`, or a form with a `file`: sends a file."""
    upload = _upload(act)
    file = world.state.add_file("document", upload.name, upload.mime, upload.content)
    return _send(world, act, {"document": file.document()} | content.caption(act))


def send_photo(world: World, act: Parameters) -> Json:
    """`{user, content (base64), caption?, chat?}`, or a form with a `file`: sends a picture, as JPEG in a few sizes."""
    sizes = [
        world.state.add_file("photo", "photo.jpg", "image/jpeg", jpeg, size)
        for jpeg, size in pictures.shot(_upload(act).content)
    ]
    return _send(world, act, {"photo": [size for file in sizes for size in file.photo()]} | content.caption(act))


def send_sticker(world: World, act: Parameters) -> Json:
    """`{user, chat?}`: sends the one sticker that everybody has here."""
    sample = samples.sticker()
    file = world.state.add_file("sticker", "sticker.webp", "image/webp", sample.content, sample.size)
    return _send(world, act, {"sticker": file.sticker(sample.emoji)})


def send_voice(world: World, act: Parameters) -> Json:
    """`{user, chat?}`: sends a voice message of a few seconds in which nobody speaks."""
    sample = samples.voice()
    file = world.state.add_file("voice", "voice.ogg", "audio/ogg", sample.content, seconds=sample.seconds)
    return _send(world, act, {"voice": file.voice()})


def _send(world: World, act: Parameters, body: Json) -> Json:
    person, chat = acting.person(world, act), acting.chat(world, act)
    return acting.say(world, person, chat, acting.around(chat, act) | body)


def _upload(act: Parameters) -> Upload:
    """The file of an act. Raises Refused for what is none."""
    upload = act.uploads.get("file") or act.uploads.get("content")
    if upload is None:
        name = act.text("name") or "file"
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        try:
            upload = Upload(name, mime, base64.b64decode(act.text("content"), validate=True))
        except (binascii.Error, ValueError):
            raise Refused(400, "content: not base64") from None
    if not 0 < len(upload.content) <= FileSizeLimit.FILESIZE_UPLOAD_LOCAL_MODE:
        raise Refused(400, "content: a file must not be empty")
    return upload


def edit_message(world: World, act: Parameters) -> Json:
    """`{user, message_id, text, entities?, chat?}`: changes an own text, or the caption of an own picture or file.

    The bot hears of it as `edited_message`.
    """
    chat, message = acting.message(world, act)
    field = "text" if "text" in message else "caption"
    if message["from"]["id"] != act.number("user") or not any(kind in message for kind in ("text", *content.MEDIA)):
        raise Refused(400, "message_id: not a text, a picture or a file of this person")
    if world.state.now() - message["date"] > EDITABLE_SECONDS:
        raise Refused(400, "message_id: an app changes no message that is older than two days")
    acting.refuse_blocked(chat)
    if field == "text":
        fields, new = ("text", "entities"), acting.written(act.text("text"), act.objects("entities"))
    else:
        fields = ("caption", "caption_entities")
        new = content.caption(Parameters({"caption": act.text("text"), "caption_entities": act.objects("entities")}))
    changed = {name: value for name, value in message.items() if name not in fields} | new
    if changed == message:
        raise Refused(400, "text: nothing new; an app would send nothing")
    edited = world.state.replace(chat, changed)
    acting.tell_bot(world, chat, "edited_message", edited)
    return edited


def pin_message(world: World, act: Parameters) -> Json:
    """`{user, message_id, chat?}`: pins a message; the bot gets the notice of it.

    Of a message that is gone the notice says only its id, with the date 0, as Telegram does for what it no longer has.
    """
    person, chat = acting.person(world, act), acting.chat(world, act)
    message_id = act.number("message_id")
    if message_id <= 0:
        raise Refused(400, "message_id: a positive number is needed")
    gone = {"message_id": message_id, "chat": world.state.chat_json(chat), "date": 0}
    message = chat.messages.get(message_id)
    return acting.say(world, person, chat, {"pinned_message": content.as_replied(message) if message else gone})


def delete_message(world: World, act: Parameters) -> bool:
    """`{user, message_id, chat?}`: deletes a message; the bot is not told, as in Telegram."""
    chat, message = acting.message(world, act)
    world.state.delete(chat, message["message_id"])
    return True
