"""Addresses of links and buttons: which ones Telegram takes, and the form it gives them."""

from __future__ import annotations

import ipaddress
import re

HOST = re.compile(r"(?:[\w.\-!$,~*'();&+=]|%[0-9a-fA-F]{2}|[^\x00-\x7f])+")
OWN = re.compile(r"(tg|ton)(?::(?://)?)(.*)", re.IGNORECASE | re.DOTALL)  # Telegram's own schemes
OWN_HOST = re.compile(r"[A-Za-z0-9_-]+")


class BadAddress(Exception):
    """An address that Telegram takes nowhere; the text says why, in its words."""


def checked(address: str, *, https_only: bool = False) -> str:
    """An address as Telegram keeps it: with scheme and path, the host in small letters. Raises BadAddress."""
    if own := OWN.fullmatch(address):
        if https_only:
            raise BadAddress("Only HTTPS links are allowed")
        return _own(own[1].lower(), own[2])
    scheme, login, host, port, path = _parts(address)
    if https_only and scheme != "https":
        raise BadAddress("Only HTTPS links are allowed")
    # A host without a dot is a machine of some local network: nothing for a reader elsewhere.
    if "." not in host and not host.startswith("["):
        raise BadAddress("Wrong HTTP URL")
    return f"{scheme}://{login}{host}{f':{port}' if port else ''}{path}"


def takes(address: str) -> bool:
    """Whether Telegram takes this address."""
    try:
        checked(address)
    except BadAddress:
        return False
    return True


def _own(scheme: str, rest: str) -> str:
    _, login, host, port, path = _parts(rest)
    if "://" in rest or login or port or host.startswith("["):
        raise BadAddress(f"Wrong {scheme} URL")
    if not OWN_HOST.fullmatch(host):
        raise BadAddress("Unallowed characters in URL host")
    return f"{scheme}://{host}{path[1:] if path.startswith('/?') else path}"


def _parts(address: str) -> tuple[str, str, str, int, str]:
    """Scheme, login with its @, host, port (0 for none) and path of an address."""
    scheme, separator, rest = address.partition("://")
    if not separator or re.search(r"[:/?#@\[\]]", scheme):
        scheme, rest = "http", address
    elif scheme.lower() not in ("http", "https"):
        raise BadAddress("Unsupported URL protocol")
    authority = re.match(r"[^/?#]*", rest)
    place = authority[0] if authority else ""
    path = rest[len(place) :].rstrip()
    path = path if path.startswith("/") else f"/{path}"
    path = re.sub(r"[\x00-\x20]", lambda found: f"%{ord(found[0]):02X}", path)
    numbered = re.fullmatch(r"(.+):([^\]@:]*)", place, re.DOTALL)
    place, port = (numbered[1], _port(numbered[2])) if numbered else (place, 0)
    login, at, host = place.rpartition("@")
    return scheme.lower(), login + at, _host(host), port, path


def _port(digits: str) -> int:
    port = int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else 0
    if not 0 < port < 65536:
        raise BadAddress("Wrong port number specified in the URL")
    return port


def _host(host: str) -> str:
    if host.startswith("[") and host.endswith("]"):
        try:
            ipaddress.IPv6Address(host[1:-1])
        except ValueError:
            raise BadAddress("Wrong IPv6 address specified in the URL") from None
        return host.lower()
    if not host:
        raise BadAddress("URL host is empty")
    if host == ".":
        raise BadAddress("Host is invalid")
    if not HOST.fullmatch(host):
        raise BadAddress("Wrong URL host")
    return host.lower()
