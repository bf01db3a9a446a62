"""The heavy parts that there are, and what each takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError

PINS = Path(__file__).parent / "pins"
GB = 10**9


@dataclass(frozen=True, slots=True)
class Part:
    """`modules` prove that it is whole; `takes` is what it fills on the disk in bytes, by device (cuda or cpu)."""

    name: str
    does: str
    modules: tuple[str, ...]
    takes: Mapping[str, int]

    @property
    def for_gpus(self) -> bool:
        """Whether there is another build of it for a GPU."""
        return self.takes["cuda"] != self.takes["cpu"]

    @property
    def pins(self) -> Path:
        """The versions that are installed, as uv and pip read them."""
        return PINS / f"{self.name}.txt"


PARTS = (
    Part(
        "speech",
        "recognises speech and tells voices apart",
        ("whisperx", "torch", "pyannote.audio"),
        {"cuda": 8 * GB, "cpu": 2 * GB},
    ),
    Part(
        "blur",
        "runs EgoBlur's detectors of faces; the usual detector needs no part",
        ("torch", "cv2"),
        {"cuda": 7 * GB, "cpu": 1 * GB},
    ),
    Part(
        "names",
        "proposes names that nobody entered, by spaCy",
        ("spacy",),
        {"cuda": 3 * GB // 10, "cpu": 3 * GB // 10},
    ),
)


def gigabytes(size: int) -> str:
    """In GB, 8 or 6.5."""
    return f"{size / GB:.1f}".removesuffix(".0")


def part_named(name: str) -> Part:
    """Raises WozError where there is none."""
    for part in PARTS:
        if part.name == name:
            return part
    raise WozError(f"There is no part {name}; those are {', '.join(part.name for part in PARTS)}.")
