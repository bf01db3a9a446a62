"""Run in Inspect's environment: a release's samples as a multiple-choice task, asked of the stub.

`python check_inspect.py FILE URL`. Inspect's log of it is written to `logs/` beside the file.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    from inspect_ai import Task, eval
    from inspect_ai.dataset import json_dataset
    from inspect_ai.scorer import choice
    from inspect_ai.solver import multiple_choice

    file, url = sys.argv[1:]
    os.environ |= {"STUB_API_KEY": "none", "STUB_BASE_URL": url}
    task = Task(dataset=json_dataset(file), solver=multiple_choice(), scorer=choice())
    (log,) = eval(task, model="openai-api/stub/stub", display="plain", log_dir=str(Path(file).parent / "logs"))
    print(log.status, log.results.scores[0].metrics["accuracy"].value, len(log.samples))
    sys.exit(log.status != "success")


if __name__ == "__main__":
    main()
