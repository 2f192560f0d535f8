import numpy as np
from numpy.typing import NDArray

def levels() -> list[str]: ...
def top_k(
    level: str,
    codes: NDArray[np.int8],
    scales: NDArray[np.float32],
    query: NDArray[np.int8],
    query_scale: float,
    k: int,
    mask: NDArray[np.uint8] | None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]: ...

class Encoder:
    def __init__(
        self,
        level: str,
        counts: list[int],
        epsilon: float,
        tensors: dict[str, tuple[str, int, int, NDArray[np.uint8]]],
    ) -> None: ...
    def states(self, sequences: list[NDArray[np.int32]], threads: int) -> NDArray[np.float32]: ...

def encode_levels() -> list[str]: ...
def encode_product(
    level: str, weights: tuple[str, int, int, NDArray[np.uint8]], values: NDArray[np.float32]
) -> NDArray[np.float32]: ...

class Rows:
    def __init__(self, dim: int) -> None: ...
    def __len__(self) -> int: ...
    @property
    def has_sketches(self) -> bool: ...
    def append(self, codes: NDArray[np.int8], scales: NDArray[np.float32]) -> None: ...
    def write(
        self, rows: NDArray[np.int64], codes: NDArray[np.int8], scales: NDArray[np.float32]
    ) -> None: ...
    def remove(self, row: int) -> None: ...
    def search(
        self,
        level: str,
        query: NDArray[np.int8],
        query_scale: float,
        k: int,
        mask: NDArray[np.uint8] | None,
        way: str,
        threads: int,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]: ...
    def scores(
        self, level: str, query: NDArray[np.int8], query_scale: float, rows: NDArray[np.int64]
    ) -> NDArray[np.float32]: ...
    def save(self, path: str, state: str, names: bytes) -> None: ...
    @staticmethod
    def open(path: str, dim: int, state: str) -> tuple[Rows | None, bytes, str]: ...

def lut_supports(level: str, type: int, rows: int, cols: int) -> bool: ...
def lut_packed_bytes(type: int, rows: int, cols: int) -> int: ...
def lut_activation_bytes(type: int, cols: int) -> int: ...
def lut_pack(
    type: int, rows: int, cols: int, blocks: NDArray[np.uint8], packed: NDArray[np.uint8]
) -> None: ...
def lut_unpack(
    type: int, rows: int, cols: int, packed: NDArray[np.uint8], blocks: NDArray[np.uint8]
) -> None: ...
def lut_quantize(level: str, type: int, x: NDArray[np.float32], out: NDArray[np.uint8]) -> None: ...
def lut_multiply(
    level: str,
    type: int,
    packed: NDArray[np.uint8],
    rows: int,
    cols: int,
    begin: int,
    end: int,
    activations: NDArray[np.uint8],
    y: NDArray[np.float32],
) -> None: ...
def lut_read(bytes: NDArray[np.uint8]) -> int: ...
def lut_run(
    level: str,
    type: int,
    packed: NDArray[np.uint8],
    rows: int,
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    begin: int,
    end: int,
    times: int,
) -> None: ...

GGML_VERSION: str

def ggml_attach(folder: str, level: str, types: list[int], version: str, missing: str) -> str: ...
def ggml_paces(
    type: int, rows: int, columns: int, tokens: int, runs: int
) -> tuple[float, float]: ...
def ggml_held() -> tuple[int, int]: ...
