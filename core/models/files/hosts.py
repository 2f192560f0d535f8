"""Who may be asked for a file, and how: the rules that every address and redirect has to keep.

Used by `pull.py` alone, which is the only code of cairn that uses a network.
"""

from __future__ import annotations

import http.client
import urllib.request
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from cairn.core.errors import CairnError, ConfigError


def check_address(url: str) -> str:
    """The host that would be asked. Only what can't be listened to or changed on its way."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise _no_address(url) from error
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ConfigError(
            f"`{url}` has letters that an address can't have",
            "copy it from a browser, which writes them as %20, %C3%A8, …",
        )
    if not parts.hostname or parts.scheme not in ("https", "http") or parts.username:
        raise _no_address(url)
    if parts.scheme == "http" and not _is_here(parts.hostname):
        raise ConfigError(
            f"`{url}` would come without encryption, where anybody on the way can change it",
            "write it with https://, or fetch the file yourself and `cairn model add` it",
        )
    return parts.hostname


def _no_address(url: str) -> ConfigError:
    return ConfigError(f"`{url}` is no address of a file", "write it as https://HOST/FILE.gguf")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def words_of(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (
        "the connection broke off" if isinstance(error, http.client.HTTPException) else str(error)
    )


class _Redirects(urllib.request.HTTPRedirectHandler):
    """To other hosts, as stores of large files do, but never out of encryption."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        try:
            check_address(newurl)
            if req.full_url.startswith("https:") and not newurl.startswith("https:"):
                raise ConfigError(
                    f"{urlsplit(req.full_url).hostname} leads to an address without encryption",
                    "fetch the file yourself and `cairn model add` it",
                )
        except CairnError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


OPENER = urllib.request.build_opener(_Redirects)
