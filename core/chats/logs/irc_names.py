"""The place of a log of IRC → the network and channel that it is of, and its day.

Called by `irc`. The programs say it only there: `irc.libera.#python.weechatlog`,
`irclogs/libera/#python.log`, `networks/libera/moddata/log/#python/2026-08-10.log`.
"""

from __future__ import annotations

import re

from cairn.core.chats.source import Transcript

_DAY = re.compile(r"(?:^|[_.-])(\d{4})-?(\d\d)-?(\d\d)\.log$")
_SUFFIX = re.compile(r"\.(?:weechatlog|log|txt)$", re.IGNORECASE)
_WEECHAT = re.compile(r"irc\.(?:(?:server|list)\.([^/]{1,60})|([^/]{1,60}?)\.([^/]{1,200}))")
_FOLDERS = frozenset(
    "irclogs logs log irc moddata .irssi irssi .weechat weechat hexchat xchatlogs chats".split()
)
_IS_DATE = re.compile(r"\d{1,4}(?:-\d\d){0,2}")


def day_of(name: str) -> str:
    """For logs that begin a file each day."""
    found = _DAY.search(name)
    return f"{found[1]}-{found[2]}-{found[3]}" if found else ""


def channel_of(source: Transcript) -> tuple[str, str]:
    """The network, "" where it isn't known, and the channel or the person talked to."""
    where = (source.member or source.path.absolute().as_posix()).split("/")[:-1]
    folders = [name for name in where if not _IS_DATE.fullmatch(name)]
    stem = _SUFFIX.sub("", source.name)
    if found := _WEECHAT.fullmatch(stem):
        return found[1] or found[2], found[3] or found[1]
    is_daily = bool(day_of(source.name))
    if is_daily:
        stem = _DAY.sub("", source.name)
        network, _, channel = stem.partition("_")
        if network and channel.startswith("#"):
            return network, channel
        stem = stem or (folders.pop() if folders else "")
    if "networks" in folders[:-1]:
        return folders[folders.index("networks") + 1], stem
    above, network = (["", "", *folders])[-2:]
    is_root = network.lower() in _FOLDERS
    is_known = not is_root and (is_daily or above.lower() in _FOLDERS)
    return (network if is_known else ""), stem or source.name
