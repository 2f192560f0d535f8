"""Does any byte of a secret reach the home?

`python -m tests.bench.secrets [--json PATH|-]` writes a folder of many kinds of files, each with a
secret of its own, indexes it and asks about it, then looks for every secret in the raw bytes of
every file of the home (as UTF-8, UTF-16 and base64), in the index's rows, and in what was printed.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape
from pathlib import Path

from tests.bench.common import say, write_json
from tests.redact_samples import samples

_OVERLAP = 4096
_TYPED = ("github p", "openai", "jwt", "aws")
_PIECE = 1 << 24
_SUFFIXES = ("md", "txt", "py", "log", "html", "eml", "ipynb", "json", "yaml", "docx", "xlsx")
_OWN = {
    "env": "env", "env plain": "env", "env quoted": "env", "yaml": "yaml", "toml": "toml",
    "ini": "ini", "json": "json", "named": "json", "csv": "csv", "markdown": "md", "xml": "xml",
    "code": "py", "client secret": "json", "kubeconfig": "yaml",
}  # fmt: skip
"""Kinds that only make sense in one type of file."""


@dataclass(frozen=True, slots=True)
class Leak:
    kind: str
    file: Path
    form: str
    """How the secret was written there."""


def plant(folder: Path) -> dict[str, str]:
    """Write one file per kind; returns kind → the core of the secret that its file holds."""
    folder.mkdir(parents=True, exist_ok=True)
    planted: dict[str, str] = {}
    for number, (kind, (text, secret, _)) in enumerate(samples().items()):
        suffix = _OWN.get(kind) or _SUFFIXES[number % len(_SUFFIXES)]
        core = secret.split("\n")[1] if "\n" in secret else secret
        mark = f"{number:02d}"
        if len(core) < 16 and " " not in core and core.isalnum() and kind not in ("pin",):
            text, core = text.replace(core, core + mark), core + mark
        if core in planted.values():
            continue
        _write(folder / f"{number:02d} {kind}.{suffix}", text)
        planted[kind] = core
    return planted


def leaks(home: Path, secrets: Mapping[str, str]) -> list[Leak]:
    """Every place where a secret stands in a file of the home."""
    forms = [
        (kind, form, needle)
        for kind, secret in secrets.items()
        for form, needle in _forms(secret)
        if len(secret) >= 6  # a shorter one occurs by chance
    ]
    found: list[Leak] = []
    for path in sorted(home.rglob("*")):
        if path.is_file() and not path.is_symlink():
            seen: set[tuple[str, str]] = set()
            with path.open("rb") as file:
                tail = b""
                while piece := file.read(_PIECE):
                    data = tail + piece
                    seen |= {(kind, form) for kind, form, needle in forms if needle in data}
                    tail = data[-_OVERLAP:]
            found += (Leak(kind, path, form) for kind, form in sorted(seen))
    return found


def _forms(secret: str) -> list[tuple[str, bytes]]:
    raw = secret.encode()
    forms = [("utf-8", raw), ("utf-16", secret.encode("utf-16-le"))]
    for shift in range(3):  # the letters of base64 depend on where the secret begins
        coded = base64.b64encode(b"\0" * shift + raw)
        forms.append(("base64", coded[(0, 2, 3)[shift] : len(coded) - 4]))
    return [(name, needle) for name, needle in forms if len(needle) >= 6]


def _write(path: Path, text: str) -> None:
    match path.suffix:
        case ".html":
            path.write_text(f"<html><body><p>Note</p><pre>{escape(text)}</pre></body></html>")
        case ".eml":
            mail = EmailMessage()
            mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", "Note"
            mail.set_content(f"Hello,\n\n{text}\n\nBye")
            path.write_bytes(mail.as_bytes())
        case ".ipynb":
            cell = {"cell_type": "code", "source": [text], "metadata": {}, "outputs": []}
            path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}))
        case ".docx":
            _write_docx(path, text)
        case ".xlsx":
            _write_xlsx(path, text)
        case ".py" if "\n" in text or "=" not in text:
            path.write_text(f'"""{text}"""\n')
        case ".log":
            path.write_text(f"2026-03-01 10:00:00 INFO started\n2026-03-01 10:00:01 DEBUG {text}\n")
        case ".md":
            path.write_text(f"# Note\n\n{text}\n\nThe garden needs water.\n")
        case _:
            path.write_text(text if text.endswith("\n") else text + "\n")


def _write_docx(path: Path, text: str) -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    rows = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(row)}</w:t></w:r></w:p>'
        for row in text.split("\n")
    )
    main = f'<w:document xmlns:w="{space}"><w:body>{rows}</w:body></w:document>'
    _write_office(path, "word/document.xml", main, "wordprocessingml.document.main")


def _write_xlsx(path: Path, text: str) -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{escape(row)}</t></is></c></row>'
        for n, row in enumerate(text.split("\n"), 1)
    )
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    book = (
        f'<workbook xmlns="{space}" xmlns:r="{relations}">'
        '<sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    sheet = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    more = {
        "xl/worksheets/sheet1.xml": sheet,
        "xl/_rels/workbook.xml.rels": _relations("worksheet", "worksheets/sheet1.xml"),
    }
    _write_office(path, "xl/workbook.xml", book, "spreadsheetml.sheet.main", more)


def _write_office(
    path: Path, name: str, main: str, kind: str, more: Mapping[str, str] | None = None
) -> None:
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{name}" '
        f'ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/></Types>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", types)
        file.writestr("_rels/.rels", _relations("officeDocument", name))
        for inner, content in {name: main, **(more or {})}.items():
            file.writestr(inner, content)


def _relations(kind: str, target: str) -> str:
    base = "http://schemas.openxmlformats.org"
    return (
        f'<Relationships xmlns="{base}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{base}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
        "</Relationships>"
    )


def run(base: Path) -> dict[str, object]:
    """Plant, index and ask through the commands, then look into every byte and every row."""
    env = {**os.environ, "CAIRN_HOME": str(base / "home"), "CAIRN_CONFIG": str(base / "none.toml")}

    def cairn(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "cairn.app", *words]
        return subprocess.run(command, capture_output=True, text=True, env=env, check=False)

    secrets = plant(base / "life")
    said = [cairn("add", str(base / "life")), cairn("status", "--failed"), cairn("rebuild")]
    for kind, secret in secrets.items():
        if len(secret) < 200 and kind in _TYPED:
            said.append(cairn("remember", f"my token is {secret}"))
    said += [cairn("search", "password"), cairn("ask", "what is the token?"), cairn("status")]
    state = json.loads(cairn("status", "--json").stdout)["data"]
    cairn("daemon", "stop")
    told = "".join(done.stdout + done.stderr for done in said)
    found = leaks(base / "home", secrets) + _leaked_rows(base / "home", secrets)
    return {
        "kinds": len(secrets),
        "seen_in_the_folder_itself": len({leak.kind for leak in leaks(base / "life", secrets)}),
        "files": state["counts"]["files"], "indexed": state["counts"]["indexed"],
        "redacted_files": state["counts"]["redacted"],
        "leaks": [f"{leak.kind}: {leak.file.name} ({leak.form})" for leak in found],
        "shown": [kind for kind, secret in secrets.items() if len(secret) >= 6 and secret in told],
    }  # fmt: skip


def _leaked_rows(home: Path, secrets: Mapping[str, str]) -> list[Leak]:
    """In the index's texts as they are read back, since its files are compressed."""
    import lancedb

    database = lancedb.connect(str(home / "index"))
    found = []
    for name in database.list_tables(limit=100).tables:
        rows = database.open_table(name).to_arrow().drop_columns(["vector"]).to_pylist()
        text = json.dumps(rows, ensure_ascii=False)
        for kind, secret in secrets.items():
            quoted = json.dumps(secret, ensure_ascii=False)[1:-1]
            if len(secret) >= 6 and quoted in text:
                found.append(Leak(kind, home / "index" / name, "row"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = run(Path(folder))
    say(json.dumps(figures, indent=1))
    if options.json:
        write_json(figures, options.json)


if __name__ == "__main__":
    main()
