"""What was found → the same without statements that later ones have overtaken.

Called where an answer rests on entries. Later ones count though nobody has confirmed them yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cairn.core.answer.history import values_of
from cairn.core.recall.search import Results
from cairn.core.tree.catalogue import Filed
from cairn.core.tree.curate.likeness import same_value


def without_overtaken(
    results: Results,
    cited: Sequence[Filed],
    chains: Sequence[Sequence[Filed]],
    after: Mapping[str, Filed],
) -> Results | None:
    """`chains` are the histories of those cited, `after` what came after each. None where the
    answer rests on something else too, or nothing would change."""
    newer = {filed.entry.id for filed in after.values()} - set(after)
    older = set(after)
    for filed, chain in zip(cited, chains, strict=True):
        told = values_of(chain)
        if told and not same_value(told[-1].entry.value, filed.entry.value):
            newer.add(told[-1].entry.id)
            older |= {filed.entry.id, *(each.entry.id for each in told[:-1])}
    if not cited or not all(filed.entry.id in older for filed in cited):
        return None
    kept = [e for e in results.evidence if newer & {*e.entries} or not older & {*e.entries}]
    is_there = any(newer & {*item.entries} for item in kept)
    fewer = is_there and len(kept) < len(results.evidence)
    return replace(results, evidence=tuple(kept)) if fewer else None
