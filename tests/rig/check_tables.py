"""Run in an environment with `datasets` and `mlcroissant`: whether they read each line of a release, of all splits.

`python check_tables.py datasets|croissant RELEASE` ends with an AssertionError where a row or value lacks.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Rows = Mapping[str, list[dict[str, Any]]]


def written(release: Path) -> Rows:
    """By split, in the order of the files."""
    counts = json.loads((release / "manifest.json").read_text(encoding="utf-8"))["counts"]
    return {split: _lines(release / "data" / f"{split}.jsonl") for split, count in counts.items() if count}


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def by_datasets(release: Path) -> Rows:
    from datasets import load_dataset  # type: ignore[import-not-found]

    return {split: list(rows) for split, rows in load_dataset(str(release)).items()}


def by_croissant(release: Path) -> Rows:
    """The tool names each field by its record set, and keeps texts as bytes."""
    from mlcroissant import Dataset  # type: ignore[import-not-found]

    described = Dataset(str(release / "croissant.json"))
    assert not described.metadata.issues.errors, described.metadata.issues.report()
    return {split: [_record(each) for each in described.records(split)] for split in written(release)}


def _record(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key.split("/", 1)[1]: _value(value) for key, value in record.items()}


def _value(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [_value(each) for each in value]
    return value


def _same(found: Any, wanted: Any) -> bool:
    """pandas, by which mlcroissant reads lines of JSON, may miss a decimal fraction by its last bit, and takes
    whole numbers for integers.
    """
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(_same(*pair) for pair in zip(found, wanted, strict=True))
        )
    if isinstance(wanted, float):
        number = isinstance(found, int | float) and not isinstance(found, bool)
        return number and abs(found - wanted) <= math.ulp(wanted)
    return bool(found == wanted)


READERS = {"datasets": by_datasets, "croissant": by_croissant}


def main() -> None:
    reader, release = READERS[sys.argv[1]], Path(sys.argv[2])
    wanted, found = written(release), reader(release)
    assert set(found) == set(wanted), (sorted(found), sorted(wanted))
    for split, lines in wanted.items():
        assert len(found[split]) == len(lines), (split, len(found[split]), len(lines))
        for row, line in zip(found[split], lines, strict=True):
            apart = {key: (row.get(key), value) for key, value in line.items() if not _same(row.get(key), value)}
            assert not apart, (split, line["id"], apart)
        print(split, len(lines), "rows")


if __name__ == "__main__":
    main()
