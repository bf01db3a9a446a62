"""Opens a package into a folder, where it is a project."""

from __future__ import annotations

import shutil
from pathlib import Path

from woz.base.errors import WozError
from woz.remote.facts import PackageFacts, package_in
from woz.remote.keys import Opener
from woz.remote.sealing import unseal


def open_package(file: Path, folder: Path, opener: Opener, utc_ns: int) -> PackageFacts:
    """Raises WozError, with nothing left, where it can't be opened, holds no package, or has ended."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WozError(f"{folder} is not empty; name a new folder with --into FOLDER.")
    unseal(file, folder, opener)
    try:
        facts = package_in(folder)
        if facts is None:
            raise WozError(f"{file} holds no package of woz; ask the lab for another.")
        if facts.ended(utc_ns):
            raise WozError(f"This package ended on {facts.until}; ask the lab for a new one.")
    except WozError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return facts
