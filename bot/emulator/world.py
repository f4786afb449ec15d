"""The parts of the emulated Telegram in one place, and what every method asks of them first."""

from __future__ import annotations

from dataclasses import dataclass

from .answers import Json
from .calls import Calls
from .faults import Faults, FloodRule
from .parameters import Parameters
from .refusals import Refused, bad_request, forbidden
from .state import Chat, State
from .stream import Stream
from .updates import Updates


@dataclass(frozen=True)
class World:
    """What the server knows, what waits for the bot, who watches, and what goes wrong on purpose."""

    state: State
    updates: Updates
    stream: Stream
    calls: Calls
    faults: Faults
    flood: FloodRule | None = None

    def known_chat(self, call: Parameters) -> Chat:
        """The chat a call is about. Raises Refused when the bot cannot know it, or when it moved."""
        if not call.has("chat_id"):
            raise bad_request("chat_id is empty")
        reference = call.text("chat_id")
        # Names with @ are those of public groups and channels, which are not here; people have none for bots.
        chat = self.state.met_chat(int(reference) if reference.removeprefix("-").isdecimal() else 0)
        if chat is None:
            raise bad_request("chat not found")
        if chat.moved_to is not None:
            moved = Refused(400, "Bad Request: group chat was upgraded to a supergroup chat")
            moved.parameters = {"migrate_to_chat_id": chat.moved_to}
            raise moved
        return chat

    def open_chat(self, call: Parameters) -> Chat:
        """The chat a call writes to. Raises Refused when the bot may not write there, or not that fast."""
        chat = self.known_chat(call)
        if not chat.met:
            raise forbidden("bot can't initiate conversation with a user")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        thread = call.number("message_thread_id")
        if thread and thread not in chat.topics:
            raise bad_request("message thread not found")
        if self.flood:
            self.flood.check(chat.id)
        return chat

    def own_message(self, call: Parameters, missing: str) -> tuple[Chat, Json]:
        """The bot's own message that a call changes. Raises Refused: `missing` when it is gone."""
        if call.has("inline_message_id"):
            raise bad_request("MESSAGE_ID_INVALID")
        chat = self.open_chat(call)
        if call.number("message_id") <= 0:
            raise bad_request("message identifier is not specified")
        message = chat.messages.get(call.number("message_id"))
        if message is None:
            raise bad_request(missing)
        if not message["from"]["is_bot"]:
            raise bad_request("message can't be edited")
        return chat, message
