"""WebDataset: tar files of ID.mp4 and ID.json, in the order of ids; the same release, the same bytes."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import msgspec

from woz.base.errors import WozError
from woz.dataset.harness.released import Released

SHARD_BYTES = 1 << 30


def write_shards(release: Released, to: Path, shard_bytes: int = SHARD_BYTES) -> list[Path]:
    """Raises WozError where a clip is missing, or the disk is full."""
    release.demand_clips()
    found: list[Path] = []
    try:
        to.mkdir(parents=True, exist_ok=True)
        for split in release.splits():
            found += _split(release, split, to, shard_bytes)
    except OSError as error:
        for path in found:
            path.unlink(missing_ok=True)
        raise WozError(f"The shards can't be written to {to} ({error.strerror}).") from error
    return found


def _split(release: Released, split: str, to: Path, shard_bytes: int) -> list[Path]:
    found: list[Path] = []
    tar: tarfile.TarFile | None = None
    try:
        for line in sorted(release.lines(split), key=lambda each: each.id):
            if tar is None or tar.offset >= shard_bytes:
                if tar:
                    tar.close()
                found.append(to / f"{release.name}-{split}-{len(found):06d}.tar")
                tar = tarfile.open(found[-1], "w", format=tarfile.USTAR_FORMAT)  # noqa: SIM115
            _add(tar, f"{line.id}.json", msgspec.json.encode(line))
            _add(tar, f"{line.id}.mp4", (release.folder / line.clip).read_bytes())
    except OSError:
        for path in found:
            path.unlink(missing_ok=True)
        raise
    finally:
        if tar:
            tar.close()
    return found


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    facts = tarfile.TarInfo(name)
    facts.size = len(data)
    tar.addfile(facts, io.BytesIO(data))
