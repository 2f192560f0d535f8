from __future__ import annotations

from pathlib import Path

from cairn.core.config import Config, Watch
from cairn.core.engine import Engine
from cairn.core.home import open_home


def test_a_folder_tells_how_many_of_its_files_are_found_by_meaning(tmp_path: Path) -> None:
    life = tmp_path / "life"
    life.mkdir()
    for number in range(3):
        (life / f"{number}.md").write_text(f"# Note {number}\n\nThe lighthouse, part {number}.\n")
    engine = Engine(open_home(tmp_path / "home"), Config(watch=Watch(pause_on_battery=False)))
    try:
        engine.add(life)
        engine.work()
        (root,) = [each for each in engine.status().roots if each.path == str(life)]
        assert (root.files, root.indexed, root.embedded) == (3, 3, 3)
        assert root.changed == next(iter(engine.folders.files(life))).modified
        with engine.journal.write() as db:
            db.execute(
                "INSERT INTO jobs(kind, key, event, state) SELECT 'embed', uri, 0, 'ready' "
                "FROM files WHERE uri LIKE '%/1.md'"
            )
        (root,) = [each for each in engine.status().roots if each.path == str(life)]
        assert (root.indexed, root.embedded) == (3, 2)
    finally:
        engine.close()


def test_what_is_told_follows_what_is_written_and_what_lies_on_the_disk(tmp_path: Path) -> None:
    life = tmp_path / "life"
    life.mkdir()
    (life / "0.md").write_text("# Note\n\nThe lighthouse.\n")
    engine = Engine(open_home(tmp_path / "home"), Config(watch=Watch(pause_on_battery=False)))
    try:
        engine.add(life)
        engine.work()
        assert engine.status().counts.indexed == 1
        assert engine.status() == engine.status()
        (life / "1.md").write_text("# Another\n\nThe keeper.\n")
        engine.sweep()
        assert engine.status().counts.queued == 1
        engine.work()
        (root,) = [each for each in engine.status().roots if each.path == str(life)]
        assert (engine.status().counts.indexed, root.files, root.problem) == (2, 2, "")
        life.rename(tmp_path / "elsewhere")
        (root,) = [each for each in engine.status().roots if each.path == str(life)]
        assert "can't be reached" in root.problem and root.files == 2
    finally:
        engine.close()
