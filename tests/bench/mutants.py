"""Real files, damaged at random and read by the confined process: does anything but a file suffer?

`python -m tests.bench.mutants --minutes 10 [--data FOLDER] [--seed N] [--json PATH|-]`

For the libraries that read PDFs, spreadsheets, pictures and what Outlook leaves, which are nobody's
here to mend: each crash, hang and hunger for memory must cost the one file. After each that did not
end well a good file is read, and has to be read whole.
"""

from __future__ import annotations

import argparse
import io
import random
import tempfile
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from cairn.core.config import Limits
from cairn.core.errors import ExtractError
from cairn.core.extract.reading import Reading
from cairn.core.home import open_home
from cairn.core.process import ChildDied, TooSlow
from cairn.core.uris import file_uri
from tests.bench.common import say, write_json
from tests.extract.office_maker import docx, odf, paragraph, row, xlsx
from tests.extract.test_pictures import picture
from tests.pdf_maker import make_pdf

_GOOD = "The heron in the bathtub is fine."
_LARGEST = 2_000_000
_OFTEN = 50
_LONGEST = 1 << 12
_ODD = (b"\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"-1", b"99999999999", b"<<", b"[" * 300,
        b"<a>" * 300, b"/Kids 2 0 R", b"&a;", b"../../../etc/passwd")  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10.0)
    options.add_argument("--data", type=Path)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--json", default="")
    chosen = options.parse_args()
    found = run(60 * chosen.minutes, seeds(chosen.data), chosen.seed)
    write_json(found, chosen.json)
    for suffix, outcomes in sorted(found["by_suffix"].items()):
        say(f"{suffix:8} {', '.join(f'{name} {n}' for name, n in sorted(outcomes.items()))}")
    say(f"{found['tried']} tried, {found['restarts']} restarts, {found['peak_mb']} MB at most, "
        f"escaped: {found['escaped'] or 'nothing'}")  # fmt: skip
    raise SystemExit(bool(found["escaped"]))


def seeds(data: Path | None) -> list[tuple[str, bytes]]:
    """Names and contents: small ones that are made here, and what a folder has."""
    made = [
        ("a.pdf", make_pdf(["A heron\nstands in the bath.", "Page two"])),
        ("a.docx", docx(paragraph("A heron stands in the bath."))),
        ("a.xlsx", xlsx(row(1, "heron", 3.5, None) + row(2, "bath", 1.0, "x"))),
        ("a.odt", odf("text", "<text:p>A heron.</text:p>")),
        ("a.jpg", picture("JPEG")), ("a.png", picture("PNG")), ("a.tif", picture("TIFF")),
    ]  # fmt: skip
    files = sorted(path for path in data.rglob("*") if path.is_file()) if data else []
    small = [path for path in files if 0 < path.stat().st_size <= _LARGEST and path.suffix]
    return [*made, *((path.name, path.read_bytes()) for path in small)]


def run(seconds: float, begun: list[tuple[str, bytes]], seed: int) -> dict[str, object]:
    chance = random.Random(seed)
    outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    escaped: list[str] = []
    tried, peak = 0, 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "files").mkdir()
        good = folder / "files" / "good.txt"
        good.write_text(_GOOD + "\n")
        home = open_home(folder / "home")
        reading = Reading(Limits(), home, roots=lambda: (folder / "files",))
        until = time.monotonic() + seconds
        try:
            while time.monotonic() < until:
                name, data = chance.choice(begun)
                tried += 1
                suffix = Path(name).suffix.lower()
                path = folder / "files" / f"{tried}{suffix}"
                path.write_bytes(mutated(data, chance))
                outcome = _read(reading, path)
                outcomes[suffix][outcome.partition(":")[0]] += 1
                if outcome.startswith("escaped"):
                    escaped.append(f"{name}, try {tried}: {outcome}")
                if outcome not in ("read", "refused") or tried % _OFTEN == 0:
                    peak = max(peak, _peak_mb(reading.pid))
                    if (after := _read(reading, good)) != "read":
                        escaped.append(f"after {name}, try {tried}: the good file was {after}")
                path.unlink()
            restarts = reading._child.restarts
        finally:
            reading.close()
    return {
        "tried": tried, "by_suffix": outcomes, "restarts": restarts, "peak_mb": peak,
        "escaped": escaped,
    }  # fmt: skip


def _read(reading: Reading, path: Path) -> str:
    """How it ended, in a word."""
    try:
        read = reading.read(path, file_uri(path))
    except ExtractError as error:
        return error.code if error.code in ("memory", "crashed") else "refused"
    except TooSlow:
        return "hung"
    except ChildDied:
        return "crashed"
    except Exception as error:  # the daemon would have met it
        return f"escaped: {type(error).__name__}: {error}"
    if path.name == "good.txt":
        return "read" if [chunk.text for chunk in read.chunks] == [_GOOD] else "read in part"
    return "read"


def _peak_mb(pid: int | None) -> int:
    try:
        rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(row.split()[1]) >> 10 for row in rows if row.startswith("VmHWM")), 0)


# -- damage


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A container is mostly damaged within, as its check sums would otherwise end all at once."""
    if data.startswith(b"PK\3\4") and chance.random() < 0.9:
        return _within(data, chance)
    return _damaged(data, chance)


def _within(data: bytes, chance: random.Random) -> bytes:
    packed = io.BytesIO()
    try:
        members = list(_members(data))
    except (zipfile.BadZipFile, ValueError, OSError):
        return _damaged(data, chance)
    ill = chance.randrange(len(members)) if members else 0
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for at, (name, content) in enumerate(members):
            archive.writestr(name, _damaged(content, chance) if at == ill else content)
    return packed.getvalue()


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                yield info.filename, archive.read(info)


def _damaged(data: bytes, chance: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(1 << chance.randrange(6)):
        at = chance.randint(0, len(made))
        end = min(len(made), at + chance.randrange(1, _LONGEST))
        match chance.randrange(6):
            case 0 | 1:
                if at < len(made):
                    made[at] ^= 1 << chance.randrange(8)
            case 2:
                del made[at:end]
            case 3:
                made[at:at] = made[at:end] * chance.choice((1, 2, 20))
            case 4:
                odd = chance.choice(_ODD)
                made[at : at + len(odd) * chance.randrange(2)] = odd
            case 5:
                made[at:end] = chance.randbytes(end - at)
    return bytes(made[: 2 * _LARGEST])


if __name__ == "__main__":
    main()
