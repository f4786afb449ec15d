"""A stand-in for Telegram on one machine: a Bot API server and a chat page in the browser, for any bot.

`Emulator(...).app` is the ASGI application: give a bot `http://<host>/bot` as its base URL and `http://<host>/file/bot`
as its file URL. It imports nothing else of this project.
"""

from .server import PEOPLE, Emulator
from .state import Person

__all__ = ["PEOPLE", "Emulator", "Person"]
