"""What can be seen without the daemon: settings, rights, disk, native code, models, service."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from cairn import assets, native
from cairn.app import protocol, render
from cairn.core.config import load_config
from cairn.core.errors import CairnError
from cairn.core.home import home_path, open_home, size_of

Finding = tuple[str, str, str]
"""ok, warn or fail; what it is; the next command."""
_LOW_DISK = 500 << 20
_LARGEST = 3
"""Parts of the home that are named."""
_USEFUL = (
    "avx2", "fma", "f16c", "avx_vnni", "avx512f", "avx512bw", "avx512_vnni", "avx512_vbmi",
    "avx512_bf16", "amx_int8", "asimd", "asimddp", "i8mm",
)  # fmt: skip
_HELPERS = {
    "tesseract": "scanned pages", "soffice": "Pages, Numbers, WordPerfect",
    "antiword/catdoc": "Word before 97",
}  # fmt: skip


def _settings() -> Finding:
    load_config()
    return "ok", "valid", ""


def _home() -> Finding:
    home = open_home(home_path())
    # What is inside a closed folder is closed, whatever its own rights; but a link may lead out.
    led_to = [path.resolve() for path in home.path.iterdir() if path.is_symlink()]
    for path in (home.path, *led_to):
        if _is_open(path):
            command = f"chmod go= {render.quoted(str(path))}"
            return "warn", f"others may look into {path}", command
    return "ok", f"{home.path}, yours alone", ""


def _is_open(path: Path) -> bool:
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _disk() -> Finding:
    home = open_home(home_path()).path
    free = shutil.disk_usage(home).free
    if free < _LOW_DISK:
        return "warn", f"only {free >> 20} MB are free", "free some space on that disk"
    parts: Counter[str] = Counter()
    for path in home.iterdir():
        parts[path.name.partition(".")[0]] += size_of(path)
    largest = ", ".join(f"{name} {size / 1e6:.0f}" for name, size in parts.most_common(_LARGEST))
    return "ok", f"{parts.total() / 1e6:.0f} MB taken ({largest}); {free / 1e9:.0f} GB free", ""


def _native() -> Finding:
    if native.load_error():
        return (
            "fail", f"searching without native code, many times slower: {native.load_error()}",
            "pip install --force-reinstall --no-binary cairn cairn",
        )  # fmt: skip
    has = f"; this processor has {', '.join(_features())}" if _features() else ""
    return "ok", f"{native.level()} of {', '.join(native.levels())}{has}", ""


def _features() -> list[str]:
    """Of the processor, those that native code has use for."""
    try:
        told = Path("/proc/cpuinfo").read_text()
    except OSError:
        return []
    found = re.search(r"^(?:flags|Features)\s*:(.*)$", told, re.MULTILINE)
    words = set(found[1].split()) if found else set()
    return [name for name in _USEFUL if name in words]


def _embedder() -> Finding:
    custom = load_config().models.embedder
    if custom:
        found = Path(custom).expanduser().is_file()
        return (
            ("ok", custom, "")
            if found
            else ("fail", f"{custom} is missing", "cairn config set models.embedder ''")
        )
    manifest = json.loads(assets.path("embedder.json").read_text("utf-8"))
    with assets.path("embedder.gguf").open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != manifest["sha256"]:
            return "fail", "the shipped model is damaged", "pip install --force-reinstall cairn"
    return "ok", f"{manifest['name']}, checksum right", ""


def _worker() -> Finding:
    """Start a worker of its own and embed a sentence: the daemon's may be busy or broken."""
    from cairn.core.models.embedding import Embedding

    embedding = Embedding(load_config().models, open_home(home_path()).logs)
    try:
        vectors = embedding.embed(["is anybody there?"])
    finally:
        embedding.close()
    return "ok", f"embeds, {vectors.shape[1]} dimensions, by {embedding.made_by}", ""


def _model() -> Finding:
    """The model that writes, if there is one; what it says of itself, and whether it fits now."""
    from cairn.core.models.plan import Allowed, plan_file

    settings = load_config().models
    chosen = settings.generator
    if not chosen:
        return "ok", "none is used; answers are put together from your own words", ""
    path = Path(chosen).expanduser()
    try:
        planned = plan_file(path, allowed=Allowed.by(settings, None))
    except CairnError as error:
        return "warn", f"{error.message}; answers do without it", "cairn model recommend"
    if away := planned.offload:
        stays, whole = f"{away.stays / 1e9:.1f} GB", f"{away.whole / 1e9:.1f} GB"
        return (
            "ok", f"{path.name} does not fit: {stays} of {whole} stay in memory, the rest is read "
            "from the disk as it is needed", "",
        )  # fmt: skip
    needs, takes = f"{planned.need / 1e9:.1f} GB", f"{planned.window} tokens"
    return "ok", f"{path.name} fits: needs {needs} of memory, takes in {takes}", ""


def _kernels() -> Finding:
    """Whether models write faster by our own kernels within llama.cpp, or why they can't."""
    from cairn.core.models.fit.kernels import KERNELS, settle

    models = load_config().models
    if not models.kernels or not models.generator:
        return "ok", "not used: " + ("no model writes" if models.kernels else "switched off"), ""
    found = settle(open_home(home_path()).cache / KERNELS)
    if found.reason:
        return (
            "warn", f"models run by llama.cpp's own kernels: {found.reason}",
            "pip install --force-reinstall cairn",
        )  # fmt: skip
    gains = [f"{kind} {pace.gain:.1f}×" for kind, pace in found.paces if pace.is_worth_it]
    if not gains:
        return "ok", "llama.cpp's own are as fast here, and used", ""
    return "ok", f"our own write as many times as fast as llama.cpp's: {', '.join(gains)}", ""


def _programs() -> Finding:
    """What reads the few kinds of files that cairn can't read alone."""
    missing = [
        f"{program} ({what})"
        for program, what in _HELPERS.items()
        if not any(shutil.which(name) for name in program.split("/"))
    ]
    if not missing:
        return "ok", "all of those that cairn can make use of are installed", ""
    return "ok", f"not installed, and missed by such files only: {', '.join(missing)}", ""


def _socket() -> Finding:
    address = protocol.read_address(str(home_path()))
    if not address:
        return "ok", "none while no daemon runs", ""
    path = Path(address)
    if path.exists() and (
        stat.S_IMODE(path.stat().st_mode) & 0o077 or path.stat().st_uid != os.geteuid()
    ):
        return "fail", f"{path} is open to others", "cairn daemon restart"
    return "ok", "yours alone", ""


def _service() -> Finding:
    from cairn.app import service

    now = service.state()
    if not now.written:
        return (
            "ok",
            "not installed; `cairn service install` keeps the memory in step from login on",
            "",
        )
    if not now.current:
        return "warn", "its unit is of another version or place", "cairn service install"
    if not now.manager:
        return (
            "warn",
            "installed; the system's manager can't be reached here",
            service.by_hand()[-1],
        )
    if not now.running:
        return "warn", "installed, and does not run", "cairn daemon restart"
    return "ok", "runs, and starts when you log in", ""


CHECKS: dict[str, Callable[[], Finding]] = {
    "settings": _settings,
    "home": _home,
    "disk": _disk,
    "native code": _native,
    "embedder": _embedder,
    "worker": _worker,
    "model": _model,
    "kernels": _kernels,
    "programs": _programs,
    "socket": _socket,
    "service": _service,
}
