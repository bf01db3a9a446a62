"""What went wrong in a library, in one plain sentence that says what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping

from woz.base.errors import WozError

MEMORY = re.compile(
    r"out of memory|CUBLAS_STATUS_(ALLOC_FAILED|NOT_INITIALIZED)|parallel_for failed: cudaErrorInvalidDevice|"
    r"bad_alloc|can't allocate memory|MemoryError",
    re.I,
)
"""Without memory cuBLAS is “not initialized” as well, and a kernel has an “invalid device” (seen on an H100)."""
GPU = re.compile(
    r"cudnn|cublas|libcu\w+|CUDA driver|no kernel image|CUDA error|CUDA failed|nvrtc|forward compatibility", re.I
)
KILLED = -9


def is_out_of_memory(error: BaseException) -> bool:
    """torch, CTranslate2 and Python each say it in their own way."""
    return isinstance(error, MemoryError) or bool(MEMORY.search(str(error)))


def sentence(text: str, versions: Mapping[str, str]) -> str | None:
    """For a mismatch of CUDA, cuDNN and driver: which versions met, and what mends it. None for anything else."""
    if MEMORY.search(text) or not GPU.search(text):
        return None
    met = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"The GPU's libraries don't fit together ({met}): {_short(text)}; "
        "install the pinned versions again (sh packaging/setup.sh test), or transcribe with --device cpu."
    )


def last_words(text: str, status: int, versions: Mapping[str, str]) -> str:
    """Why a child process ended, from what it wrote on its error stream and its exit status."""
    known = sentence(text, versions)
    if known:
        return known
    if status == KILLED or MEMORY.search(text):
        return "Recognition was killed, most often for want of memory; try a smaller model or --batch 1."
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    words = lines[-1][-300:] if lines else "it said nothing"
    return f"Recognition died (status {status}): {words}; woz doctor may tell why."


def as_woz(error: Exception, versions: Mapping[str, str]) -> WozError:
    """The same fault as a sentence for a person."""
    if isinstance(error, WozError):
        return error
    if is_out_of_memory(error):
        return WozError("There is not enough memory even for the smallest batch; try a smaller model.")
    text = f"{type(error).__name__}: {error}"
    return WozError(
        sentence(text, versions) or f"Recognition failed ({_short(text)}); run woz doctor to see what is amiss."
    )


def _short(text: str) -> str:
    return " ".join(text.split())[:200]
