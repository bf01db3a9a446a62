"""A store's files by their keys. Where it is away, work waits for it and goes on."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

from woz.base.back_off import BackOff
from woz.base.errors import UnreachableError, WozError, reason_of
from woz.base.extras import how_to_add
from woz.store.faults import WORDLESS, Fault, code_of, fault_of
from woz.store.place import S3, StorePlace

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

T = TypeVar("T")
PATIENCE_S = 600.0
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 15.0
CONNECT_S, ANSWER_S = 10, 60
BLOCK = 1 << 20
"""Bytes that are read at once where a file is jumped about in."""


class Remote:
    """Raises WozError in all methods where the store refuses, UnreachableError where it would refuse all else, too:
    it stays away too long, is full, or doesn't take the keys.
    """

    def __init__(
        self, place: StorePlace, tell: Callable[[str], object] = lambda _: None, patience_s: float = PATIENCE_S
    ) -> None:
        self.place = place
        self._fs = _file_system(place)
        self._base = place.url.removeprefix(S3).rstrip("/")
        self._tell, self._patience_s = tell, patience_s

    def read(self, key: str) -> bytes | None:
        """All of a small file; None where there is none."""
        try:
            return self.patiently(lambda: bytes(self._fs.cat_file(self._path(key))))
        except FileNotFoundError:
            return None

    def write(self, key: str, data: bytes) -> None:
        """A small file, whole or not at all."""
        self._put(key, lambda target: self._fs.pipe_file(target, data))

    def send(self, source: Path, key: str) -> None:
        """A file, whole or not at all."""
        self._put(key, lambda target: self._fs.put_file(str(source), target))

    def size(self, key: str) -> int | None:
        """In bytes; None where there is none."""
        try:
            return int(self.patiently(lambda: self._fs.info(self._path(key)))["size"])
        except FileNotFoundError:
            return None

    def open(self, key: str) -> IO[bytes]:
        """To be jumped about in: only the blocks that are asked for are fetched."""
        opened: IO[bytes] = self.patiently(lambda: self._fs.open(self._path(key), **self._reading()))
        return opened

    def range(self, key: str, start: int, end: int) -> bytes:
        """Some bytes of a file. Raises FileNotFoundError where there is none."""
        return self.patiently(lambda: bytes(self._fs.cat_file(self._path(key), start=start, end=end)))

    def folders(self, key: str) -> list[str]:
        """The names of the folders in a folder."""
        try:
            found = self.patiently(lambda: self._fs.ls(self._path(key), detail=True))
        except FileNotFoundError:
            return []
        return sorted(one["name"].rstrip("/").rpartition("/")[2] for one in found if one["type"] == "directory")

    def delete(self, key: str) -> None:
        """A file, or a folder with all that is in it; nothing where there is none."""
        with contextlib.suppress(FileNotFoundError):
            self.patiently(lambda: self._fs.rm(self._path(key), recursive=True))

    def patiently(self, ask: Callable[[], T]) -> T:
        """The answer, as soon as the store gives one. Raises FileNotFoundError where there is no such file."""
        waits, until = BackOff(FIRST_WAIT_S, LONGEST_WAIT_S), None
        while True:
            try:
                with contextlib.suppress(AttributeError):
                    self._fs.invalidate_cache()
                self._demand_there()
                return ask()
            except WozError:
                raise
            except Exception as fault_met:
                error = self._worded(fault_met)
                fault = fault_of(error)
                if fault == Fault.ABSENT and error is fault_met:
                    raise
                if fault != Fault.AWAY:
                    raise self._refusal(fault, error) from error
                until = until or self._waiting(error)
                if time.monotonic() > until:
                    raise UnreachableError(self._away(error)) from error
                time.sleep(waits.next_s())

    def _worded(self, error: Exception) -> Exception:
        """A store refuses without a word where only the head of a file was asked for; its listing has one."""
        if code_of(error) in WORDLESS:
            try:
                self._fs.ls(self._base)
            except Exception as told:
                return told
        return error

    def _waiting(self, error: Exception) -> float:
        self._tell(f"The store {self.place.url} doesn't answer ({_words(error)}); waiting for it.")
        return time.monotonic() + self._patience_s

    def _away(self, error: Exception) -> str:
        return (
            f"The store {self.place.url} doesn't answer ({_words(error)}); run it again when it does: what was sent"
            " or fetched is kept."
        )

    def _refusal(self, fault: Fault, error: Exception) -> WozError:
        url = self.place.url
        if fault == Fault.EXPIRED:
            return UnreachableError(f"The keys to the store {url} have expired; get new ones, then run it again.")
        if fault == Fault.CLOCK:
            return UnreachableError(
                f"This computer's clock is not that of the store {url}; set it, then run it again."
            )
        if fault == Fault.FULL:
            return UnreachableError(
                f"The store {url} is full ({_words(error)}); make room there, then run it again: what was sent"
                " is kept."
            )
        if fault == Fault.NO_BUCKET:
            return self._no_bucket()
        if fault == Fault.KEYS and not self.place.on_s3:
            return WozError(f"{url} may not be read or written ({_words(error)}); check the folder's permissions.")
        if fault == Fault.KEYS:
            return UnreachableError(
                f"The store {url} refuses the keys ({_words(error)}); set AWS_PROFILE, or the keys in"
                " ~/.aws/credentials (docs/media.md)."
            )
        return WozError(f"The store {url} refuses ({_words(error)}); check its address with woz media use.")

    def _no_bucket(self) -> WozError:
        return WozError(f"There is no bucket at {self.place.url}; make it, or correct the address.")

    def _demand_there(self) -> None:
        """A folder on a disk of the network that is gone for a moment is away, not empty."""
        if not self.place.on_s3 and not Path(self._base).is_dir():
            raise ConnectionError(f"there is no folder {self._base}")

    def _put(self, key: str, put: Callable[[str], object]) -> None:
        target = self._path(key)

        def whole() -> None:
            if self.place.on_s3:
                put(target)
                return
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            put(f"{target}.part")
            Path(f"{target}.part").replace(target)

        try:
            self.patiently(whole)
        except FileNotFoundError as error:
            raise self._no_bucket() from error

    def _reading(self) -> dict[str, Any]:
        return {"mode": "rb", "block_size": BLOCK, "cache_type": "blockcache"} if self.place.on_s3 else {}

    def _path(self, key: str) -> str:
        return f"{self._base}/{key}"


def _file_system(place: StorePlace) -> AbstractFileSystem:
    try:
        import fsspec

        if not place.on_s3:
            return fsspec.filesystem("file")
        import s3fs
    except ImportError:
        raise WozError(f"A store needs fsspec and s3fs (20 MB); {how_to_add('store')}") from None
    config = {"connect_timeout": CONNECT_S, "read_timeout": ANSWER_S, "retries": {"max_attempts": 2}}
    try:
        return s3fs.S3FileSystem(
            endpoint_url=place.endpoint or None,
            profile=place.profile or None,
            config_kwargs=config,
            skip_instance_cache=True,
            use_listings_cache=False,
        )
    except Exception as error:
        raise WozError(f"The store {place.url} can't be used ({_words(error)}); see docs/media.md.") from error


def _words(error: BaseException) -> str:
    text = reason_of(error) if isinstance(error, OSError) else str(error)
    return (" ".join(text.split()) or type(error).__name__)[:200].rstrip(".")
