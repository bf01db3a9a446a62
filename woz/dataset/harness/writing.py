"""Writes a release in a tool's form, into a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError
from woz.dataset.harness.conversations import llava
from woz.dataset.harness.inspect_samples import inspect_samples
from woz.dataset.harness.lmms_eval import lmms_eval
from woz.dataset.harness.released import Released
from woz.dataset.harness.shards import write_shards
from woz.dataset.harness.vlmevalkit import vlmevalkit
from woz.dataset.release.checking import demand_as_frozen

Texts = Callable[[Released], Iterator[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Harness:
    """`use` is the command that goes on from the folder, `{to}`, `{name}` and `{split}` in it; `split` is what the
    tool is mostly for. `shown` are the folders of what it hands on.
    """

    title: str
    texts: Texts | None
    use: str
    shown: tuple[str, ...] = ("data", "clips")
    split: str = "test"


HARNESSES = {
    "lmms-eval": Harness(
        "a task for lmms-eval", lmms_eval, "python -m lmms_eval --include_path {to} --tasks {task} --model ..."
    ),
    "vlmevalkit": Harness(
        "TSV files for VLMEvalKit",
        vlmevalkit,
        "LMUData={to} python run.py --data {name} --model ...",
        ("data", "frames"),
    ),
    "inspect": Harness(
        "samples for Inspect",
        inspect_samples,
        "json_dataset('{to}/{name}_{split}.jsonl')",
        ("data", "clips", "frames"),
    ),
    "llava": Harness("conversations to train on, of the train split only", llava, "{to}/{name}_train.json"),
    "webdataset": Harness(
        "tar files of clips and lines", None, "wds.WebDataset('{to}/{name}-{split}-000000.tar')", split="train"
    ),
}


def write_for(name: str, release: Released, to: Path) -> list[Path]:
    """Write a release for one of `HARNESSES`. Raises WozError for what can't be read or written, and where what is
    handed on is not as it was frozen.
    """
    shown = [each for each in release.manifest.files if each.split("/")[0] in HARNESSES[name].shown]
    demand_as_frozen(release.folder, release.manifest, shown)
    texts = HARNESSES[name].texts
    if texts is None:
        return write_shards(release, to)
    made = [(to / file, text) for file, text in texts(release)]
    try:
        to.mkdir(parents=True, exist_ok=True)
        for path, text in made:
            path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise WozError(f"The files can't be written to {to} ({error.strerror}).") from error
    return [path for path, _ in made]


def how_to_use(name: str, release: Released, to: Path) -> str:
    kept, tool, there = release.name, HARNESSES[name], release.splits()
    split = tool.split if tool.split in there else next(iter(there), tool.split)
    return tool.use.format(to=to.absolute(), name=kept, task=kept.replace("-", "_").lower(), split=split)
