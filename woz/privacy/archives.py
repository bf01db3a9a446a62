"""Archives, a member at a time: zip and what is one (npz, docx), tar, and single files in gzip, bzip2 or xz.

Told by their first bytes, not by how they are called; gzip's header by RFC 1952.
"""

from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

MOST_OF_ONE = 2 << 30
MOST_OF_ALL = 32 << 30
"""Bytes that are unpacked of a member, and of a file with all archives in it."""
_HEAD = 262
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP, _BZIP2, _XZ = b"\x1f\x8b\x08", b"1AY&SY", b"\xfd7zXZ\x00"
_SUFFIX = 12
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,
    OverflowError,
    NotImplementedError,
)
TOO_LARGE = "too large to be unpacked"


class UnpackError(Exception):
    """Why an archive, or what comes further on in it, isn't unpacked."""


@dataclass(frozen=True, slots=True)
class Member:
    """`file` holds it until the next is asked for; None for a folder or a link, and where `why` says what stood in
    the way. `says` is what the archive tells of it: owners, comments, where a link leads.
    """

    name: str
    file: Path | None = None
    says: tuple[str, ...] = ()
    why: str = ""


class Source(Protocol):
    """What is unpacked."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(slots=True)
class Room:
    """A folder to unpack into, and how many bytes may be unpacked still."""

    folder: Path
    left: int = field(default_factory=lambda: MOST_OF_ALL)

    @contextlib.contextmanager
    def unpacked(self, source: Source, name: str) -> Iterator[Path | None]:
        """A file of its own with the end of its name; None where it is too large."""
        end = PurePosixPath(name).suffix
        end = end if len(end) <= _SUFFIX and end[1:].isalnum() else ""
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=end, delete=False) as file:
            path = Path(file.name)
        try:
            yield path if self._copied(source, path) else None
        finally:
            path.unlink()

    def _copied(self, source: Source, path: Path) -> bool:
        most = min(self.left, MOST_OF_ONE)
        with path.open("wb") as out:
            # zip inflates as many compressed bytes of bzip2 and LZMA whole
            while most >= 0 and (data := source.read(1 << 12)):
                out.write(data)
                most -= len(data)
                self.left -= len(data)
        return most >= 0


def is_archive(path: Path) -> bool:
    return _reader(path) is not None


def members(path: Path, own: str, room: Room) -> Iterator[Member]:
    """`own` is the archive's name, also where it lies unpacked under another one.

    Raises UnpackError once what could be unpacked is told.
    """
    reader = _reader(path)
    assert reader
    try:
        yield from reader(path, own, room)
    except _DAMAGE as error:
        raise UnpackError("damaged") from error
    except OSError as error:
        raise UnpackError(error.strerror or "damaged") from error


def _reader(path: Path) -> Callable[[Path, str, Room], Iterator[Member]] | None:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_ZIP):
        return _of_zip
    if head[257:] == b"ustar" or path.suffix.lower() == ".tar":
        return _of_tar
    if head.startswith((_GZIP, _XZ)) or (head.startswith(b"BZh") and head[4:10] == _BZIP2):
        return _of_packed
    return None


def _of_zip(path: Path, own: str, room: Room) -> Iterator[Member]:
    with zipfile.ZipFile(path) as held:
        if held.comment:
            yield Member(own, says=(held.comment.decode("utf-8", "replace"),))
        for info in held.infolist():
            says = (info.comment.decode("utf-8", "replace"),)
            if info.is_dir():
                yield Member(info.filename, says=says)
            else:
                yield from _of_zip_one(held, info, says, room)


def _of_zip_one(
    held: zipfile.ZipFile, info: zipfile.ZipInfo, says: tuple[str, ...], room: Room
) -> Iterator[Member]:
    """A member that is damaged, or locked, leaves the others."""
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(room.unpacked(stack.enter_context(held.open(info)), info.filename))
            made = Member(info.filename, file, says, "" if file else TOO_LARGE)
        except RuntimeError:
            made = Member(info.filename, says=says, why="encrypted, or packed in a way that isn't known here")
        except _DAMAGE:
            made = Member(info.filename, says=says, why="damaged")
        except OSError as error:
            made = Member(info.filename, says=says, why=error.strerror or "damaged")
        yield made


def _of_tar(path: Path, _: str, room: Room) -> Iterator[Member]:
    with tarfile.open(path) as held:
        for info in held:
            says = tuple(filter(None, (info.uname, info.gname, info.linkname, info.pax_headers.get("comment"))))
            source = held.extractfile(info) if info.isfile() else None
            if source is None:
                yield Member(info.name, says=says)
                continue
            with room.unpacked(source, info.name) as file:
                yield Member(info.name, file, says, "" if file else TOO_LARGE)
        if _goes_on(held):
            raise tarfile.ReadError("no header of a member")


def _goes_on(held: tarfile.TarFile) -> bool:
    """Whether something else than the end comes after the last member that could be read, as another tar."""
    assert held.fileobj
    held.fileobj.seek(held.offset)
    while data := held.fileobj.read(1 << 20):
        if data.strip(b"\0"):
            return True
    return False


def _of_packed(path: Path, own: str, room: Room) -> Iterator[Member]:
    """The members of a tar that is packed as a whole, else the one file."""
    if _has_tar(path):
        yield from _of_tar(path, own, room)
        return
    with path.open("rb") as file:
        head = file.read(len(_XZ))
    name = (_name_in_gzip(path) if head.startswith(_GZIP) else "") or PurePosixPath(own).stem
    with _opened(path, head) as source, room.unpacked(source, name) as unpacked:
        yield Member(name, unpacked, why="" if unpacked else TOO_LARGE)


def _has_tar(path: Path) -> bool:
    """With a member: what begins with zeros would pass for a tar that ends at once."""
    try:
        with tarfile.open(path) as held:
            return held.next() is not None
    except tarfile.TarError:
        return False


def _opened(path: Path, head: bytes) -> gzip.GzipFile | lzma.LZMAFile | bz2.BZ2File:
    if head.startswith(_GZIP):
        return gzip.open(path)
    return lzma.open(path) if head == _XZ else bz2.open(path)


def _name_in_gzip(path: Path) -> str:
    with path.open("rb") as file:
        flags = file.read(10)[3:4]
        if flags and flags[0] & 0x04:
            file.seek(int.from_bytes(file.read(2), "little"), 1)
        named = file.read(1 << 10) if flags and flags[0] & 0x08 else b""
    return named.partition(b"\x00")[0].decode("latin-1")
