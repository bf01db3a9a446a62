"""What is told of the heavy parts: which are here, and what each takes."""

from __future__ import annotations

from typing import Any

from woz.parts.known import Part, gigabytes
from woz.parts.making import has_lean_build
from woz.parts.place import folder_of, in_own_environment, is_current, made
from woz.transcription.diagnosis import driver

DEVICES = {"cuda": "the GPU", "cpu": "the processor"}


def usual_device() -> str:
    """`cuda` where there is NVIDIA's driver, else `cpu`."""
    return "cuda" if driver() else "cpu"


def part_facts(part: Part, device: str) -> dict[str, Any]:
    """As `woz add --json` tells it."""
    found = made(part)
    return {
        "part": part.name,
        "does": part.does,
        "here": found is not None,
        "of_the_program": in_own_environment(part.modules),
        "current": found is not None and is_current(part, found),
        "device": found.device if found else device,
        "folder": str(folder_of(part)),
        "takes_bytes": part.takes[device],
        "takes_at_most_bytes": part.takes["cuda" if has_lean_build(part, device) else device],
    }


def takes_words(part: Part, device: str) -> str:
    """Said before anything is fetched."""
    where = f"For {DEVICES[device]} it" if part.for_gpus else "It"
    words = (
        f"{where} takes about {gigabytes(part.takes[device])} GB in {folder_of(part)};"
        " about half of that is fetched."
    )
    if has_lean_build(part, device):
        words += (
            " Where PyTorch's own place of that build can't be reached, the one with CUDA is taken: about"
            f" {gigabytes(part.takes['cuda'])} GB."
        )
    return words


def part_words(part: Part) -> str:
    """Whether it is here, and the command that brings it."""
    if in_own_environment(part.modules):
        return f"{part.name} is installed with this program."
    found = made(part)
    if found is None:
        return f"{part.name} is not here; run: woz add {part.name}"
    if not is_current(part, found):
        return f"{part.name} is here, in the versions of woz {found.woz}; to renew it, run: woz add {part.name}"
    return f"{part.name} is here, for {DEVICES[found.device]}." if part.for_gpus else f"{part.name} is here."
