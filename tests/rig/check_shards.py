"""Run in an environment with `webdataset`: whether it reads each question set of a release with its clip's bytes.

`python check_shards.py FOLDER RELEASE` ends with an AssertionError where one lacks or differs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    from webdataset import WebDataset  # type: ignore[import-not-found]

    folder, release = map(Path, sys.argv[1:])
    counts = json.loads((release / "manifest.json").read_text(encoding="utf-8"))["counts"]
    for split in (split for split, count in counts.items() if count):
        tars = sorted(map(str, folder.glob(f"*-{split}-*.tar")))
        found = {each["__key__"]: each for each in WebDataset(tars, shardshuffle=False)}
        lines = [json.loads(line) for line in (release / "data" / f"{split}.jsonl").open(encoding="utf-8")]
        assert set(found) == {line["id"] for line in lines}, (split, sorted(found))
        for line in lines:
            told, clip = json.loads(found[line["id"]]["json"]), found[line["id"]]["mp4"]
            assert told == {key: line.get(key, type(value)()) for key, value in told.items()}, (split, line["id"])
            assert clip == (release / line["clip"]).read_bytes(), (split, line["id"])
        print(split, len(lines), "clips")


if __name__ == "__main__":
    main()
