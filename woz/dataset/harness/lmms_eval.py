"""A folder with a task for lmms-eval (0.7): `lmms_eval --include_path FOLDER --tasks NAME`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import yaml

from woz.base.errors import WozError
from woz.dataset.harness.released import Released

UTILS = "lmms_utils.py"
REPLIES = "lmms_replies.py"
"""The reader of replies as the functions find it."""
EVALUATED = ("test", "validation", "train")
"""The first of these that holds something is evaluated."""


class _Function(str):
    """A YAML value `!function utils.name`, as lmms-eval reads it."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(_Function, lambda dumper, value: dumper.represent_scalar("!function", str(value)))


def lmms_eval(release: Released) -> Iterator[tuple[str, str]]:
    """The task's YAML with absolute paths, its functions, and where the release is.

    What was measured is cached by the YAML: it names the data's hash, so that data that change are measured anew.
    """
    release.demand_clips()
    name = task_name(release)
    yield f"{name}.yaml", yaml.dump(_task(release, name), Dumper=_Dumper, sort_keys=False, allow_unicode=True)
    yield UTILS, (files("woz.dataset.harness") / UTILS).read_text(encoding="utf-8")
    yield REPLIES, (files("woz.dataset.models") / "replies.py").read_text(encoding="utf-8")
    yield "release.json", json.dumps({"folder": str(release.folder)}) + "\n"


def task_name(release: Released) -> str:
    return release.name.replace("-", "_").lower()


def _task(release: Released, name: str) -> dict[str, Any]:
    split = next((each for each in EVALUATED if each in release.splits()), None)
    if split is None:
        raise WozError(f"{release.folder} has none of the splits {', '.join(EVALUATED)}; nothing can be evaluated.")
    path = f"data/{split}.jsonl"

    def metric(key: str, higher: bool) -> dict[str, Any]:
        return {"metric": key, "aggregation": _Function("lmms_utils.mean"), "higher_is_better": higher}

    return {
        "task": name,
        "dataset_path": "json",
        "dataset_kwargs": {"data_files": {split: str(release.data(split))}},
        "test_split": split,
        **({"process_docs": _Function("lmms_utils.in_english")} if release.english else {}),
        "output_type": "generate_until",
        **{key: _Function(f"lmms_utils.{key}") for key in ("doc_to_visual", "doc_to_text", "doc_to_messages")},
        "doc_to_target": _Function("lmms_utils.doc_to_target"),
        "process_results": _Function("lmms_utils.process_results"),
        "generation_kwargs": {"max_new_tokens": 16, "temperature": 0, "do_sample": False},
        "metric_list": [metric("accuracy", True), metric("unparsed", False), metric("failed", False)],
        "cluster_key": "group",
        "metadata": [{"version": release.manifest.version, "data_sha256": release.manifest.files[path].sha256}],
    }
