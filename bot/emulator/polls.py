"""Polls and quizzes: sending, voting, closing."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from telegram.constants import PollLimit

from . import content
from .answers import Json
from .parameters import Parameters
from .refusals import Refused, bad_request
from .sending import post
from .state import Ballot, Chat
from .world import World


def send_poll(world: World, call: Parameters) -> Json:
    """A poll or a quiz; with a period or a date it closes by itself."""
    chat = world.open_chat(call)
    poll = _poll(world, call)
    message = post(world, chat, call, {"poll": poll})
    world.state.ballots[poll["id"]] = Ballot(chat.id, message["message_id"])
    if "close_date" in poll and not poll["is_closed"]:
        loop = asyncio.get_running_loop()
        loop.call_later(poll["close_date"] - world.state.clock(), _close_in_time, world, poll["id"])
    return message


def _poll(world: World, call: Parameters) -> Json:
    question = call.formatted("question", "question_parse_mode", "question_entities").text
    if not question:
        raise bad_request("poll question must be non-empty")
    if len(question) > PollLimit.MAX_QUESTION_LENGTH:
        raise bad_request(f"poll question length must not exceed {int(PollLimit.MAX_QUESTION_LENGTH)}")
    options = [_option(option) for option in call.objects("options")]
    if len(options) < PollLimit.MIN_OPTION_NUMBER:
        raise bad_request(f"poll must have at least {int(PollLimit.MIN_OPTION_NUMBER)} option")
    if len(options) > PollLimit.MAX_OPTION_NUMBER:
        raise bad_request(f"poll can't have more than {int(PollLimit.MAX_OPTION_NUMBER)} options")
    quiz = call.text("type") == "quiz"
    poll: Json = {
        "id": str(secrets.randbits(62)),
        "question": question,
        "options": [{"persistent_id": str(at), "text": text, "voter_count": 0} for at, text in enumerate(options)],
        "total_voter_count": 0,
        "is_closed": call.flag("is_closed"),
        "is_anonymous": call.flag("is_anonymous") or not call.has("is_anonymous"),
        "type": "quiz" if quiz else "regular",
        "allows_multiple_answers": call.flag("allows_multiple_answers"),
        "allows_revoting": call.flag("allows_revoting") if call.has("allows_revoting") else not quiz,
        "members_only": False,
    }
    return poll | (_solution(call, len(options)) if quiz else {}) | _end(world, call)


def _option(option: Any) -> str:
    text = option if isinstance(option, str) else option.get("text") if isinstance(option, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise bad_request("poll options must be non-empty")
    if len(text.strip()) > PollLimit.MAX_OPTION_LENGTH:
        raise bad_request(f"poll options length must not exceed {int(PollLimit.MAX_OPTION_LENGTH)}")
    return text.strip()


def _solution(call: Parameters, options: int) -> Json:
    """The right answers of a quiz and their explanation."""
    correct = call.numbers("correct_option_ids")
    if not correct and call.has("correct_option_id"):
        correct = [call.number("correct_option_id")]
    if not correct:
        raise bad_request("correct quiz option list must be non-empty")
    if sorted(set(correct)) != correct:
        raise bad_request("correct quiz option list must be increasing")
    if not all(0 <= option < options for option in correct):
        raise bad_request("wrong correct option ID specified")
    formatted = call.formatted("explanation", "explanation_parse_mode", "explanation_entities")
    lines = formatted.text.count("\n")
    if len(formatted.text) > PollLimit.MAX_EXPLANATION_LENGTH or lines > PollLimit.MAX_EXPLANATION_LINE_FEEDS:
        raise bad_request("quiz explanation is too long")
    solution: Json = {"correct_option_ids": correct}
    if formatted.text:
        solution |= {"explanation": formatted.text, "explanation_entities": list(formatted.entities)}
    return solution


def _end(world: World, call: Parameters) -> Json:
    """When the poll closes by itself."""
    period, date = call.number("open_period"), call.number("close_date")
    if period and not PollLimit.MIN_OPEN_PERIOD <= period <= PollLimit.MAX_OPEN_PERIOD:
        raise bad_request("invalid open_period specified")
    if date and not PollLimit.MIN_OPEN_PERIOD <= date - world.state.now() <= PollLimit.MAX_OPEN_PERIOD:
        raise bad_request("invalid close_date specified")
    if period:
        return {"open_period": period, "close_date": world.state.now() + period}
    return {"close_date": date} if date else {}


def stop_poll(world: World, call: Parameters) -> Json:
    """Closes a poll for good."""
    chat, message = world.own_message(call, "message with poll to stop not found")
    if "poll" not in message:
        raise bad_request("message is not a poll")
    if message["poll"]["is_closed"]:
        raise bad_request("poll has already been closed")
    inline = content.keyboard(call, inline_only=True).inline
    kept = {name: value for name, value in message.items() if name != "reply_markup"}
    return _close(world, chat, kept | ({"reply_markup": inline} if inline else {}))


def _close_in_time(world: World, poll_id: str) -> None:
    """Closes a poll whose time is over, unless it is gone or closed."""
    ballot = world.state.ballots.get(poll_id)
    chat = world.state.chats.get(ballot.chat) if ballot else None
    message = chat.messages.get(ballot.message) if ballot and chat else None
    if chat and message and not message["poll"]["is_closed"]:
        _close(world, chat, message)


def _close(world: World, chat: Chat, message: Json) -> Json:
    poll: Json = message["poll"] | {"is_closed": True}
    world.state.replace(chat, message | {"poll": poll}, edited=False)
    world.updates.add("poll", poll)
    return poll


def vote(world: World, chat: Chat, message: Json, user: Json, options: list[int]) -> Json:
    """Counts a person's vote (no options take it back) and tells the bot. Raises Refused for an impossible one."""
    poll = message["poll"]
    votes = world.state.ballots[poll["id"]].votes
    _check_vote(poll, votes.get(user["id"]), options)
    votes[user["id"]] = options
    if not options:
        del votes[user["id"]]
    counted = [
        option | {"voter_count": sum(at in chosen for chosen in votes.values())}
        for at, option in enumerate(poll["options"])
    ]
    poll = poll | {"options": counted, "total_voter_count": len(votes)}
    world.state.tell("vote", chat.id, user=user["id"], message_id=message["message_id"], options=options)
    changed = world.state.replace(chat, message | {"poll": poll}, edited=False)
    if not poll["is_anonymous"]:
        ids = [poll["options"][at]["persistent_id"] for at in options]
        world.updates.add(
            "poll_answer", {"poll_id": poll["id"], "user": user, "option_ids": options, "option_persistent_ids": ids}
        )
    world.updates.add("poll", poll)
    return changed


def _check_vote(poll: Json, earlier: list[int] | None, options: list[int]) -> None:
    if poll["is_closed"]:
        raise Refused(400, "the poll is closed")
    if not all(0 <= option < len(poll["options"]) for option in options):
        raise Refused(400, "the poll has no such option")
    if len(options) > 1 and not poll["allows_multiple_answers"]:
        raise Refused(400, "the poll takes one answer only")
    if earlier and not poll["allows_revoting"]:
        raise Refused(400, "this person has voted, and the poll takes no second vote")
