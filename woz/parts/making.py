"""Makes the environment of a part by uv, beside the one that is there, which it replaces when it is proven."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from woz import __version__
from woz.base.errors import WozError
from woz.parts.known import Part, gigabytes
from woz.parts.place import NOTE, Made, folder_of, pins_hash, python_in

PYTHONS = ">=3.11,<3.13"
NVIDIAS = re.compile(r"^(nvidia-|triton)")
"""What torch's build for CUDA needs, and that without it doesn't."""
DOWNLOADING = re.compile(r"Downloading (\S+) \(([\d.]+)([KMG])iB\)")
DOWNLOADED = re.compile(r"^\s*Downloaded (\S+)")
UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}
OF_DOWNLOADS = 80
"""Percent; the rest is unpacking and proving."""
USUAL_PLACES = (".local/bin/uv", ".cargo/bin/uv")
Tell = Callable[[int, str], None]


def find_uv() -> str:
    """On the path, beside this program, or where its own installer puts it. Raises WozError where there is none."""
    beside = Path(sys.executable).parent / ("uv.exe" if sys.platform == "win32" else "uv")
    places = (beside, *(Path.home() / place for place in USUAL_PLACES))
    found = shutil.which("uv") or next((str(place) for place in places if place.is_file()), None)
    if found is None:
        raise WozError("uv is needed for this and isn't here; install it (docs.astral.sh/uv) and try again.")
    return found


def make(part: Part, device: str, tell: Tell) -> Path:
    """The environment of a part, for `cuda` or `cpu`; one that is there stays until the new one is proven.

    Raises WozError where uv is missing, nothing can be fetched, or the disk has no room.
    """
    uv, target = find_uv(), folder_of(part)
    _demand_room(part, device, target)
    with _beside(target) as new:
        tell(1, "a Python for it")
        _run([uv, "venv", "-q", "--python", _python(), str(new)], "There is no Python 3.11 or 3.12 for it")
        _install(uv, part, device, new, tell)
        tell(95, "seeing whether it works")
        _prove(part, new)
        note = Made(pins_hash(part), device, __version__)
        (new / NOTE).write_text(json.dumps(asdict(note)), encoding="utf-8")
        _take_its_place(new, target)
    tell(100, f"{part.name} is here")
    return target


def _take_its_place(new: Path, target: Path) -> None:
    """The older one lies beside the new one until that is in place, and goes with the folder around it."""
    before = new.with_name("before")
    if target.exists():
        target.rename(before)
    try:
        new.rename(target)
    except OSError as error:
        if before.exists():
            before.rename(target)
        raise WozError(f"{target} can't be written ({error.strerror}); what was there is there still.") from error


def remove(part: Part) -> None:
    shutil.rmtree(folder_of(part), ignore_errors=True)


def _python() -> str:
    """This program's own, where it runs by one."""
    return PYTHONS if getattr(sys, "frozen", False) else sys.executable


def _demand_room(part: Part, device: str, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(target.parent).free
    except OSError as error:
        raise WozError(f"{target.parent} can't be written ({error.strerror}).") from error
    if free < part.takes[device]:
        raise WozError(
            f"{part.name} takes {gigabytes(part.takes[device])} GB in {target}, where {free / 1e9:.1f} GB are free;"
            " make room."
        )


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A new folder beside the target; what is still in it at the end goes, and what a killed one left there."""
    begins = f"{target.name}-new-"
    for left in target.parent.glob(f"{begins}*"):
        shutil.rmtree(left, ignore_errors=True)
    new = Path(tempfile.mkdtemp(prefix=begins, dir=target.parent))
    try:
        yield new / "environment"
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _install(uv: str, part: Part, device: str, new: Path, tell: Tell) -> None:
    """Without a GPU, torch's smaller build where its own index can be reached; else the one that serves both."""
    install = [uv, "pip", "install", "--no-progress", "--python", str(python_in(new)), "-r"]
    if has_lean_build(part, device):
        pins = part.pins.read_text(encoding="utf-8").splitlines(keepends=True)
        lean = new / "pins.txt"
        lean.write_text("".join(line for line in pins if not NVIDIAS.match(line)), encoding="utf-8")
        try:
            return _fetch([*install, str(lean), "--torch-backend", "cpu"], part.takes[device], tell)
        except WozError as fault:
            _demand_room(part, "cuda", folder_of(part))
            tell(2, f"the build without CUDA can't be had ({str(fault)[:200]}); the larger one is taken")
    return _fetch([*install, str(part.pins)], part.takes["cuda"], tell)


def has_lean_build(part: Part, device: str) -> bool:
    """Whether there is a smaller build of its torch, without CUDA, in a place of its own."""
    return part.for_gpus and device == "cpu" and sys.platform == "linux"


def _fetch(command: Sequence[str], takes: int, tell: Tell) -> None:
    """Run uv and tell how far it is. Raises WozError with its last words."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    sizes, done, words = dict[str, float](), 0.0, list[str]()
    try:
        for line in process.stderr:
            words.append(line.strip())
            if begun := DOWNLOADING.search(line):
                sizes[begun[1]] = float(begun[2]) * UNITS[begun[3]]
            elif ended := DOWNLOADED.search(line):
                done += sizes.get(ended[1], 0.0)
                whole = max(takes / 2, sum(sizes.values()))
                tell(2 + round(OF_DOWNLOADS * done / whole), line.strip())
        status = process.wait()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    if status:
        raise WozError(_last(words))


def _prove(part: Part, new: Path) -> None:
    imports = "; ".join(f"import {module}" for module in part.modules)
    _run([str(python_in(new)), "-P", "-c", imports], f"{part.name} was installed and doesn't load")


def _run(command: Sequence[str], fault: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WozError(f"{fault} ({_last(done.stderr.splitlines())}).")


def _last(words: Sequence[str]) -> str:
    said = [line.strip() for line in words if line.strip()]
    return said[-1][:300] if said else "it said nothing"
