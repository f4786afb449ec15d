"""Methods by which the bot gets its updates and answers button presses."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from telegram.constants import SUPPORTED_WEBHOOK_PORTS, CallbackQueryLimit, PollingLimit, WebhookLimit

from .answers import Json
from .parameters import Parameters
from .refusals import bad_request
from .updates import Webhook
from .world import World

LOOPBACK = ("localhost", "127.0.0.1", "::1")
PRESS_LIFETIME = 30.0  # seconds the bot has to answer a pressed button


async def get_updates(world: World, call: Parameters) -> list[Json]:
    """Long poll: waits up to `timeout` seconds for the first update."""
    kinds = call.objects("allowed_updates") if call.has("allowed_updates") else None
    world.updates.subscribe(kinds)
    limit = call.number("limit", int(PollingLimit.MAX_LIMIT))
    return await world.updates.fetch(call.number("offset"), limit, call.seconds("timeout"))


def set_webhook(world: World, call: Parameters) -> bool:
    """Delivers updates to an address from now on; an empty one stops that.

    A bot on this machine may listen without https and on any port, as with a Bot API server that one runs oneself.
    """
    url = call.text("url")
    if not url:
        return delete_webhook(world, call)
    host, port, safe = _place(url)
    secret = call.text("secret_token")
    longest = int(WebhookLimit.MAX_SECRET_TOKEN_LENGTH)
    if not re.fullmatch(rf"[A-Za-z0-9_-]{{0,{longest}}}", secret):
        raise bad_request("secret token contains unallowed characters")
    if host not in LOOPBACK:
        if not safe:
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if port not in SUPPORTED_WEBHOOK_PORTS:
            raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    connections = call.number("max_connections", 40)
    if not WebhookLimit.MIN_CONNECTIONS_LIMIT <= connections <= WebhookLimit.MAX_CONNECTIONS_LIMIT:
        connections = 40
    if call.flag("drop_pending_updates"):
        world.updates.drop()
    world.updates.subscribe(call.objects("allowed_updates") if call.has("allowed_updates") else None)
    world.updates.set_webhook(Webhook(url, secret, connections))
    return True


def _place(url: str) -> tuple[str, int, bool]:
    """Host and port of a webhook, and whether it is reached by https. Raises Refused for what is no address."""
    try:
        parts = urlsplit(url)
        host, safe = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if safe else 80)
    except ValueError:
        host, port, safe = "", 0, False
    if not host or not url.lower().startswith(("http://", "https://")):
        raise bad_request("bad webhook: invalid webhook URL specified")
    return host, port, safe


def delete_webhook(world: World, call: Parameters) -> bool:
    """Back to getUpdates."""
    if call.flag("drop_pending_updates"):
        world.updates.drop()
    world.updates.set_webhook(None)
    return True


def get_webhook_info(world: World, call: Parameters) -> Json:
    """Where updates go, how many wait, and the last error."""
    webhook = world.updates.webhook
    info: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }
    if webhook:
        info["max_connections"] = webhook.max_connections
    if world.updates.allowed:
        info["allowed_updates"] = world.updates.allowed
    if world.updates.last_error:
        info["last_error_date"], info["last_error_message"] = world.updates.last_error
    return info


def answer_callback_query(world: World, call: Parameters) -> bool:
    """Ends the waiting of a pressed button, with a toast or an alert if there is text."""
    press = world.state.presses.get(call.text("callback_query_id"))
    if press is None or press.answer is not None or world.state.clock() - press.at > PRESS_LIFETIME:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = call.text("text").strip()
    if len(text) > CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answer = {"text": text, "show_alert": call.flag("show_alert"), "url": call.text("url")}
    world.state.tell("answer", press.chat, user=press.user, message_id=press.message, **press.answer)
    press.answered.set()
    return True
