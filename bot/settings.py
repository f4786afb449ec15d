"""Settings from TUTOR_* variables. Imports nothing of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class BadSettings(ValueError):
    """Some variables cannot be used; the text has a line for each: name, value, what was expected."""


class Settings(BaseSettings):
    """What an operator can set; `docs/operating.md` explains each."""

    model_config = SettingsConfigDict(env_prefix="TUTOR_", frozen=True, extra="ignore", hide_input_in_errors=True)

    token: SecretStr | None = Field(None, description="the bot's token, like 123456:ABC-DEF")
    base_url: str | None = Field(None, description="the Bot API's address; Telegram's if not set")
    db: Path = Field(Path("tutor.db"), description="a path to the SQLite file")
    course: Path | None = Field(None, description="a course folder; the packaged one if not set")
    instructors: Annotated[frozenset[int], NoDecode] = Field(frozenset(), description="Telegram ids, comma separated")
    slots: int | None = Field(None, ge=1, le=64, description="jobs at once on this machine, 1 to 64")
    port: int = Field(8080, ge=0, le=65535, description="a port for the web pages, 0 to 65535 (0: any that is free)")

    @field_validator("instructors", mode="before")
    @classmethod
    def _ids(cls, given: Any) -> Any:
        return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given

    @field_validator("base_url")
    @classmethod
    def _address(cls, given: str | None) -> str | None:
        if given is not None and not given.startswith(("http://", "https://")):
            raise ValueError("an address begins with http:// or https://")
        return given.rstrip("/") if given else given


def read(**given: Any) -> Settings:
    """Settings from the environment; `given` values win. Raises BadSettings naming every variable that cannot be
    used."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise BadSettings("\n".join(_line(problem) for problem in error.errors(include_url=False))) from None


def _line(problem: Any) -> str:
    name = str(problem["loc"][0])
    field = Settings.model_fields[name]
    shown = "(hidden)" if name == "token" else repr(problem.get("input"))
    return f"TUTOR_{name.upper()}={shown}: expected {field.description} ({problem['msg']})"
