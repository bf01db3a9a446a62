"""Short lists of an expert's own, kept in the user's configuration: quick marks, canned sentences."""

from __future__ import annotations

import json
from pathlib import Path

from platformdirs import user_config_path

from woz.base.errors import WozError
from woz.base.outside import read_file

MAX_ENTRIES = 9
MAX_LETTERS = 300


class OwnList:
    """A JSON list of texts in a file; where there is no sound one, the defaults."""

    def __init__(self, file_name: str, defaults: tuple[str, ...], folder: Path | None = None) -> None:
        self._path = (folder or user_config_path("woz")) / file_name
        self._defaults = defaults

    def load(self) -> list[str]:
        try:
            return _sound(read_file(self._path, list[object]))
        except (OSError, ValueError):
            return list(self._defaults)

    def save(self, entries: list[str]) -> None:
        """Raises WozError where the file can't be written."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps(_sound(entries), ensure_ascii=False, indent=1), encoding="utf-8")
        except OSError as error:
            raise WozError(f"The list can't be kept in {self._path} ({error.strerror}).") from error


def quick_marks(folder: Path | None = None) -> OwnList:
    defaults = ("Question", "Hesitation", "Unasked help", "Praise", "Danger", "Interesting")
    return OwnList("quick_marks.json", defaults, folder)


def sentences(folder: Path | None = None) -> OwnList:
    defaults = ("Well done.", "Please wait a moment.", "Please do that once more.", "Careful!", "Go on.")
    return OwnList("sentences.json", defaults, folder)


def _sound(entries: list[object] | list[str]) -> list[str]:
    texts = [e.strip()[:MAX_LETTERS] for e in entries if isinstance(e, str) and e.strip()]
    return texts[:MAX_ENTRIES]
