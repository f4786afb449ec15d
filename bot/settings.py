"""Settings from TUTOR_* variables. Imports nothing of ours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


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
    host: str = Field("127.0.0.1", min_length=1, description="the address that the web pages are served on")
    port: int = Field(8080, ge=0, le=65535, description="a port for the web pages, 0 to 65535 (0: any that is free)")
    public_url: str | None = Field(
        None,
        description="the address at which people reach the web pages; that of TUTOR_HOST and TUTOR_PORT if not set",
    )
    webhook_url: str | None = Field(None, description="the https address at which Telegram reaches this bot")
    webhook_secret: SecretStr | None = Field(
        None,
        validate_default=True,
        description="1 to 256 letters, digits, _ or -, which Telegram sends along; needed with TUTOR_WEBHOOK_URL",
    )
    datasets: Path | None = Field(None, description="a folder of data sets, laid out as the cache of Keras")
    operator: int | None = Field(None, description="the Telegram id of the chat that alerts go to")
    log: Literal["text", "json"] = Field("text", description="text or json")

    @field_validator("instructors", mode="before")
    @classmethod
    def _ids(cls, given: Any) -> Any:
        return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given

    @field_validator("webhook_secret")
    @classmethod
    def _secret(cls, given: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if given is None and info.data.get("webhook_url"):
            raise ValueError("it is not set")
        if given is not None and not SECRET.fullmatch(given.get_secret_value()):
            raise ValueError("Telegram takes no other")
        return given

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may show."""
        return tuple(secret.get_secret_value() for secret in (self.token, self.webhook_secret) if secret)

    @property
    def web(self) -> str:
        """Where people reach the web pages."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @field_validator("base_url", "webhook_url", "public_url")
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
    shown = "(hidden)" if name in ("token", "webhook_secret") else repr(problem.get("input"))
    return f"TUTOR_{name.upper()}={shown}: expected {field.description} ({problem['msg']})"
