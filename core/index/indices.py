"""What searches of a table need beside its rows: indices of its words, ids and texts.

Called by the table, which makes those that are not there.
"""

from __future__ import annotations

from typing import Any

from cairn.core.errors import Unavailable
from cairn.core.index.trouble import translated
from cairn.core.index.whole import Files

SUFFIX = "_idx"
"""The library calls the index of a column so."""
WORDS = frozenset(("search_idx", "grams_idx"))


def wanted_indices() -> dict[str, Any]:
    """How each is to be made."""
    from lancedb.index import FTS, BTree

    return {
        "search_idx": FTS(base_tokenizer="simple", language="English", stem=True,
                          remove_stop_words=False, ascii_folding=True, with_position=False),
        "grams_idx": FTS(base_tokenizer="whitespace", stem=False, lower_case=False,
                         remove_stop_words=False, ascii_folding=False, with_position=False),
        "id_idx": BTree(),
        "doc_id_idx": BTree(),
        "embedded_idx": BTree(),
    }  # fmt: skip


def known_indices(table: Any, files: Files, where: str) -> tuple[set[str], set[str]]:
    """Those that a table has, and those of them that are whole."""
    from lancedb.query import MatchQuery

    with translated(where):
        indices = table.list_indices()
    whole = {each.name for each in indices if files.has_index(each.index_uuid)}
    for name in whole & WORDS:
        query = MatchQuery("any", name.removesuffix(SUFFIX))
        try:
            with translated(where):
                table.search(query).limit(1).to_arrow()
        except Unavailable:
            whole.remove(name)
    return {each.name for each in indices}, whole
