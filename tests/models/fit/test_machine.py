"""What a machine has free: of the system, of control groups old and new, and under pressure."""

from __future__ import annotations

from pathlib import Path

from cairn.core.models.fit.machine import is_pressed, look

GB = 1 << 30


def system(root: Path, total: int, free: int, pressure: float = 0.0) -> Path:
    (root / "proc/self").mkdir(parents=True, exist_ok=True)
    (root / "proc/pressure").mkdir(exist_ok=True)
    (root / "proc/meminfo").write_text(
        f"MemTotal:  {total * GB >> 10} kB\nMemFree:  1024 kB\nMemAvailable: {free * GB >> 10} kB\n"
    )
    (root / "proc/pressure/memory").write_text(
        f"some avg10={pressure:.2f} avg60=0.00 avg300=0.00 total=1\nfull avg10=0.00 total=0\n"
    )
    (root / "proc/self/cgroup").write_text("")
    return root


def group(path: Path, names: tuple[str, str], most: str, used: int, cached: str) -> None:
    path.mkdir(parents=True, exist_ok=True)
    (path / names[0]).write_text(most + "\n")
    (path / names[1]).write_text(f"{used}\n")
    (path / "memory.stat").write_text(f"anon 1\n{cached}\n")


def test_what_the_system_calls_available_is_free(tmp_path: Path) -> None:
    here = look(root=system(tmp_path, 16, 9))
    assert (here.total, here.free) == (16 * GB, 9 * GB)
    assert here.reserve == GB
    assert here.cores >= 1


def test_the_tightest_group_decides(tmp_path: Path) -> None:
    root = system(tmp_path, 16, 9)
    (root / "proc/self/cgroup").write_text("0::/user/cairn\n")
    names = ("memory.max", "memory.current")
    base = root / "sys/fs/cgroup"
    group(base / "user/cairn", names, "max", GB, "")
    cached = f"active_file {GB}\ninactive_file {GB}"
    group(base / "user", names, str(4 * GB), 3 * GB, cached)
    here = look(root=root)
    assert (here.total, here.free) == (4 * GB, 3 * GB)  # what it caches of files is free


def test_a_group_of_the_old_kind_decides_too(tmp_path: Path) -> None:
    root = system(tmp_path, 16, 9)
    (root / "proc/self/cgroup").write_text("9:name=systemd:/\n4:cpu,memory:/box\n0::/\n")
    names = ("memory.limit_in_bytes", "memory.usage_in_bytes")
    base = root / "sys/fs/cgroup/memory"
    group(base, names, "9223372036854771712", 7 * GB, "")
    group(base / "box", names, str(2 * GB), GB, f"total_inactive_file {GB // 2}\nactive_file {GB}")
    here = look(root=root)
    assert (here.total, here.free) == (2 * GB, 2 * GB - GB // 2)


def test_pressure_is_short_memory_or_others_that_wait_for_it(tmp_path: Path) -> None:
    assert is_pressed(system(tmp_path, 16, 1, pressure=45))
    assert not is_pressed(system(tmp_path, 16, 1))
    assert is_pressed(system(tmp_path, 16, 0))


def test_who_waits_with_much_memory_free_waits_for_something_else(tmp_path: Path) -> None:
    assert not is_pressed(system(tmp_path, 16, 9, pressure=45))


def test_this_machine_can_be_looked_at() -> None:
    here = look()
    assert 0 < here.free <= here.total
