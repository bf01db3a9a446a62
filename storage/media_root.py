"""Under which folder this computer finds a project's recordings: a disk of its own, or a share of all."""

from __future__ import annotations

import json
import os
from pathlib import Path

from platformdirs import user_config_path

from woz.base.errors import WozError

ENVIRONMENT = "WOZ_MEDIA_ROOT"


def media_root(project: Path) -> Path:
    """From the environment, from this computer's settings, or else the project's own folder."""
    if given := os.environ.get(ENVIRONMENT):
        return Path(given).expanduser().absolute()
    kept = _read().get(_key(project))
    return Path(kept) if kept else project


def set_media_root(project: Path, root: Path | None) -> None:
    """Remember it for this computer; None goes back to the project's own folder.

    Raises WozError where there is no such folder, or where the settings can't be written.
    """
    kept = _read()
    kept.pop(_key(project), None)
    if root is not None:
        if not root.is_dir():
            raise WozError(f"There is no folder {root}; make it or connect its disk first.")
        kept[_key(project)] = str(root.absolute())
    file = _file()
    part = file.with_name(f"{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.replace(file)
    except OSError as error:
        raise WozError(f"{file} can't be written ({error.strerror}); check its folder's permissions.") from error


def _key(project: Path) -> str:
    return str(project.resolve())


def _file() -> Path:
    return user_config_path("woz") / "media-roots.json"


def _read() -> dict[str, str]:
    file = _file()
    try:
        kept = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    except (OSError, ValueError, RecursionError) as error:
        raise WozError(f"{file} can't be read ({error}); correct or delete it.") from error
    if not isinstance(kept, dict) or not all(isinstance(root, str) for root in kept.values()):
        raise WozError(f"{file} should name one folder for each project; correct or delete it.")
    return kept
