"""What is found in a text: a spelling of somebody or something, and where it stood.

Made by `names.py`, kept by `store.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ThingKind = Literal["person", "project", "place", "organisation", "thing"]
"""`thing` is whatever no cue tells more of."""
LONGEST = 120
"""Characters of a spelling; what is longer is no name."""


@dataclass(frozen=True, slots=True)
class Found:
    """One spelling in one conversation or document."""

    spelling: str
    """As it was written: `Anna`, `Anna Berger <anna@example.org>`, `@aberger`."""
    kind: ThingKind
    uri: str
    """Where it stood first, with its locator."""
    when: str = ""
    """When it was last said, or empty."""
    count: int = 1
