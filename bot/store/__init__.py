"""The database: the only package with SQL. Public: Store, the Tables that it gives to each piece of work, and the
errors that callers can act on."""

from bot.store.cohorts import CodeTaken
from bot.store.runs import RunIsOpen
from bot.store.store import Store, StoreUnavailable
from bot.store.tables import Tables

__all__ = ["CodeTaken", "RunIsOpen", "Store", "StoreUnavailable", "Tables"]
