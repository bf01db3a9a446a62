"""Whether lmms-eval scored a release: `python check_lmms_eval.py FOLDER` prints what it found, or exits with 1."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    found = sorted(Path(sys.argv[1]).rglob("*_results.json"))
    scores = json.loads(found[-1].read_text(encoding="utf-8"))["results"] if found else {}
    print(json.dumps(scores, indent=1))
    sys.exit(not any(isinstance(each, float | int) for of in scores.values() for each in of.values()))


if __name__ == "__main__":
    main()
