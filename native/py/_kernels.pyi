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
