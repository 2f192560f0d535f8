"""Our kernels inside llama.cpp: `attach()` before a model is loaded with `use_extra_bufts`.

Weights of the chosen types are packed for the kernels of lut/ and multiplied by them; all else
stays with llama.cpp. Called in a model's process only, by core/models. Invariant: a llama.cpp other
than the one these are made for, or one that fails a check, is left as it is, with a reason.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from cairn import native

TYPES = {
    "Q4_0": 2, "Q8_0": 8, "Q2_K": 10, "Q3_K": 11, "Q4_K": 12, "Q6_K": 14, "TQ1_0": 34, "TQ2_0": 35,
}  # fmt: skip
"""What the kernels know, by ggml's numbers."""


@dataclass(frozen=True, slots=True)
class Held:
    tensors: int
    bytes: int


def attach(
    types: Collection[str] = tuple(TYPES), *, level: str = "", version: str = "", missing: str = ""
) -> str:
    """Why the kernels can't be used in this process; empty when they can.

    May be called again: the `types` hold for the models that are loaded from then on. Another
    `version`, or a symbol that is `missing`, is for trying out a refusal.
    """
    if native.load_error():
        return f"the compiled kernels did not load: {native.load_error()}"
    level = level or native.level()
    if level == "numpy":
        return "the compiled kernels are switched off"
    import cairn.native._kernels as kernels

    folder = _libraries()
    if folder is None:
        return "llama.cpp's libraries are not where they were expected"
    numbers = sorted(TYPES[name] for name in types)
    return kernels.ggml_attach(
        str(folder), level, numbers, version or kernels.GGML_VERSION, missing
    )


def paces(kind: str, rows: int, columns: int, tokens: int, runs: int = 5) -> tuple[float, float]:
    """Seconds of a product by our kernels and by llama.cpp's own, after `attach`; 0 for neither."""
    import cairn.native._kernels as kernels

    return kernels.ggml_paces(TYPES[kind], rows, columns, tokens, runs)


def held() -> Held:
    """What of models lies in our buffers now."""
    if native.load_error():
        return Held(0, 0)
    import cairn.native._kernels as kernels

    return Held(*kernels.ggml_held())


def stamp() -> str:
    """Tells one build of the kernels from another."""
    if native.load_error():
        return ""
    import cairn.native._kernels as kernels

    status = Path(kernels.__file__).stat()
    return f"{status.st_size} {status.st_mtime_ns}"


def _libraries() -> Path | None:
    """Where those lie that this process has loaded."""
    import llama_cpp.llama_cpp  # it loads them

    folder = Path(llama_cpp.__file__).parent / "lib"
    return folder if folder.is_dir() else None
