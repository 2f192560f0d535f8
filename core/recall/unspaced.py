"""Text in scripts that put no spaces between words → overlapping pairs of characters.

The index splits words at spaces, so a Japanese or Thai sentence would be one word to it. A text
and a question are cut in the same way, which makes a pair match wherever it stands.
"""

from __future__ import annotations

import re
from itertools import pairwise

_SCRIPTS = (
    "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",  # Han
    "\u3041-\u309f",  # Hiragana
    "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f",  # Katakana
    "\uac00-\ud7a3\u1100-\u11ff\u3131-\u318f",  # Hangul: spaced, but particles stick to words
    "\u0e01-\u0e3a\u0e40-\u0e4e",  # Thai
    "\u0e81-\u0ecd\u0edc-\u0edf",  # Lao
    "\u1780-\u17d3",  # Khmer
    "\u1000-\u103f\u1050-\u109f",  # Myanmar
)
UNSPACED = "".join(_SCRIPTS)
"""For use in a character class."""
RUN = "|".join(f"[{script}]+" for script in _SCRIPTS)
"""A run of one script: in Japanese a noun, its particle and a loan word are runs of their own."""
_ANY = re.compile(f"[{UNSPACED}]")
_ASKING = re.compile(
    "多少|什么时候|什麼時候|为什么|為什麼|什么|什麼|怎么样|怎么|怎麼|哪里|哪裡|哪儿|哪个|哪個|几点|何时"
    "|どのように|どのくらい|どれくらい|どうして|どんな|どこ|どの|どれ|どう|いつ|いくら|いくつ|だれ|なぜ"
    "|教えて|何時|何日|何年|何月|何人|何度|何|誰|でしょうか|ですか|ましたか|ますか|でしたか|ください"
    "|얼마입니까|얼마인가요|얼마예요|얼마나|얼마|무엇입니까|무엇|언제|어디서|어디|누구|누가|어떻게|왜"
    "|입니까|습니까|인가요|나요|เมื่อไหร่|เมื่อไร|เท่าไหร่|เท่าไร|ที่ไหน|อะไร|อย่างไร|ทำไม|ใคร|ไหม|ครับ|ค่ะ|คะ"
)
_EMPTY_KANA = re.compile(
    "について|ました|ません|でした|ている|ていた|された|という|とは|には|では|から|まで|より|など|です|ます"
    "|した|して|する|れる|れた|った|って|いる|ある|ない|こと|もの|ため|よう|それ|これ"
)
_KANA = re.compile("[\u3041-\u309f]+")
_KANA_PARTICLE = re.compile("^[のはがをにでとへ]|[のはがをにでともへ]$")
_LEAST_KANA = 3
_HAN_PARTICLE = re.compile("[的了吗嗎呢是]")
_HANGUL = re.compile("[\uac00-\ud7a3]{3,}")
_HANGUL_PARTICLE = re.compile("(?:에서|으로|까지|부터|에게|니다|[은는이가을를의에도와과로다요])$")


def is_unspaced(text: str) -> bool:
    return not text.isascii() and _ANY.search(text) is not None


def pairs(run: str) -> list[str]:
    return [a + b for a, b in pairwise(run)] or [run]


def without_asking(text: str) -> str:
    """A question without the words that only make it one; all of it if it has no others."""
    if not is_unspaced(text):
        return text
    rest = _ASKING.sub(" ", text)
    return rest if any(char.isalnum() for char in rest) else text


def meanings(run: str) -> list[str]:
    """The parts of a run in a question that an answer should hold: no particles, no endings."""
    if _KANA.fullmatch(run):
        parts = [_KANA_PARTICLE.sub("", part) for part in _EMPTY_KANA.split(run)]
        return [part for part in parts if len(part) >= _LEAST_KANA]
    if _HANGUL.fullmatch(run):
        return [_HANGUL_PARTICLE.sub("", run)]
    return [part for part in _HAN_PARTICLE.split(run) if len(part) > 1] or [run]
