"""How the seats reach each other: from the command line, else the environment, else the settings file."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from woz.base.errors import WozError
from woz.base.outside import Data, read_toml
from woz.link.connection.reach import SETTINGS, Reach


def network_file() -> Path:
    from platformdirs import user_config_path

    return Path(os.environ.get("WOZ_NETWORK_FILE") or user_config_path("woz") / "network.toml")


def reach_of(arguments: Namespace | None = None) -> Reach:
    """Raises WozError for a setting that can't be understood."""
    said = {key: getattr(arguments, key, None) for key in SETTINGS}
    found = {key: os.environ.get(f"WOZ_{key.upper()}") for key in SETTINGS}
    return Reach.of({**_read(network_file()), **_given(found), **_given(said)})


def _given(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in settings.items() if value}


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path, Data)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise WozError(f"{path} can't be read as settings ({error}).") from error
