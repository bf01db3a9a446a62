"""Samples for Inspect: one JSON object a line with input, choices, target, id and metadata."""

from __future__ import annotations

import json
from collections.abc import Iterator

from woz.dataset.harness.released import Line, Released

_MORE = (
    "session",
    "group",
    "procedure",
    "kind",
    "type",
    "language",
    "context",
    "evidence_turns",
    "evidence_segments",
    "evidence_segment_starts_s",
    "evidence_segment_ends_s",
    "evidence_frames_s",
)


def inspect_samples(release: Released) -> Iterator[tuple[str, str]]:
    """A file a split. `metadata.group` is what results are clustered by."""
    for split in release.splits():
        lines = (json.dumps(_sample(line, release), ensure_ascii=False) + "\n" for line in release.lines(split))
        yield f"{release.name}_{split}.jsonl", "".join(lines)


def _sample(line: Line, release: Released) -> dict[str, object]:
    more = {key: getattr(line, key) for key in _MORE}
    frames = [str(release.folder / name) for name in line.frames]
    return {
        "id": line.id,
        "input": line.question,
        "choices": line.options,
        "target": line.letter,
        "metadata": {**more, "clip": str(release.folder / line.clip) if line.clip else "", "frames": frames},
    }
