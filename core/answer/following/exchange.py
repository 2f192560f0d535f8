"""What was asked of cairn and answered, as far as a later question may lean on it.

Made by the session for every answer; read by the rules of this folder and by `past`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    question: str
    """As it was understood: it stands alone."""
    answer: str = ""
    """Its sentences; empty where there was none."""
    short: str = ""
    """The answer in a few words, where it was told so."""
    said: str = ""
    """When its first source was written, ISO."""
    at: str = ""
    """When it was asked, ISO."""
