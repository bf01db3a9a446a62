"""Where a project's store is, in a file of the project; its keys stand where the store's programs look for them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from woz.base.commands import quoted
from woz.base.errors import WozError, reason_of
from woz.base.outside import Unsound, read_file

FILE = "store.json"
S3 = "s3://"


class StorePlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`url` is s3://BUCKET/PREFIX or the path of a folder. `endpoint` is a store's address where it isn't Amazon's,
    `profile` one of the keys in ~/.aws. Of what is here and in the store, `keep_gb` may stay (GB of 10^9 bytes)."""

    url: str
    endpoint: str = ""
    profile: str = ""
    keep_gb: Annotated[float, Meta(ge=0)] | None = None

    @property
    def on_s3(self) -> bool:
        return self.url.startswith(S3)


def place_of(project: Path) -> StorePlace:
    """Raises WozError where the project has no store, or its file is damaged."""
    path = project / FILE
    try:
        return checked_place(read_file(path, StorePlace))
    except FileNotFoundError:
        raise WozError(f"{project} has no store for its recordings; {_set_one(project)}") from None
    except OSError as error:
        raise WozError(f"{path} can't be read ({reason_of(error)}); check the folder's permissions.") from error
    except Unsound as error:
        raise WozError(f"{path} is damaged ({error}); {_set_one(project)}") from error


def _set_one(project: Path) -> str:
    return f"run: woz media use {quoted(project)} URL"


def has_store(project: Path) -> bool:
    return (project / FILE).is_file()


def set_place(project: Path, place: StorePlace | None) -> None:
    """None takes it away; what is in the store stays there. Raises WozError where it can't be written."""
    path = project / FILE
    part = path.with_suffix(".part")
    try:
        if place is None:
            path.unlink(missing_ok=True)
            return
        part.write_bytes(msgspec.json.format(msgspec.json.encode(checked_place(place)), indent=1) + b"\n")
        part.replace(path)
    except OSError as error:
        raise WozError(f"{path} can't be written ({reason_of(error)}); check the folder's permissions.") from error


def checked_place(place: StorePlace) -> StorePlace:
    """Raises WozError for what is no address of a store."""
    bucket = place.url.removeprefix(S3).strip("/")
    if place.on_s3 and bucket and "@" not in place.url:
        return place
    if not place.on_s3 and "://" not in place.url and Path(place.url).is_absolute():
        return place
    shown = place.url.rpartition("@")[2]
    raise WozError(f"“{shown}” is no store; give s3://BUCKET/PREFIX without keys in it, or the path of a folder.")
