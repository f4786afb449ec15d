"""The database: the only package with SQL. Public: Store, StoreUnavailable, and Tables, which work is handed."""

from bot.store.store import Store, StoreUnavailable
from bot.store.tables import Tables

__all__ = ["Store", "StoreUnavailable", "Tables"]
