"""What `--json` prints: one envelope, and no field that docs/json.md does not tell of."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.conftest import Cairn

DOCUMENT = (Path(__file__).parent.parent.parent / "docs" / "json.md").read_text("utf-8")
_PROSE = re.sub(r"```.*?```", "", DOCUMENT, flags=re.DOTALL)
TOLD = {word for span in re.findall(r"`([^`]+)`", _PROSE) for word in re.findall(r"\w+", span)}
COMMANDS = """add LIFE|search garden budget|ask what did the boiler service cost?|show 1|status
status --failed|doctor|paths|config|config get watch.quiet_s|config set watch.quiet_s 3
daemon status|remember The spare key is with Jonas.
tree|tree log|review|profile|wrong|good|bad|changes|day
habits|sources|sources detect|chats|graph garden|why-not LIFE/boiler.txt|findability|model list
model recommend|private status|private on|private off|daemon pause|daemon resume|service status
service install|service uninstall|add --dry-run LIFE|export OUT|backup BK|backup --check BK
rebuild|remove LIFE|daemon restart|daemon stop"""


def test_every_document_is_in_the_envelope_and_told_of(
    cairn: Cairn, life: Path, tmp_path: Path
) -> None:
    untold: dict[str, set[str]] = {}
    for line in COMMANDS.replace("\n", "|").split("|"):
        where = {"LIFE": str(life), "OUT": str(tmp_path / "out"), "BK": str(tmp_path / "bk")}
        words = [where.get(word, word.replace("LIFE", str(life))) for word in line.split()]
        ran = cairn(*words, "--json")
        assert ran.code in (0, 1, 3), (line, ran.err)
        document = json.loads(ran.out)
        assert set(document) == {"schema_version", "command", "data"}, line
        assert line.startswith(document["command"].split()[0]), line
        if line != "paths" and (found := set(document["data"]) - TOLD):
            untold[line] = found
    assert untold == {}


def test_a_mistake_in_the_command_line_is_told_in_the_envelope(cairn: Cairn) -> None:
    for typed in (["search", "--json"], ["tree", "diff", "x", "--json"], ["sarch", "--json"]):
        ran = cairn(*typed)
        error = json.loads(ran.out)["error"]
        assert ran.code == error["exit_code"] == 2
        assert error["message"] and error["hint"]
