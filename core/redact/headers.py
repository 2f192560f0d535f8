"""A text → credentials that commands and HTTP headers carry: bearer, basic, cookies, `curl -u`.

Called by `redact`; every pattern is anchored on a word of the header or command.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from cairn.core.redact.found import Found
from cairn.core.redact.judge import is_random, is_stand_in

_BEARER = re.compile(r"[Bb](?:earer|EARER)[ \t]{1,4}([A-Za-z0-9_~+/.=-]{12,}+)")
_BASIC = re.compile(r"[Bb]asic[ \t]{1,4}([A-Za-z0-9+/_-]{6,}+={0,2})")
_AUTH = re.compile(r"auth[\"']?\s{0,4}[:=]\s{0,4}[\"']([A-Za-z0-9+/_-]{6,4000}={0,2})[\"']")
_COOKIE = re.compile(
    r"[Cc]ookie[\"']?[ \t]{0,4}:[ \t]{0,4}[\"']?((?=[\w.-]{1,100}=)[^\n\"'`]{4,4000}+)"
)
_CURL_USER = re.compile(
    r"[ \t](?:-u|--user|--proxy-user|-U)[ =]?[\"']?[^\s:\"']{1,100}:([^\s\"']{1,200})"
)
_MYSQL = re.compile(
    r"mysql(?:dump|admin|import)?[ \t][^\n|;]{0,200}?[ \t]-p(?=[^\s-])([^\s\"']{3,100})"
)
_SSHPASS = re.compile(r"sshpass[ \t]{1,4}-p[ \t]{0,4}[\"']?([^\s\"']{2,100})")
_LOGIN = re.compile(r"docker login[^\n|;]{0,200}?[ \t]-p[ \t]{1,4}[\"']?([^\s\"']{3,100})")
_CURL_REACH = 600
_DIGITS = re.compile(r"\d+")


def find_headers(text: str, plain: bytes) -> Iterator[Found]:
    for match in _BEARER.finditer(text) if b"bearer" in plain else ():
        if is_random(match[1]):
            yield Found(*match.span(1), "bearer token", 2)
    for match in _BASIC.finditer(text) if b"basic" in plain else ():
        if _is_login(match[1]):
            yield Found(*match.span(1), "basic authentication", 2)
    for match in _AUTH.finditer(text):
        if _is_login(match[1]):
            yield Found(*match.span(1), "basic authentication", 2)
    for match in _COOKIE.finditer(text) if b"cookie" in plain else ():
        if not is_stand_in(match[1].partition("=")[2]):
            yield Found(*match.span(1), "cookie", 2)
    yield from _commands(text)


def _commands(text: str) -> Iterator[Found]:
    if "curl" in text or "wget" in text:
        for match in _CURL_USER.finditer(text):
            before = text[max(0, match.start() - _CURL_REACH) : match.start()]
            if ("curl" in before or "wget" in before) and not is_stand_in(match[1]):
                yield Found(*match.span(1), "password")
    for pattern in (_MYSQL, _SSHPASS, _LOGIN):
        for match in pattern.finditer(text):
            if not is_stand_in(match[1]) and not _DIGITS.fullmatch(match[1]):
                yield Found(*match.span(1), "password")


def _is_login(text: str) -> bool:
    """Base64 of `user:password`."""
    try:
        plain = base64.b64decode(text[:400] + "==", altchars=None).decode()
    except (ValueError, binascii.Error):
        return False
    return ":" in plain[1:] and plain.isprintable()
