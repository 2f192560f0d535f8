"""Citations: each way to write one, what is refused, and the exact text that is at the place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cairn.core.chunk import chunk_document
from cairn.core.errors import ConfigError, NotFound
from cairn.core.extract import extract
from cairn.core.locate import Target, parse_address, parse_citation
from cairn.core.nearby import no_such_file
from cairn.core.passage import Passage, passage
from cairn.core.records import SHEET, Block, Chunk, Document, Kind, Place, Unit
from cairn.core.uris import file_uri
from tests.pdf_maker import make_pdf


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# -- what is typed


@pytest.mark.parametrize(
    ("fragment", "unit", "first", "last"),
    [
        ("L12", "L", 12, 12),
        ("L12-L18", "L", 12, 18),
        ("L12-18", "L", 12, 18),
        ("p3", "p", 3, 3),
        ("t41", "t", 41, 41),
        ("s4-s5", "s", 4, 5),
        ("n12", "n", 12, 12),
        ("m7", "m", 7, 7),
        ("c3", "c", 3, 3),
        ("sheet2!14", "r", 2 * SHEET + 14, 2 * SHEET + 14),
        ("sheet2!14-sheet2!18", "r", 2 * SHEET + 14, 2 * SHEET + 18),
        ("sheet2!14-18", "r", 2 * SHEET + 14, 2 * SHEET + 18),
    ],
)
def test_an_address_names_a_file_and_a_place(
    fragment: str, unit: Unit, first: int, last: int
) -> None:
    user = Path("~").expanduser()
    target = parse_citation(f"file:~/a b.x#{fragment}")
    assert target == Target(user / "a b.x", "", unit, first, last)
    assert parse_citation(target.address) == target
    assert parse_citation(f"~/a b.x#{fragment}") == target


@pytest.mark.parametrize(
    ("text", "unit", "first", "last"),
    [
        ("notes/a.md", None, 0, 0),
        ("notes/a.md:12", "L", 12, 12),
        ("notes/a.md:12-18", "L", 12, 18),
        ("notes/a.md:12:5", "L", 12, 12),
        ("notes/a.md p.3", "p", 3, 3),
        ("notes/a.md turn 2", "t", 2, 2),
        ("./notes/../notes/a.md#p3", "p", 3, 3),
        ("file:notes/a.md#p3", "p", 3, 3),
    ],
)
def test_a_plain_path_is_taken_from_the_current_folder(
    here: Path, text: str, unit: Unit | None, first: int, last: int
) -> None:
    assert parse_citation(text) == Target(here / "notes/a.md", "", unit, first, last)


def test_a_link_as_other_programs_write_it_is_understood() -> None:
    assert parse_citation("file:///srv/a%20b.md#L2").path == Path("/srv/a b.md")
    assert parse_citation("file://localhost/srv/a.md").path == Path("/srv/a.md")


def test_a_file_that_is_there_wins_over_what_its_name_looks_like(here: Path) -> None:
    for name in ("c#", "a.md:12", "a.md#L3", "note p.3", "chat:x"):
        (here / name).write_text("x")
        assert parse_citation(name) == Target(here / name)
    assert parse_citation("c##L1") == Target(here / "c#", "", "L", 1, 1)


def test_a_document_inside_a_file_is_named_after_it(here: Path) -> None:
    (here / "trip.eml").write_text("x")
    target = parse_citation("trip.eml!/plan.docx#n3")
    assert target == Target(here / "trip.eml", "plan.docx", "n", 3, 3)
    assert target.name == "plan.docx"
    assert target.uri == f"{file_uri(here)}/trip.eml!/plan.docx"
    assert parse_citation(target.address) == target
    nested = parse_citation(f"{file_uri(here)}/trip.eml!/a.zip!/Offer #2.txt#L1")
    assert (nested.part, nested.first) == ("a.zip!/Offer %232.txt", 1)
    whole = parse_citation(f"{file_uri(here)}/trip.eml!/Offer #2.txt")
    assert (whole.part, whole.unit) == ("Offer %232.txt", None)
    assert parse_citation(whole.address) == parse_citation("trip.eml!/Offer #2.txt") == whole


def test_a_folder_whose_name_ends_with_an_exclamation_mark_is_a_folder(here: Path) -> None:
    (here / "wow!").mkdir()
    (here / "wow!" / "a.md").write_text("x")
    assert parse_citation("wow!/a.md:1").path == here / "wow!" / "a.md"
    assert parse_citation("wow!/new.md").path == here / "wow!" / "new.md"
    (here / "wow!" / "t.eml").write_text("x")
    assert parse_citation("wow!/t.eml!/b.txt") == Target(here / "wow!" / "t.eml", "b.txt")


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "\0", "file:", "file:#L1", "file:~/a.md#", "file:~/a.md#L0", "file:~/a.md#x9",
        "file:~/a.md#L18-L12", "file:~/a.md#L1-p2", "file:~/a.md#budget", "file:~/a%00.md#L1",
        "file:~/a.xlsx#sheet0!3", "file:~/a.xlsx#sheet1!0", "file:~/a.xlsx#sheet1!9999999",
        "file:~/a.md#L" + "9" * 5000, "a.md:0", "a.md:9-3", "file:~nobody-of-that-name/a.md",
        "https://example.org/a", "chat:claude/9f2#L41", "chat:claude", "chat:../x#t1",
            "file:~/a.md#L١",
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_citation(text)
    assert "#L12-L18" in caught.value.hint


@pytest.mark.parametrize("text", ["a!/" * 50_000, "a:" * 50_000, "#" * 90_000, "p. 1" * 30_000])
def test_an_endless_citation_is_refused_at_once(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_citation(text)
    assert len(caught.value.message) < 300


def test_a_name_longer_than_any_file_has_is_just_not_there() -> None:
    for text in ("x" * 3000, "x!/" * 1000, "x" * 300 + "!/b.md#L3", "file:~/" + "x" * 3000 + "#L1"):
        assert not os.path.lexists(parse_citation(text).path)


def test_a_heading_is_not_a_place_and_a_folder_is_not_a_file(here: Path) -> None:
    (here / "a.md").write_text("# Budget\n")
    with pytest.raises(ConfigError, match="not a citation"):
        parse_citation("a.md#budget")
    with pytest.raises(ConfigError, match="is a folder"):
        parse_citation(".")


def test_a_link_on_disk_is_followed(here: Path) -> None:
    (here / "real").mkdir()
    (here / "real" / "a.md").write_text("x")
    (here / "short.md").symlink_to(here / "real" / "a.md")
    assert parse_citation("short.md:1").path == here / "real" / "a.md"


_NAMES = st.binary(min_size=1, max_size=30).filter(lambda raw: not {0, 47} & set(raw))


@given(_NAMES, st.sampled_from("Lptsnmcr"), st.integers(1, 900), st.integers(0, 50))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_the_address_of_a_target_parses_to_the_same_target(
    name: bytes, unit: Unit, first: int, more: int
) -> None:
    first += SHEET if unit == "r" else 0
    path = Path(os.path.normpath(Path("/srv/none") / os.fsdecode(name)))
    if "!/" not in str(path) and path != Path("/srv"):
        target = Target(path, "", unit, first, first + more)
        assert parse_citation(target.address) == target


@given(st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
def test_any_text_is_a_target_or_a_clear_error(text: str) -> None:
    try:
        target = parse_citation(text)
    except ConfigError as error:
        assert error.hint
    else:
        assert target.path.is_absolute()


# -- what is there


def chunks_of(folder: Path, name: str, content: str | bytes) -> list[Chunk]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return chunk_document(extract(path, file_uri(path)), budget=30)


def made_of(
    unit: Unit, texts: dict[int, str], kind: Kind = "text", budget: int = 12
) -> list[Chunk]:
    """Chunks of a document with one block for each numbered unit."""
    places, blocks, text = [], [], ""
    for number, part in texts.items():
        places.append(Place(len(text), unit, number))
        blocks.append(Block(len(text), len(text) + len(part)))
        text += part + "\n\n"
    document = Document(
        file_uri(Path("a.x").absolute()), kind, "A", text.rstrip(), tuple(places), tuple(blocks)
    )
    return chunk_document(document, budget=budget)


def shown(found: Passage) -> list[tuple[str, str, bool]]:
    return [(piece.locator, piece.text, piece.cited) for piece in found.pieces]


def test_lines_come_exactly_with_their_neighbours_and_blank_lines(here: Path) -> None:
    rows = [f"Line {n} says something of its own." if n % 5 else "" for n in range(1, 41)]
    chunks = chunks_of(here, "garden.md", "\n".join(rows))
    assert len(chunks) > 3
    found = passage(chunks, parse_citation("garden.md:12-18"), context=2)
    assert shown(found) == [(f"L{n}", rows[n - 1], 12 <= n <= 18) for n in range(10, 21)]
    everything = passage(chunks, parse_citation("garden.md"))
    assert [piece.text for piece in everything.pieces] == rows[:39]
    assert not any(piece.cited for piece in everything.pieces)


def test_neighbours_end_where_the_file_does(here: Path) -> None:
    chunks = chunks_of(here, "a.txt", "one\ntwo\nthree\n")
    found = passage(chunks, parse_citation("a.txt:2"), context=9)
    assert [piece.text for piece in found.pieces] == ["one", "two", "three"]
    assert [piece.number for piece in passage(chunks, parse_citation("a.txt:3")).pieces] == [3]
    partly = passage(chunks, parse_citation("a.txt:2-9"))
    assert [piece.text for piece in partly.pieces] == ["two", "three"]


@pytest.mark.parametrize("indent", ["    ", "\t"])
def test_code_keeps_its_indentation(here: Path, indent: str) -> None:
    body = "".join(f"{indent}{indent}x = call_something({n}, 2)\n" for n in range(30))
    source = f"import os\n\n\nclass A:\n{indent}def f(self):\n{body}\n{indent}def g(self): pass\n"
    chunks = chunks_of(here, "a.py", source)
    assert len(chunks) > 4
    texts = [piece.text for piece in passage(chunks, parse_citation("a.py")).pieces]
    rows = source.rstrip("\n").split("\n")
    wrong = [row for row, text in zip(rows, texts, strict=True) if row.strip() and row != text]
    # A chunk of one line does not tell whether tabs or blanks were cut away.
    assert [row.strip() for row in rows] == [text.strip() for text in texts]
    assert len(wrong) <= (0 if indent == "    " else 2), wrong


def test_a_line_that_was_cut_in_two_is_whole_again(here: Path) -> None:
    line = "This sentence is here. " * 40
    found = passage(chunks_of(here, "a.txt", line + "\nend"), parse_citation("a.txt:1"))
    assert [piece.text for piece in found.pieces] == [line.strip()]


def test_a_page_comes_whole(here: Path) -> None:
    words = ("apples", "of the boiler", "to the sea")
    pages = ["\n".join(f"{n * 7 % 29} {word} and {word} {n}." for n in range(29)) for word in words]
    chunks = chunks_of(here, "a.pdf", make_pdf(pages))
    found = passage(chunks, parse_citation("a.pdf#p2"))
    assert shown(found) == [("p2", pages[1], True)]
    assert len(passage(chunks, parse_citation("a.pdf#p2"), context=1).pieces) == 3


@pytest.mark.parametrize("unit", list("tsnmc"))
def test_every_unit_has_its_text_and_neighbours(unit: Unit) -> None:
    texts = {
        n: f"Number {n} says this.\nAnd it goes on with that for a while." for n in range(1, 9)
    }
    chunks = made_of(unit, texts, budget=60)
    found = passage(chunks, parse_citation(f"a.x#{unit}4-{unit}5"), context=1)
    assert shown(found) == [(f"{unit}{n}", texts[n], n in (4, 5)) for n in range(3, 7)]


def test_a_long_paragraph_stays_one_line_and_a_cell_keeps_its_lines() -> None:
    said = " ".join(f"Sentence number {n} is here." for n in range(20))
    chunks = made_of("n", {1: "Short.", 2: said})
    assert len(chunks) > 5
    assert passage(chunks, parse_citation("a.x#n2")).pieces[0].text == said
    code = "\n".join(f"value_{n} = compute({n});" for n in range(20))
    chunks = made_of("c", {1: "Short.", 2: code}, "code")
    assert passage(chunks, parse_citation("a.x#c2")).pieces[0].text == code


def test_rows_stay_within_their_sheet() -> None:
    texts = {sheet * SHEET + row: f"cell {sheet} {row}" for sheet in (1, 2, 3) for row in (1, 2, 4)}
    chunks = made_of("r", texts, "table")
    found = passage(chunks, parse_citation("a.x#sheet2!2"), context=5)
    assert shown(found) == [
        ("sheet2!1", "cell 2 1", False),
        ("sheet2!2", "cell 2 2", True),
        ("sheet2!4", "cell 2 4", False),
    ]
    assert [piece.number for piece in found.pieces] == [1, 2, 4]
    with pytest.raises(NotFound, match=r"sheet 2 of a\.x has 4 rows now"):
        passage(chunks, parse_citation("a.x#sheet2!5"))
    with pytest.raises(NotFound, match=r"a\.x has 3 sheets now"):
        passage(chunks, parse_citation("a.x#sheet4!1"))
    with pytest.raises(NotFound, match="holds no text"):
        passage(chunks, parse_citation("a.x#sheet2!3"))


@pytest.mark.parametrize(
    ("place", "says"),
    [("L15", "L15 is no longer there: garden.md has 14 lines now"), ("L90-L95", "14 lines now")],
)
def test_a_place_that_is_gone_says_what_is_there(here: Path, place: str, says: str) -> None:
    chunks = chunks_of(here, "garden.md", "\n".join(f"line {n}" for n in range(1, 15)))
    with pytest.raises(NotFound, match=says):
        passage(chunks, parse_citation(f"garden.md#{place}"))


def test_one_of_a_kind_is_not_called_many(here: Path) -> None:
    with pytest.raises(NotFound, match="has 1 page now"):
        passage(chunks_of(here, "a.pdf", make_pdf(["only"])), parse_citation("a.pdf#p2"))


def test_a_place_of_another_kind_says_how_to_cite_it(here: Path) -> None:
    chunks = chunks_of(here, "garden.md", "one\n")
    with pytest.raises(NotFound, match="has no pages, it has lines") as caught:
        passage(chunks, parse_citation("garden.md#p3"))
    assert "garden.md#L1`" in caught.value.hint


def test_front_matter_holds_no_text_to_show(here: Path) -> None:
    chunks = chunks_of(here, "a.md", "---\ntitle: T\n---\n# Head\n\nbody\n")
    with pytest.raises(NotFound, match=r"L2 of a\.md holds no text"):
        passage(chunks, parse_citation("a.md:2"))


def test_a_part_is_found_by_its_address_and_a_missing_one_named() -> None:
    outer = made_of("L", {1: "the mail"})
    (here_path := Path("a.x")).write_text("x")
    inner = [
        chunk
        for name in ("plan.docx", "b.txt")
        for chunk in chunk_document(
            Document(f"{outer[0].uri}!/{name}", "text", name, "inside " + name,
                     (Place(0, "n", 1),), (Block(0, 14),))
        )
    ]  # fmt: skip
    found = passage([*outer, *inner], parse_citation(f"{here_path}!/plan.docx#n1"))
    assert [piece.text for piece in found.pieces] == ["inside plan.do"]
    with pytest.raises(NotFound, match=r"no c\.txt inside a\.x") as caught:
        passage([*outer, *inner], parse_citation(f"{here_path}!/c.txt"))
    assert "plan.docx, b.txt" in caught.value.hint


def test_a_passage_says_whose_and_where_it_is(here: Path) -> None:
    chunks = chunks_of(
        here, "garden.md", "# Garden\n\n## Budget\n\nWe agreed on 400.\n\n## Plants\n\nBeans.\n"
    )
    found = passage(chunks, parse_citation("garden.md:9"))
    assert found.title == "Garden"
    assert found.heading[-1] == "Plants"


# -- near misses

KNOWN = [
    "file:~/notes/garden.md",
    "file:~/archive/garden.md",
    "file:~/notes/garden-plan.md",
    "file:~/notes/boiler.txt",
    "file:~/holiday/list.txt",
]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("garden.md", "~/archive/garden.md"),
        ("notes/garden.md:12", "~/notes/garden.md#L12"),
        ("GARDEN.MD", "~/archive/garden.md"),
        ("gardn.md", "~/archive/garden.md"),
        ("boiler", "~/notes/boiler.txt"),
        ("file:~/old/boiler.txt#L2", "~/notes/boiler.txt#L2"),
        ("plan", "~/notes/garden-plan.md"),
        ("holiday", "~/holiday/list.txt"),
    ],
)
def test_a_near_miss_names_what_may_be_meant(typed: str, first: str) -> None:
    error = no_such_file(parse_citation(typed), KNOWN)
    assert error.hint.startswith(f"did you mean `{first}`"), error.hint


def test_what_is_like_nothing_gets_no_guess() -> None:
    error = no_such_file(parse_citation("zzz.qq"), KNOWN)
    assert "did you mean" not in error.hint
    assert "zzz.qq" in error.message
    assert no_such_file(parse_citation("a.md"), []).hint


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [("/x/C# notes/a.md", "/x/C# notes/a.md", ()), ("/x/50%41.md", "/x/50%41.md", ()),
     ("/x/a#b.md#L3-L4", "/x/a#b.md", ("L", 3, 4)), ("file:/x/50%2541.md#p2", "/x/50%41.md",
     ("p", 2, 2))],
)  # fmt: skip
def test_a_whole_path_is_taken_as_it_is(
    text: str, name: str, place: tuple[Unit, int, int] | tuple[()]
) -> None:
    assert parse_address(text) == Target(Path(name), "", *place)
