"""A run's folder: what was asked of which release, so that it goes on, and is never mixed with another one."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from woz.base.errors import WozError
from woz.base.outside import Unsound, read_file
from woz.dataset.evaluation.request import Asking
from woz.dataset.release.building_folder import MANIFEST, sha256

SETTINGS, SCORES, EXCHANGES = "run.json", "scores.json", "exchanges.jsonl"


@dataclass(frozen=True, slots=True)
class Settings:
    """`manifest` is the SHA-256 of the release's manifest; `folder` where the release was then.

    `questions` are asked, `windows` beside them, and `tasks`.
    """

    release: str
    manifest: str
    folder: str
    split: str
    conditions: list[str]
    asking: Asking
    sound: bool = False
    cluster: str = "group"
    windows: list[str] = field(default_factory=list)
    window_s: float = 5.0
    tasks: list[str] = field(default_factory=list)
    questions: bool = True
    woz: str = ""


def usual_folder(release: str, model: str) -> str:
    """The name of a run's folder where none is chosen."""
    plain = re.sub(r"[^\w.-]+", "-", model)
    return f"{release}.{plain}.run"


def manifest_hash(folder: Path) -> str:
    return sha256(folder / MANIFEST)


def begin(folder: Path, wanted: Settings) -> Settings:
    """Make the folder, or go on with it; conditions that are new are added to those of before.

    Raises WozError where it is another run's: of a release that was changed since, or asked in another way.
    """
    if (folder / SETTINGS).exists():
        known = read_settings(folder)
        if known.manifest != wanted.manifest:
            raise WozError(
                f"{folder} is a run of {known.release} as it was before; the release has changed since. Choose"
                " another folder with --out."
            )
        fields = ("split", "asking", "sound", "window_s")
        if any(getattr(known, name) != getattr(wanted, name) for name in fields):
            raise WozError(f"{folder} is a run with other settings; choose another folder with --out.")
        wanted = replace(
            wanted,
            conditions=_both(known.conditions, wanted.conditions),
            windows=_both(known.windows, wanted.windows),
            tasks=_both(known.tasks, wanted.tasks),
            questions=known.questions or wanted.questions,
        )
    elif folder.exists() and any(folder.iterdir()):
        raise WozError(f"{folder} holds something else than a run; choose another folder with --out.")
    write(folder / SETTINGS, json.dumps(asdict(wanted), indent=1, ensure_ascii=False) + "\n")
    return wanted


def read_settings(folder: Path) -> Settings:
    """Raises WozError for a folder that is no run."""
    try:
        return read_file(folder / SETTINGS, Settings)
    except FileNotFoundError:
        raise WozError(f"{folder} is no run of woz evaluate run: it has no {SETTINGS}.") from None
    except OSError as error:
        raise WozError(f"{folder / SETTINGS} can't be read ({error.strerror}).") from error
    except Unsound as error:
        raise WozError(f"{folder / SETTINGS} is no run's: {error}.") from error


def write(path: Path, text: str) -> None:
    """Whole or not at all. Raises WozError where it can't be written."""
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        raise WozError(f"{path} can't be written ({error.strerror}).") from error


def _both(known: Sequence[str], new: Sequence[str]) -> list[str]:
    return list(dict.fromkeys((*known, *new)))
