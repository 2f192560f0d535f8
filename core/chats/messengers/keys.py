"""What was said, when and by whom → ids of turns and conversations, where a format has none.

Used by the readers of messengers. The same words in a newer or longer export get the same id; the
zone of this machine is never part of one, since it changes on a journey.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from cairn.core.records import digest, normalize

_REMEMBERED = 4096
"""Equal messages of one minute lie closer together than this, even where the order is loose."""


class Keys:
    """Ids for one conversation; equal messages of one moment are told apart by counting them."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, int] = OrderedDict()

    def of(self, *said: str) -> str:
        key = digest(*(normalize(part) for part in said), size=12)
        count = self._seen.pop(key, 0) + 1
        self._seen[key] = count
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return key if count == 1 else f"{key}:{count}"


def name_id(name: str) -> str:
    """A conversation's id from its name, without what differs between two exports of it."""
    return normalize(name).casefold()


def with_zone(moment: datetime) -> str:
    """A time of the clock on the wall as this machine would understand it."""
    try:
        return moment.astimezone().isoformat()
    except (ValueError, OverflowError, OSError):
        return moment.isoformat()
