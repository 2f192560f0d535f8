"""Bytes that are not UTF-8 → the encoding they are probably in, where that is not a western one.

Called by `source.decode`. An encoding is taken only when all of the sample is valid in it and its
letters are as frequent as in a real text of that language; anything else is left to the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_SAMPLE = 64 * 1024
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTER = re.compile(rb"[A-Za-z\x80-\xff]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_OTHER = re.compile(r"[^\x00-\x7f\u3000-\u303f\uff01-\uff5e\u2010-\u203b\xb7]")
# The characters that make up half of any Chinese text, simplified and traditional.
_COMMON = frozenset(
    "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子"
    "那得于於着著下自之年过過发發后後作里裡用道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒"
    "动動面起看定天分还還进進好小部其些主样樣理心她本前开開但因只从從想实實日军軍者意无無力它与與长長"
    "把机機十民第公此已工使情明性知全三又关關点點正业業外将將两兩高间間由问問很最重并並物手应應向头頭文"
    "体體政美相见見被利什二等产產或新己制身果加西月话話合回特代内內信表化老给給世位次度门門任常先海通教"
    "原东東声聲提立及比员員解水名真论論处處走义義各入几幾口认認条條平系气氣题題活更别別打女变變四神总總"
    "何电電数數安少报報才结結反受目太量再感建务務做接必场場件计計管期市直德资資命山金指许許区區保至社便"
    "空决決科五书書非则則听聽白光放强強难難思完设設式色路记記南品住告类類求程北边邊该該交万萬取望"
)
_COMMON_KANJI = _COMMON | frozenset(
    "都市町村所電番号氏性別火土曜郎佐藤鈴高橋田山川木林井野石島株式会長課阪屋県府区齢歳円駅店室図帳料様"
)
_ALPHABETS = {  # the letters that are frequent, in the encodings that have them
    "оеаинтсрвлкмдпуяыьгзбчй": ("cp1251", "koi8-r", "cp866", "iso-8859-5"),
    "αοιετσνηυρπκμλςάίόέήύ": ("cp1253", "iso-8859-7"),
    "יוהלאתרבמשנכעחדקםפ": ("cp1255",),
    "اليمنتورعبهدسكفقحجةأ": ("cp1256", "iso-8859-6"),
    "านรอกเงมยลวดทสตะปบคหแจพช่้็ัีิไใโืุู์": ("tis-620",),
}
_FOREIGN_SHARE = 0.4  # of all letters; western texts have far fewer beyond ASCII


def guess_charset(data: bytes) -> str:
    """A name that `bytes.decode` knows, "" when none is likely."""
    sample = _cut(data)
    high = len(_HIGH.findall(sample))
    if not high:
        return ""
    best, name = 0.0, ""
    for encoding, score in _EAST_ASIAN:
        text = _decoded(sample, encoding)
        points = score(text) if text else 0.0
        if points > best:
            best, name = points, encoding
    if name:
        return name
    if high < 6 or high < _FOREIGN_SHARE * len(_LETTER.findall(sample)):
        return ""
    scores = [
        (_share(_decoded(sample, encoding), letters), encoding)
        for letters, encodings in _ALPHABETS.items()
        for encoding in encodings
    ]
    points, name = max(scores, key=lambda scored: scored[0])
    return name if points > 0.6 else ""


def _cut(data: bytes) -> bytes:
    """A sample that ends with a line, so that no character is cut."""
    if len(data) <= _SAMPLE:
        return data
    end = data.rfind(b"\n", 0, _SAMPLE)
    return data[: end if end > 0 else _SAMPLE]


def _decoded(sample: bytes, encoding: str) -> str:
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError as error:
        # Only a character that the sample's end cuts is forgiven.
        return sample[: error.start].decode(encoding) if error.start > len(sample) - 4 > 64 else ""


def _japanese(text: str) -> float:
    others = max(1, len(_OTHER.findall(text)))
    kana, kanji = len(_KANA.findall(text)) / others, _HAN.findall(text)
    if kana + len(kanji) / others < 0.9:
        return 0.0
    if kana > 0.15:
        return 1 + kana
    share = sum(char in _COMMON_KANJI for char in kanji) / others
    return share if len(kanji) > 3 and share > 0.35 else 0.0


def _korean(text: str) -> float:
    share = len(_HANGUL.findall(text)) / max(1, len(_OTHER.findall(text)))
    return share if share > 0.85 else 0.0


def _chinese(text: str) -> float:
    found = _HAN.findall(text)
    share = sum(char in _COMMON for char in found) / max(1, len(_OTHER.findall(text)))
    return share if len(found) > 1 and share > 0.25 else 0.0


def _share(text: str, letters: str) -> float:
    """How many of the letters beyond ASCII are those that are frequent in a language."""
    others = [char for char in text if char > "\x7f" and not char.isspace()]
    return sum(char in letters for char in others) / max(1, len(others))


_EAST_ASIAN: tuple[tuple[str, Callable[[str], float]], ...] = (
    ("cp932", _japanese),
    ("euc_jp", _japanese),
    ("cp949", _korean),
    ("gb18030", _chinese),
    ("big5", _chinese),
)
