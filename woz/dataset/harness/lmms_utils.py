"""What lmms-eval asks of a task, for a release of question sets. Copied beside the task's YAML, it needs no woz.

`release.json` beside it names the release's folder, `lmms_replies.py` reads replies as woz does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

Doc = Mapping[str, Any]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ASK = "Answer with the letter of the right option alone."
FAILED = ("[LMMS_EVAL_REQUEST_FAILED", "Failed to obtain answer via API")
"""How a request that failed is written where its reply should stand."""
READER = "lmms_replies"


@cache
def _folder() -> Path:
    return Path(json.loads((Path(__file__).parent / "release.json").read_text(encoding="utf-8"))["folder"])


@cache
def _reader() -> ModuleType:
    """The file beside this one; its name is this folder's own, so that two tasks don't share one."""
    path = Path(__file__).with_name(f"{READER}.py")
    name = f"{READER}_{abs(hash(path))}"
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def in_english(docs: Any) -> Any:
    """Of a `datasets.Dataset`, what is English, and the English texts of the rest that a person has checked."""
    return docs.filter(_there_in_english).map(_translated)


def _english(doc: Doc) -> bool:
    return bool(doc["language"].split("-")[0].lower() == "en")


def _there_in_english(doc: Doc) -> bool:
    return _english(doc) or (doc["english_checked"] and len(doc["options_english"]) == len(doc["options"]))


def _translated(doc: Doc) -> Doc:
    if _english(doc):
        return doc
    options = doc["options_english"]
    right = options[doc["answer_index"]]
    return {**doc, "question": doc["question_english"], "options": options, "answer": right}


def doc_to_visual(doc: Doc) -> list[str]:
    return [str(_folder() / doc["clip"])] if doc.get("clip") else []


def doc_to_text(doc: Doc, lmms_eval_specific_kwargs: object = None) -> str:
    options = [f"{letter}. {text}" for letter, text in zip(LETTERS, doc["options"], strict=False)]
    return "\n".join([doc["question"], *options, ASK])


def doc_to_messages(doc: Doc, lmms_eval_specific_kwargs: object = None) -> list[dict[str, Any]]:
    video = [{"type": "video", "url": path} for path in doc_to_visual(doc)]
    return [{"role": "user", "content": [*video, {"type": "text", "text": doc_to_text(doc)}]}]


def doc_to_target(doc: Doc) -> str:
    return _name(doc["answer_index"])


def chosen(reply: str, options: Sequence[str]) -> str | None:
    """The letter of the option that a reply names; None where it names none, or the request failed."""
    option = None if reply.startswith(FAILED) else _reader().read_choice(reply, options).option
    return None if option is None else _name(option)


def _name(option: int) -> str:
    """Its letter; its number where there are more options than letters, which are put without any."""
    return LETTERS[option] if option < len(LETTERS) else str(option)


def process_results(doc: Doc, results: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Right or wrong, with the group that results are clustered by. What names no option is counted beside, and so
    are requests that failed: accuracy is of the whole only where there are none.
    """
    given, failed = chosen(results[0], doc["options"]), results[0].startswith(FAILED)
    score = {"score": float(given == doc_to_target(doc)), "group": doc["group"], "type": doc["type"]}
    return {
        "accuracy": score,
        "unparsed": {**score, "score": float(given is None and not failed)},
        "failed": {**score, "score": float(failed)},
    }


def mean(items: Sequence[Mapping[str, Any]]) -> float:
    return sum(item["score"] for item in items) / len(items) if items else 0.0
