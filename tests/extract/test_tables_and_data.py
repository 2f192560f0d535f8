"""Tables, JSON and settings: the source's own text, cut at records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.extract.checks import check_chunks, check_lines, read

BANK = 'Date;Payee;Amount\n2026-03-01;Miller;"-48,00"\n2026-03-02;"Rent\nMarch";-900\n\n;;\n'


def test_csv(tmp_path: Path) -> None:
    document = read(tmp_path, "bank.csv", BANK)
    check_lines(document, BANK)
    assert document.kind == "table"
    texts = [document.text[block.start : block.end] for block in document.blocks]
    assert texts == [
        'Date;Payee;Amount\n2026-03-01;Miller;"-48,00"',
        '2026-03-02;"Rent\nMarch";-900',
        ";;",
    ]
    assert [block.when for block in document.blocks] == ["2026-03-01", "2026-03-02", ""]
    assert {block.context for block in document.blocks} == {"Date;Payee;Amount"}
    assert check_chunks(document)[1].span.locator == "L3-L4"


@pytest.mark.parametrize(
    ("name", "content", "context"),
    [
        ("a.csv", "name,qty\nsoil,12\n", "name,qty"),
        ("a.csv", "1,2\n3,4\n", ""),
        ("a.tsv", "name, full\tqty\nsoil\t12\n", "name, full qty"),
        ("a.csv", "name|qty\nsoil|12\n", "name|qty"),
        ("a.csv", "only one row\n", ""),
    ],
)
def test_headers(tmp_path: Path, name: str, content: str, context: str) -> None:
    assert read(tmp_path, name, content).blocks[-1].context == context


def test_a_lost_quote_does_not_swallow_the_table(tmp_path: Path) -> None:
    source = 'a,b\n"open,1\n' + "x,2\n" * 500
    document = read(tmp_path, "a.csv", source)
    assert len(document.blocks) == 501
    assert "quotes" in document.note


def test_a_cell_longer_than_the_csv_modules_limit(tmp_path: Path) -> None:
    assert len(read(tmp_path, "a.csv", "a,b\nc," + "x" * 200_000).blocks) == 1


def test_json_keeps_its_lines_and_spells_out_letters(tmp_path: Path) -> None:
    source = json.dumps([{"name": "café", "say": 'a "b" \\u0041 \t'}, {"name": "🌱"}], indent=2)
    document = read(tmp_path, "a.json", source)
    assert "café" in document.text and "🌱" in document.text
    assert "\\\\u0041" in document.text and '\\"b\\"' in document.text
    assert document.text.count("\n") == source.count("\n")
    assert len(document.blocks) == 2 and document.note == ""


def test_long_json_lines_are_laid_out_again(tmp_path: Path) -> None:
    rows = [{"note": f"entry {n}", "tags": ["a", "b"]} for n in range(200)]
    document = read(tmp_path, "a.json", json.dumps(rows))
    assert {chunk.span.locator for chunk in check_chunks(document)} == {"L1"}
    assert len(document.blocks) == 200
    lines = read(tmp_path, "a.jsonl", '{"a": 1}\n' + json.dumps(rows) + '\n{"b": 2}\n')
    assert check_chunks(lines)[-1].text.endswith('{"b": 2}')
    assert lines.places[-2].number == 3


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{'a': 1}", "not valid JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("[" + "1" * 5000 + "]", "too many digits"),
        ("[" * 900 + "1," * 50_000 + "1" + "]" * 900, "read as plain text"),
        ('{"a": 1}', ""),
    ],
)
def test_odd_json_is_read_as_text(tmp_path: Path, content: str, problem: str) -> None:
    document = read(tmp_path, "a.json", content)
    assert problem in document.note and bool(problem) == bool(document.note)


def test_broken_lines_are_counted(tmp_path: Path) -> None:
    document = read(tmp_path, "a.jsonl", '{"a": 1}\n{"b": \n')
    assert document.note.startswith("1 ")


def test_settings(tmp_path: Path) -> None:
    source = "top = 1\n\n[server]\nport = 80\n[[disk]]\nsize = 3\n"
    document = read(tmp_path, "a.toml", source)
    check_lines(document, source)
    headings = [block.heading for block in document.blocks]
    assert headings == [(), ("server",), ("disk",)]
    yaml = "".join(f"key{n}:\n  - a\n  - b\n" for n in range(20))
    assert len(read(tmp_path, "a.yaml", yaml).blocks) == 4
