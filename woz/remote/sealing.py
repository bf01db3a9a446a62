"""A folder in one encrypted file, and out of it again.

The file is a ZIP: `content.age` holds the folder as a tar, encrypted to a recipient; where a passphrase opens it,
`key.age` holds the identity, encrypted to the passphrase. Both are plain age files, so that `age` and `tar` open a
package as well. All is written and read as a stream: a package may be larger than the memory.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyrage

from woz.base.errors import WozError
from woz.recording.folder.staging import PACKAGE, staged
from woz.remote.keys import Lock, Opener, identities_in, new_identity, opened_identity, recipient, recipient_of
from woz.remote.keys import sealed_identity as sealed

CONTENT, KEY = "content.age", "key.age"
Tell = Callable[[int, str], None]
"""Called with how much is done, in percent, and what comes now."""
CHANGED = "It was cut short or changed on the way; have it sent again."


def seal(folder: Path, out: Path, lock: Lock, tell: Tell = lambda *_: None) -> None:
    """Write a folder's files into a new file. Raises WozError, with nothing left, where it can't be written, and
    where there is a file of that name, also one that somebody wrote meanwhile.
    """
    part = _new_part(out)
    try:
        with zipfile.ZipFile(part, "w") as file:
            to = lock.recipient
            if lock.passphrase:
                identity = new_identity()
                file.writestr(KEY, sealed(identity, lock.passphrase))
                to = recipient_of(identity)
            with (
                file.open(CONTENT, "w", force_zip64=True) as content,
                _piped(lambda sink: _tar(folder, sink, tell)) as pipe,
            ):
                pyrage.encrypt_io(pipe, content, [recipient(to)])
        _demand_free(out)
        part.replace(out)
    except OSError as error:
        raise WozError(f"{out} can't be written ({error.strerror}); make room, or choose another.") from error
    finally:
        part.unlink(missing_ok=True)


def _new_part(out: Path) -> Path:
    """An empty file of this call's own beside it."""
    _demand_free(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{out.name}.", suffix=".part", dir=out.parent)
    except OSError as error:
        raise WozError(f"{out} can't be written ({error.strerror}); choose another.") from error
    os.close(handle)
    return Path(name)


def _demand_free(out: Path) -> None:
    if out.exists():
        raise WozError(f"{out} is there already; choose another file.")


def unseal(file: Path, folder: Path, opener: Opener) -> None:
    """Its files in a new folder. Raises WozError, with nothing left, where it can't be opened, is cut short or was
    changed, and where it holds what has no place in a folder.
    """
    folder = folder.absolute()
    try:
        with _container(file) as held:
            identities = _identities(held, opener)
            with staged(folder.parent, PACKAGE) as room, held.open(CONTENT) as content:
                part = room / "package"
                part.mkdir()
                _unpack(content, part, identities)
                if folder.exists():
                    folder.rmdir()
                part.replace(folder)
    except OSError as error:
        raise WozError(f"{folder} can't be made ({error.strerror}); choose another folder.") from error


@contextlib.contextmanager
def _container(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as held:
            if CONTENT not in held.namelist():
                raise WozError(f"{file} is no package of woz; choose the file that the lab sent.")
            yield held
    except zipfile.BadZipFile as error:
        raise WozError(f"{file} is no package of woz, or it is damaged. {CHANGED}") from error
    except FileNotFoundError as error:
        raise WozError(f"There is no file {file}; choose the one that the lab sent.") from error


def _identities(held: zipfile.ZipFile, opener: Opener) -> list[Any]:
    if KEY not in held.namelist():
        if not opener.identity:
            raise WozError("This package is for a key of age: give its identity with --identity FILE.")
        return identities_in(opener.identity)
    if not opener.passphrase:
        raise WozError("This package opens with a passphrase: give it with --passphrase-file FILE.")
    return identities_in(opened_identity(held.read(KEY), opener.passphrase))


def _unpack(content: IO[bytes], folder: Path, identities: list[Any]) -> None:
    """What was decrypted is believed once all of it was."""

    def decrypt(sink: IO[bytes]) -> None:
        pyrage.decrypt_io(content, sink, identities)

    try:
        with _piped(decrypt) as pipe:
            try:
                with tarfile.open(fileobj=pipe, mode="r|") as tar:
                    for member in tar:
                        _extract(tar, member, folder)
            finally:
                while pipe.read(2**20):
                    pass
    except (pyrage.DecryptError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise WozError(f"The key doesn't open the package, or it was changed. {CHANGED}") from error
    except (tarfile.TarError, EOFError, zipfile.BadZipFile) as error:
        raise WozError(f"The package is damaged. {CHANGED}") from error


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """A plain file within the folder, whatever the package says of owners and rights."""
    inside = PurePosixPath(member.name)
    unfit = inside.is_absolute() or ".." in inside.parts or "\\" in member.name or ":" in member.name
    source = tar.extractfile(member) if member.isfile() else None
    if unfit or source is None:
        raise WozError(f"The package holds {member.name[:80]!r}, which has no place in a folder; don't use it.")
    target = folder.joinpath(*inside.parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as out:
        shutil.copyfileobj(source, out, 2**20)


def _tar(folder: Path, sink: IO[bytes], tell: Tell) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    size, done = max(1, sum(path.stat().st_size for path in files)), 0
    with tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for path in files:
            name = path.relative_to(folder).as_posix()
            tell(done * 100 // size, name)
            info = tarfile.TarInfo(name)
            info.size = path.stat().st_size
            with path.open("rb") as source:
                tar.addfile(info, source)
            done += info.size


@contextlib.contextmanager
def _piped(write: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """What a thread writes, to be read here; what it raises is raised at the end."""
    reading, writing = (os.fdopen(end, mode) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True))

    def run() -> None:
        with writing:
            write(writing)

    with ThreadPoolExecutor(1, "package") as pool:
        written = pool.submit(run)
        try:
            yield reading
        except Exception:
            reading.close()
            cause = written.exception()
            if cause is not None and not isinstance(cause, BrokenPipeError):
                raise cause from None
            raise
        finally:
            reading.close()
        written.result()
