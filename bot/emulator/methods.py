"""The method table: every Bot API method this server knows, what does it and which parameters it takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from . import editing, polls, profile, receiving, sending
from .parameters import Parameters
from .refusals import bad_request
from .world import World

Function = Callable[[World, Parameters], Any | Awaitable[Any]]

# Parameters that many methods share. Those without meaning on one machine (notifications, payments, business
# accounts, channels) are accepted and change nothing.
TARGET = "message_thread_id direct_messages_topic_id business_connection_id"
SENDING = (
    f"{TARGET} reply_parameters protect_content message_effect_id disable_notification allow_paid_broadcast "
    "suggested_post_parameters"
)
CAPTION = "caption parse_mode caption_entities show_caption_above_media"
MESSAGE = "chat_id message_id inline_message_id business_connection_id reply_markup"

# How Telegram words a missing parameter; other ones are named as they are.
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "animation": "there is no animation in the request",
    "message_id": "message identifier is not specified",
    "question": "poll question must be non-empty",
    "user_id": "invalid user_id specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "action": "wrong parameter action in request",
    "file_id": "invalid file_id",
}


@dataclass(frozen=True)
class Method:
    """A Bot API method: the function behind it and its parameters' names, in one line each."""

    function: Function
    required: str = ""
    optional: str = ""

    def check(self, call: Parameters) -> None:
        """Raises Refused when a required parameter is missing."""
        for name in self.required.split():
            if not call.has(name):
                raise bad_request(MISSING.get(name, f'parameter "{name}" is required'))

    def unknown(self, call: Parameters) -> list[str]:
        """Parameters that were given but mean nothing to this method; Telegram ignores them without a word."""
        return sorted(set(call.values) - set(self.required.split()) - set(self.optional.split()))


METHODS: dict[str, Method] = {
    # receiving
    "getUpdates": Method(receiving.get_updates, "", "offset limit timeout allowed_updates"),
    "setWebhook": Method(
        receiving.set_webhook,
        "",
        "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
    ),
    "deleteWebhook": Method(receiving.delete_webhook, "", "drop_pending_updates"),
    "getWebhookInfo": Method(receiving.get_webhook_info),
    "answerCallbackQuery": Method(
        receiving.answer_callback_query, "callback_query_id", "text show_alert url cache_time"
    ),
    # sending
    "sendMessage": Method(
        sending.send_message, "chat_id text", f"parse_mode entities link_preview_options reply_markup {SENDING}"
    ),
    "sendPhoto": Method(sending.send_photo, "chat_id photo", f"has_spoiler reply_markup {CAPTION} {SENDING}"),
    "sendDocument": Method(
        sending.send_document,
        "chat_id document",
        f"thumbnail disable_content_type_detection reply_markup {CAPTION} {SENDING}",
    ),
    "sendAnimation": Method(
        sending.send_animation,
        "chat_id animation",
        f"duration width height thumbnail has_spoiler reply_markup {CAPTION} {SENDING}",
    ),
    "sendMediaGroup": Method(sending.send_media_group, "chat_id media", SENDING),
    "sendPoll": Method(
        polls.send_poll,
        "chat_id question options",
        "question_parse_mode question_entities is_anonymous type allows_multiple_answers allows_revoting "
        "shuffle_options allow_adding_options hide_results_until_closes members_only country_codes "
        "correct_option_id correct_option_ids explanation explanation_parse_mode explanation_entities "
        "explanation_media open_period close_date is_closed "
        f"description description_parse_mode description_entities media reply_markup {SENDING}",
    ),
    "stopPoll": Method(polls.stop_poll, "chat_id message_id", "reply_markup business_connection_id"),
    "sendChatAction": Method(sending.send_chat_action, "chat_id action", TARGET),
    # editing
    "editMessageText": Method(editing.edit_message_text, "text", f"parse_mode entities link_preview_options {MESSAGE}"),
    "editMessageCaption": Method(editing.edit_message_caption, "", f"{CAPTION} {MESSAGE}"),
    "editMessageMedia": Method(editing.edit_message_media, "media", MESSAGE),
    "editMessageReplyMarkup": Method(editing.edit_message_reply_markup, "", MESSAGE),
    "deleteMessage": Method(editing.delete_message, "chat_id message_id"),
    "deleteMessages": Method(editing.delete_messages, "chat_id message_ids"),
    "setMessageReaction": Method(editing.set_message_reaction, "chat_id message_id", "reaction is_big"),
    # the bot itself, chats and files
    "getMe": Method(profile.get_me),
    "close": Method(profile.confirm),
    "logOut": Method(profile.confirm),
    "setMyCommands": Method(profile.set_my_commands, "commands", "scope language_code"),
    "getMyCommands": Method(profile.get_my_commands, "", "scope language_code"),
    "deleteMyCommands": Method(profile.delete_my_commands, "", "scope language_code"),
    "setMyName": Method(profile.set_my_name, "", "name language_code"),
    "getMyName": Method(profile.get_my_name, "", "language_code"),
    "setMyDescription": Method(profile.set_my_description, "", "description language_code"),
    "getMyDescription": Method(profile.get_my_description, "", "language_code"),
    "setMyShortDescription": Method(profile.set_my_short_description, "", "short_description language_code"),
    "getMyShortDescription": Method(profile.get_my_short_description, "", "language_code"),
    "setChatMenuButton": Method(profile.set_chat_menu_button, "", "chat_id menu_button"),
    "getChatMenuButton": Method(profile.get_chat_menu_button, "", "chat_id"),
    "getChat": Method(profile.get_chat, "chat_id"),
    "getChatMember": Method(profile.get_chat_member, "chat_id user_id"),
    "getFile": Method(profile.get_file, "file_id"),
}
# Telegram does not mind the case of a method's name.
BY_LOWER_NAME = {name.lower(): (name, method) for name, method in METHODS.items()}
