"""Every setting of the running thing: name, default, unit and what it is for, in one place."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from email.utils import parseaddr
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent  # the checkout: templates/, static/
PREFIX = "DISPATCH_"
_ORIGIN = re.compile(r"(https?)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?/?")
_USUAL_PORTS = {"http": ":80", "https": ":443"}  # browsers leave them out


class SettingError(ValueError):
    """A setting that cannot be used; the message is one sentence for whoever starts the server."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Built once from the environment and passed down; never imported as a global."""

    database_url: str = "sqlite:///var/dispatch.db"  # or postgresql+asyncpg://…
    bus_url: str = "memory://"  # or redis://…
    host: str = "127.0.0.1"
    port: int = 8000
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0  # of the first worker, the next ones follow; 0: nobody is told
    secure_cookies: bool = False  # true behind HTTPS: Secure and the __Host- prefix
    origin: str = ""  # https://console.example.org behind a proxy; empty: the Host header's own
    trusted_proxies: int = 0  # how many are in front, each writing X-Forwarded-For; 0: not read
    address_connections: int = 1000  # of one address at once, each worker; 0: as many as come
    smtp_url: str = ""  # smtp://user:password@host:587, or smtps://host:465; empty: no mail is sent
    mail_from: str = ""  # Clinic <no-reply@example.org>: whom messages come from
    is_demo: bool = False  # demo sign-in links, loopback only

    def __post_init__(self) -> None:
        """Refuse what cannot work before anything is opened."""
        if not 0 <= self.port <= 65535:
            raise SettingError(f"{PREFIX}PORT must be between 0 and 65535, not {self.port}.")
        if not 0 <= self.metrics_port <= 65535:
            raise SettingError(
                f"{PREFIX}METRICS_PORT must be between 0 and 65535, not {self.metrics_port}."
            )
        if self.origin:
            object.__setattr__(self, "origin", _as_browsers_write(self.origin))
        if self.smtp_url and "@" not in parseaddr(self.mail_from)[1]:
            raise SettingError(
                f"{PREFIX}MAIL_FROM must say whom mail comes from: Clinic <no-reply@example.org>."
            )
        if self.smtp_url and not self.origin:
            raise SettingError(f"Set {PREFIX}ORIGIN too: links in messages begin with it.")


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings.

    Raises:
        SettingError: an unknown ``DISPATCH_…`` name (the nearest known one is named), or a value
            that is not of its kind.
    """
    environment = os.environ if environment is None else environment
    known = {PREFIX + field.name.upper(): field for field in fields(Settings)}
    values: dict[str, Any] = {}  # of their kinds, as _parse checks
    for name in sorted(environment):
        if not name.startswith(PREFIX):
            continue
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise SettingError(f"{name} is not a setting.{hint}")
        values[known[name].name] = _parse(name, environment[name], known[name].type)
    return Settings(**values)


def _as_browsers_write(origin: str) -> str:
    found = _ORIGIN.fullmatch(origin.strip().lower())
    if found is None:
        raise SettingError(
            f"{PREFIX}ORIGIN must be what browsers show before the first path, such as "
            "https://console.example.org."
        )
    scheme, host, port = found.groups()
    return f"{scheme}://{host}{'' if port in (None, _USUAL_PORTS[scheme]) else port}"


def _parse(name: str, text: str, kind: object) -> object:
    if kind is int:
        if not text.strip().isdigit():
            raise SettingError(f"{name} must be a whole number.")
        return int(text)
    if kind is bool:
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        if text.strip().lower() not in words:
            raise SettingError(f"{name} must be true or false.")
        return words[text.strip().lower()]
    return text
