"""What is named → less of it, and more: what others say too stays, true copies go along.

Called by gathering once all that is named has been found. A word or sentence that stands anywhere
else is no trace of what goes, and must not be looked for afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import partial

from cairn.core.forget.found import Found
from cairn.core.forget.lessening import Going, lessened, loses_name, texts_of
from cairn.core.forget.lineage import histories, versions
from cairn.core.forget.passing import Phrase, Said, Sentences, of_files, tokens
from cairn.core.forget.scope import Aim
from cairn.core.index import Index
from cairn.core.runs import runs
from cairn.core.tombstones import Piece, pieces, plain
from cairn.core.tree.tree import Tree

_SAME, _SEVERAL = 0.8, 2
"""So much of a text in common makes it a copy, if that is more than one line of a form."""


def take_copies(found: Found, everything: Iterable[Said], index: Index) -> None:
    """Files that say much the same as one that goes, and nothing else to speak of."""
    known: dict[str, set[str]] = {}
    for text, places in found.said.items():
        for place in places:
            known.setdefault(place, set()).add(text)
    wanted = Sentences(_telling(found.said))
    near = {
        said.place
        for said in (everything if known else ())
        if not said.turn and said.place not in found.places and wanted.may_be_in(said, said.words)
    }
    others: dict[str, set[str]] = {}
    for said in of_files(index, near):
        others.setdefault(said.place, set()).update(each.plain for each in said.pieces)
    copies = {
        place
        for place, mine in others.items()
        if any(_is_copy(mine, each) for each in known.values())
    }
    found.places |= copies
    for said in of_files(index, copies):
        found.take(said.place, said.text, said.pieces)
        found.rare |= tokens(said.around)


def _is_copy(mine: set[str], other: set[str]) -> bool:
    if mine == other:
        return True
    both = mine & other
    return len(both) >= _SAME * len(mine | other) and len(_telling(both)) >= _SEVERAL


def _telling(said: Iterable[str]) -> set[str]:
    return {text for text in said if Piece(0, 0, text).is_telling}


def spare_others(aim: Aim, found: Found, everything: Iterable[Said]) -> None:
    """Where a thing goes as a whole, its sentences stay where others say them too."""
    wanted = Sentences(found.said)
    phrase = Phrase(found.phrase) if found.phrase else None
    spots = {place for places in found.said.values() for place in places}
    for said in everything:
        if found.holds(said):
            continue
        hit: list[Piece] = []
        words = said.words
        if wanted.may_be_in(said, words):
            hit = [each for each in said.pieces if each.plain in found.said]
        going = [each for each in hit if _goes_from(aim, said, each, found, spots)]
        if going:
            found.lessen(said)
            words = tokens(said.without(going))
        elif not aim.is_of_sentences:
            for each in hit:
                found.said.pop(each.plain, None)
        found.rare -= words
        if found.runs:
            found.runs -= {run.plain for run in runs(said.without(going))}
        if phrase and phrase.may_be_in(said) and phrase.is_said(plain(said.without(going))):
            found.phrase = ""


def _goes_from(aim: Aim, said: Said, piece: Piece, found: Found, spots: Collection[str]) -> bool:
    """Does a sentence go from a text that stays?"""
    if aim.is_of_sentences:  # a short one from where it was named alone
        return piece.is_telling or said.place in found.said[piece.plain]
    # In a file that several people speak in, one of them goes.
    return aim.kind == "person" and not said.turn and said.place in spots


def spare_entries(
    aim: Aim,
    found: Found,
    tree: Tree,
    going: Collection[str],
    parting: Mapping[str, Collection[str]],
) -> None:
    """What entries that stay say is no trace of what goes."""
    going_now = Going(found.said)
    for filed in tree.catalogue.all():
        entry, path = filed.entry, filed.path
        if entry.id in going:
            continue
        if (lost := parting.get(entry.id)) is not None:
            spans = going_now.from_entry(entry.id, lost)
            less = partial(lessened, lost=lost, spans=spans)
            path = "" if loses_name(path, versions(tree, entry.id), less) else path
            entry = less(entry)
        told = "\n".join((*texts_of(entry), path))
        if not aim.is_of_sentences:
            for each in pieces(told):
                found.said.pop(each.plain, None)
        found.rare -= tokens(told)
        found.runs -= {run.plain for run in runs(told)} if found.runs else set()
        if found.phrase and Phrase(found.phrase).is_said(plain(told)):
            found.phrase = ""
    sentences = Sentences(found.said)
    for id, text in histories(tree):
        if id in going or id in parting:
            continue
        found.rare -= tokens(text)
        if not aim.is_of_sentences and sentences.may_be_told(text):
            for each in pieces(text):
                found.said.pop(each.plain, None)
