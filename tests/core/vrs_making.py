"""A recording of Aria Gen 1 glasses of any length, made of a short real one: its pictures, with other sound.

The container is VRS (https://facebookresearch.github.io/vrs/docs/FileFormat): a file header, a description of
the streams, then records, each with a header. There is no index here; the VRS library makes one, as it does for a
recording that was broken off. A record of the glasses' sound holds a muted flag, the index of a vector, the time
of each of its samples, and the samples of seven microphones; one of a picture some fixed fields and a JPEG file.
"""

from __future__ import annotations

import heapq
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow
from numpy.typing import NDArray

FILE_HEADER = struct.Struct("<IIQIIqqq")
INDEX_AT, FIRST_RECORD_AT = 24, 40
RECORD_HEADER = struct.Struct("<IIiIdHBBI")
DATA, PLAIN, ZSTD = 3, 0, 2
PICTURES, SOUND = 214, 231
JPEG = b"\xff\xd8\xff"
RATE = 48_000
MICROPHONES = 7
FLAG_AND_INDEX = 9
PICTURE_EVERY_NS = 500_000_000


@dataclass(frozen=True)
class _Record:
    stream: int
    version: int
    time_s: float
    instance: int
    kind: int
    payload: bytes


def write_vrs(path: Path, sample: Path, sound: NDArray[np.float32]) -> Path:
    """Mono `sound` at 48 kHz, in -1..1, is what all microphones hear; there are two pictures a second."""
    whole = sample.read_bytes()
    head_size, _, index_at, description_at, _ = FILE_HEADER.unpack_from(whole)[3:]
    settings = [record for record in _records(whole) if record.kind != DATA]
    seen, heard = _first(whole, PICTURES), _first(whole, SOUND)
    with path.open("wb") as out:
        head = bytearray(whole[:head_size])
        struct.pack_into("<q", head, INDEX_AT, 0)
        struct.pack_into("<q", head, FIRST_RECORD_AT, index_at)
        out.write(head + whole[description_at:index_at])
        last = index_at - description_at
        new = heapq.merge(_pictures(seen, heard, len(sound)), _sounds(heard, sound), key=lambda r: r.time_s)
        for record in (*settings, *new):
            last = _write(out, record, last)
    return path


def begin_ns(sample: Path) -> tuple[int, int]:
    """When the sample's first picture and its first sound were captured, in device time."""
    whole = sample.read_bytes()
    seen, heard = _first(whole, PICTURES), _first(whole, SOUND)
    return round(seen.time_s * 1e9), int(np.frombuffer(heard.payload, "<i8", 1, FLAG_AND_INDEX)[0])


def _records(whole: bytes) -> Iterator[_Record]:
    at = FILE_HEADER.unpack_from(whole)[-1]
    while at < len(whole):
        size, _, stream, version, time_s, instance, kind, packing, plain = RECORD_HEADER.unpack_from(whole, at)
        payload = whole[at + RECORD_HEADER.size : at + size]
        if packing == ZSTD:
            payload = pyarrow.Codec("zstd").decompress(payload, plain, asbytes=True)
        yield _Record(stream, version, time_s, instance, kind, payload)
        at += size


def _first(whole: bytes, stream: int) -> _Record:
    return next(record for record in _records(whole) if record.stream == stream and record.kind == DATA)


def _write(out: BinaryIO, record: _Record, last: int) -> int:
    """The record's size; `last` is that of the one before."""
    size = RECORD_HEADER.size + len(record.payload)
    what = (record.stream, record.version, record.time_s, record.instance, record.kind)
    out.write(RECORD_HEADER.pack(size, last, *what, PLAIN, 0) + record.payload)
    return size


def _sounds(heard: _Record, sound: NDArray[np.float32]) -> Iterator[_Record]:
    """From the time on at which the sample's sound begins."""
    frames = (len(heard.payload) - FLAG_AND_INDEX) // (8 + 4 * MICROPHONES)
    times = np.frombuffer(heard.payload, "<i8", frames, FLAG_AND_INDEX)
    for first in range(0, len(sound) - frames + 1, frames):
        passed_ns = round(first * 1e9 / RATE)
        samples = np.round(sound[first : first + frames].astype(np.float64) * (2**31 - 1)).astype("<i4")
        spread = np.repeat(samples, MICROPHONES)
        payload = heard.payload[:FLAG_AND_INDEX] + (times + passed_ns).tobytes() + spread.tobytes()
        yield replace(heard, time_s=heard.time_s + passed_ns * 1e-9, payload=payload)


def _pictures(seen: _Record, heard: _Record, samples: int) -> Iterator[_Record]:
    """One picture again and again, its time stamps moved on."""
    fixed = seen.payload.index(JPEG)
    for passed_ns in range(0, round(samples * 1e9 / RATE), PICTURE_EVERY_NS):
        fields = bytearray(seen.payload[:fixed])
        for at in range(fixed - 7):
            value = struct.unpack_from("<q", fields, at)[0]
            if abs(value - seen.time_s * 1e9) < 1e9:
                struct.pack_into("<q", fields, at, value + passed_ns)
        payload = bytes(fields) + seen.payload[fixed:]
        yield replace(seen, time_s=seen.time_s + passed_ns * 1e-9, payload=payload)
