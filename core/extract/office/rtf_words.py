"""What the control words of RTF mean to a reader of its text."""

from __future__ import annotations

SIGNS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "emdash": "—", "endash": "–", "lquote": "‘",
    "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ",
    "enspace": " ", "qmspace": " ",
}  # fmt: skip
SYMBOLS = {b"~": "\xa0", b"_": "-", b"|": "", b":": "", b"-": ""}
PARAGRAPH_ENDS = frozenset(("par", "sect", "page", "column"))
CELL_ENDS = frozenset(("cell", "nestcell"))
ROW_ENDS = frozenset(("row", "nestrow"))
MARGINS = frozenset("header headerl headerr headerf footer footerl footerr footerf".split())
SKIPPED = frozenset(
    "colortbl pict nonshppict sp fldinst filetbl xe tc rxe template private datafield objdata "
    "objclass objname mmath mmathPr nesttableprops pnseclvl pn revtbl bkmkstart bkmkend "
    "falt ftnsep ftnsepc aftnsep listtable listoverridetable".split()
)
STARRED = frozenset(("shpinst", "annotation", "atnauthor", "atndate", "shppict", "shptxt"))
"""Destinations that old readers may skip but that hold text."""
ENCODINGS = {"mac": 10000, "pc": 437, "pca": 850}
SINKS = frozenset("fonttbl stylesheet info footnote annotation atnauthor atndate".split())
"""Destinations whose text is kept apart from the body's."""
