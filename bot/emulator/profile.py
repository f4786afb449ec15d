"""Methods about the bot itself and about chats: identity, commands, descriptions, members."""

from __future__ import annotations

import re
from typing import Any

from telegram.constants import (
    BotCommandLimit,
    BotCommandScopeType,
    BotDescriptionLimit,
    BotNameLimit,
    FileSizeLimit,
)

from .answers import Json
from .parameters import Parameters
from .refusals import bad_request
from .state import Chat
from .world import World

SCOPES = frozenset(str(scope) for scope in BotCommandScopeType)


def get_me(world: World, call: Parameters) -> Json:
    """The bot as a User, with what only getMe tells."""
    # Privacy mode is on, as it is until one turns it off. Where the bot is an administrator it hears everything.
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return world.state.bot_user() | abilities


def confirm(world: World, call: Parameters) -> bool:
    """close and logOut: nothing to do here."""
    return True


def set_my_commands(world: World, call: Parameters) -> bool:
    """The command menu of a scope."""
    commands = [_command(command) for command in call.objects("commands")]
    if len(commands) > BotCommandLimit.MAX_COMMAND_NUMBER:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.state.profile.commands[_scope(world, call)] = commands
    world.state.tell("profile")
    return True


def get_my_commands(world: World, call: Parameters) -> list[Json]:
    """The command menu of exactly this scope."""
    return world.state.profile.commands.get(_scope(world, call), [])


def delete_my_commands(world: World, call: Parameters) -> bool:
    """Takes a scope's command menu away; a wider one then shows."""
    world.state.profile.commands.pop(_scope(world, call), None)
    world.state.tell("profile")
    return True


def _command(command: Any) -> Json:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = str(command.get("command", "")).removeprefix("/"), str(command.get("description", "")).strip()
    if not re.fullmatch(rf"[a-z0-9_]{{1,{int(BotCommandLimit.MAX_COMMAND)}}}", name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > BotCommandLimit.MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def _scope(world: World, call: Parameters) -> tuple[str, str]:
    """The key of a command menu: its scope in one word, such as `chat:1001`, and the language code.

    Raises Refused for a chat that the bot cannot know.
    """
    scope = call.json("scope", "BotCommandScope") or {"type": "default"}
    kind = str(scope.get("type")) if isinstance(scope, dict) else ""
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    parts = [str(scope[name]) for name in ("chat_id", "user_id") if name in scope]
    if kind in ("chat", "chat_administrators", "chat_member") and not parts:
        raise bad_request("can't parse BotCommandScope: Can't find field \"chat_id\"")
    if kind in ("chat", "chat_administrators", "chat_member"):
        world.known_chat(call.nested(scope))
    return ":".join([kind, *parts]), call.text("language_code")


def commands_for(world: World, chat: Chat, user_id: int, language: str) -> list[Json]:
    """The menu a person sees in a chat: the narrowest scope that has one, in their language first."""
    wide = "all_private_chats" if chat.type == "private" else "all_group_chats"
    for scope in (f"chat_member:{chat.id}:{user_id}", f"chat:{chat.id}", wide, "default"):
        for code in (language, ""):
            if commands := world.state.profile.commands.get((scope, code)):
                return commands
    return []


def set_my_name(world: World, call: Parameters) -> bool:
    """The bot's name."""
    return _set_text(world, call, "name", int(BotNameLimit.MAX_NAME_LENGTH), world.state.profile.names)


def set_my_description(world: World, call: Parameters) -> bool:
    """The description, which an empty chat shows."""
    limit = int(BotDescriptionLimit.MAX_DESCRIPTION_LENGTH)
    return _set_text(world, call, "description", limit, world.state.profile.descriptions)


def set_my_short_description(world: World, call: Parameters) -> bool:
    """The short description, which the bot's profile shows."""
    limit = int(BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH)
    return _set_text(world, call, "short_description", limit, world.state.profile.short_descriptions)


def _set_text(world: World, call: Parameters, name: str, limit: int, texts: dict[str, str]) -> bool:
    text = call.text(name).strip()
    if len(text) > limit:
        raise bad_request(f"bot {name.replace('_', ' ')} is too long")
    texts[call.text("language_code")] = text
    if not text:
        del texts[call.text("language_code")]
    world.state.tell("profile")
    return True


def get_my_name(world: World, call: Parameters) -> Json:
    """The bot's name."""
    return {"name": world.state.bot_user()["first_name"]}


def get_my_description(world: World, call: Parameters) -> Json:
    """The description, which an empty chat shows."""
    return {"description": _in_language(world.state.profile.descriptions, call.text("language_code"))}


def get_my_short_description(world: World, call: Parameters) -> Json:
    """The short description, which the bot's profile shows."""
    return {"short_description": _in_language(world.state.profile.short_descriptions, call.text("language_code"))}


def _in_language(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("", "")


def set_chat_menu_button(world: World, call: Parameters) -> bool:
    """What the button beside the text field opens, for one chat or for all."""
    button = call.json("menu_button", "MenuButton") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse MenuButton: Unsupported type specified")
    if call.number("chat_id"):
        world.known_chat(call)
    world.state.profile.menu_buttons[call.number("chat_id")] = button
    return True


def get_chat_menu_button(world: World, call: Parameters) -> Json:
    """What the button beside the text field opens."""
    buttons = world.state.profile.menu_buttons
    return buttons.get(call.number("chat_id")) or buttons.get(0) or {"type": "commands"}


def get_chat(world: World, call: Parameters) -> Json:
    """A chat with the fields that every ChatFullInfo has."""
    chat = world.known_chat(call)
    full = {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        ),
    }
    return world.state.chat_json(chat) | full


def get_chat_member(world: World, call: Parameters) -> Json:
    """A member of a chat, the bot included."""
    chat = world.known_chat(call)
    user = world.state.user(call.number("user_id"))
    if user is None:
        raise bad_request("invalid user_id specified")
    own = "administrator" if chat.type != "private" and chat.administrator else "member"
    status = own if user["is_bot"] else chat.members.get(user["id"], "left")
    return {"status": status, "user": user, **particulars(status)}


def particulars(status: str) -> Json:
    """What a ChatMember of this status has besides the user."""
    granted = ("can_manage_chat", "can_delete_messages", "can_invite_users", "can_pin_messages")
    denied = (
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
    )
    rights = dict.fromkeys(granted, True) | dict.fromkeys(denied, False)
    by_status: dict[str, Json] = {
        "administrator": {"can_be_edited": False, "is_anonymous": False, **rights},
        "creator": {"is_anonymous": False},
        "kicked": {"until_date": 0},
    }
    return by_status.get(status, {})


def get_file(world: World, call: Parameters) -> Json:
    """Where a file can be downloaded."""
    file = world.state.files.get(call.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > FileSizeLimit.FILESIZE_DOWNLOAD:
        raise bad_request("file is too big")
    return file.file()
