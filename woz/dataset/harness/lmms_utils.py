"""What lmms-eval asks of a task, for a release of question sets. Copied beside the task's YAML, it needs no woz.

`release.json` beside it names the release's folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

Doc = Mapping[str, Any]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ASK = "Answer with the letter of the right option alone."
FAILED = "[LMMS_EVAL_REQUEST_FAILED"
_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)
_ALONE = re.compile(r"^[\s(\[*]*([A-Z])[\s)\].:*]*$")
_AHEAD = re.compile(r"^[\s(\[*]*([A-Z])[)\].:]\**\s+\S")
_NAMED = re.compile(r"(?:answer|option|choice)(?:\s+is)?\s*[:=]?\s*[(\[*]*([A-Z])[)\]*]*\s*\.?\s*$", re.IGNORECASE)


@cache
def _folder() -> Path:
    return Path(json.loads((Path(__file__).parent / "release.json").read_text(encoding="utf-8"))["folder"])


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
    return LETTERS[doc["answer_index"]]


def chosen(reply: str, options: Sequence[str]) -> str | None:
    """The letter that a reply gives, and no other word of it; None where it gives none, or the request failed."""
    text = _THOUGHTS.sub("", reply).strip()
    if text.startswith(FAILED):
        return None
    for letter, option in zip(LETTERS, options, strict=False):
        if text.casefold() == option.casefold():
            return letter
    for pattern in (_ALONE, _AHEAD):
        if match := pattern.search(text):
            return _known(match[1], options)
    match = _NAMED.search(text)
    return _known(match[1], options) if match and match[1].isupper() else None


def _known(letter: str, options: Sequence[str]) -> str | None:
    return letter if LETTERS.index(letter) < len(options) else None


def process_results(doc: Doc, results: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Right or wrong, with the group that results are clustered by; what gives no letter is counted beside."""
    given = chosen(results[0], doc["options"])
    score = {"score": float(given == doc_to_target(doc)), "group": doc["group"], "type": doc["type"]}
    return {"accuracy": score, "unparsed": {**score, "score": float(given is None)}}


def mean(items: Sequence[Mapping[str, Any]]) -> float:
    return sum(item["score"] for item in items) / len(items) if items else 0.0
