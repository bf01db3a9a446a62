"""Whether lmms-eval evaluated all of a release, and scored it as replies of A are.

`python check_lmms_eval.py FOLDER WANTED.JSON KEY`, with what `harness_rows` printed and the name in it, ends with 1
where it isn't so.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    folder, file, key = sys.argv[1:]
    wanted = json.loads(Path(file).read_text(encoding="utf-8"))[key]
    found = sorted(Path(folder).rglob("*_results.json"))
    told = json.loads(found[-1].read_text(encoding="utf-8")) if found else {"results": {}, "n-samples": {}}
    sys.stdout.write(json.dumps([told["results"], told["n-samples"]], indent=1) + "\n")
    sys.exit(not told["results"] or not all(_as_wanted(told, task, wanted) for task in told["results"]))


def _as_wanted(told: dict[str, Any], task: str, wanted: dict[str, Any]) -> bool:
    scores, rows = told["results"][task], told["n-samples"][task]
    accuracy = wanted["right"] / wanted["rows"]
    alike = abs(scores["accuracy,none"] - accuracy) < 1e-9 and "accuracy_stderr_clustered,none" in scores
    whole = rows["effective"] == rows["original"] == wanted["rows"]
    return alike and whole and scores["unparsed,none"] == scores["failed,none"] == 0


if __name__ == "__main__":
    main()
