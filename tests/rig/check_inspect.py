"""Run in Inspect's environment: a release's samples as a multiple-choice task, asked of the stub.

`python check_inspect.py FOLDER NAME URL WANTED.JSON`, with what `harness_rows` printed. Inspect's log of it is
written to `logs/` in the folder.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> None:
    from inspect_ai import Task, eval
    from inspect_ai.dataset import json_dataset
    from inspect_ai.scorer import choice
    from inspect_ai.solver import multiple_choice

    folder, name, url, rows = sys.argv[1:]
    wanted = json.loads(Path(rows).read_text(encoding="utf-8"))["inspect"]
    file = Path(folder) / f"{name}_{wanted['split']}.jsonl"
    os.environ |= {"STUB_API_KEY": "none", "STUB_BASE_URL": url}
    task = Task(dataset=json_dataset(str(file)), solver=multiple_choice(), scorer=choice())
    (log,) = eval(task, model="openai-api/stub/stub", display="plain", log_dir=str(file.parent / "logs"))
    accuracy = log.results.scores[0].metrics["accuracy"].value
    print(log.status, accuracy, len(log.samples))
    alike = len(log.samples) == wanted["rows"] and abs(accuracy - wanted["right"] / wanted["rows"]) < 1e-9
    sys.exit(log.status != "success" or not alike)


if __name__ == "__main__":
    main()
