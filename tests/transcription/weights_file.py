"""Files in CTranslate2's form, with hardly a weight in them."""

from __future__ import annotations

import json
import struct
from pathlib import Path


def weights(kind: str = "WhisperSpec", layers: int = 2, type_number: int = 1) -> bytes:
    """A decoder of so many layers, with a few bytes for each."""
    names = ["encoder/scale", *(f"decoder/layer_{i}/weight" for i in range(layers))]
    made = struct.pack("<I", 6) + _name(kind) + struct.pack("<II", 3, len(names))
    for name in names:
        made += _name(name) + struct.pack("<BIBI", 1, 8, type_number, 8) + bytes(8)
    return made + struct.pack("<I", 0)


def _name(text: str) -> bytes:
    return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"


def whisper_folder(folder: Path, *without: str, data: bytes | None = None, **config: object) -> Path:
    """As faster-whisper wants it, without the files that are named."""
    folder.mkdir(parents=True)
    known = {"alignment_heads": [[1, 0]], "lang_ids": [1], **config}
    files = {"model.bin": weights() if data is None else data, "config.json": json.dumps(known).encode()}
    files |= {"tokenizer.json": b"{}", "vocabulary.json": b"[]"}
    for name, content in files.items():
        if name not in without:
            (folder / name).write_bytes(content)
    return folder
