"""What small real models make of question sets: proposals for all, then every gate that asks models.

    python -m tests.rig.model_asked DATA FOLDER --model-python EXE [--only-gates] [--sets N] [--weights NAME=GGUF]

The sessions are those of `tests.rig.ten_sessions`. The small model finds questions that the rules did not, mends
texts, chooses types and writes all wrong answers; then rules fill up what is still short (all of it, with
`--only-gates`), and it is asked what it finds under each condition, and with it each further model whose weights
(GGUF) are named; of a condition with pictures, which these models don't take, it is told what the command says.
With `--sets` the gates are asked about so many question sets: each session's in turn, of each kind in turn. Prints
what came of each, and some question sets whole. Nothing is asked twice: the same call goes on where it was.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from storage import Project
from tests.rig.whole_way import NAME, Table, answer_of, made, model, say, served
from ui.cli import main as woz
from woz.annotation.edits import Edit
from woz.base.clock import SystemClock
from woz.dataset.distractors.option_checks import option_problems
from woz.dataset.questions.types import type_of
from woz.lab.questions import questions_of
from woz.model.made import PROGRAM
from woz.model.question import Question, QuestionKind, ReviewStatus
from woz.model.review import WRONG_ANSWERS

PATIENCE_S = "600"
REPLY_TOKENS = "6"
"""Room for "The answer is (B)."; a small model that says none of it by then goes on without it."""
CONDITIONS = ("blind", "options", "transcript", "steps")
WITH_PICTURES = ("first-frame", "wrong-video")
SHOWN = 12


def walk(
    data: Path, folder: Path, python: str, weights: Sequence[tuple[str, Path]], only_gates: bool, sets: int | None
) -> None:
    project, table = folder / NAME, Table()
    folder.mkdir(parents=True, exist_ok=True)
    say(f"Load at the start {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.\n")
    say("| step | what came of it | |\n|---|---|---:|")
    table.step("ten sessions", lambda: made(data, folder))
    with contextlib.ExitStack() as servers:
        small = servers.enter_context(model(folder, python))
        if not only_gates:
            table.step("proposed", lambda: _proposed(project, (*_asked([small]), "--timeout", PATIENCE_S)))
            table.step("wrong answers and texts", lambda: _written(project))
        table.step("filled up by rules", lambda: _filled(project))
        if sets is not None:
            table.step("so many are asked about", lambda: _fewer(project, sets))
        others = [servers.enter_context(served(folder, python, *each)) for each in weights]
        for condition in CONDITIONS:
            table.step(condition, lambda: _gated(project, _asked([small, *others]), condition))  # noqa: B023
        for condition in WITH_PICTURES:
            table.step(condition, lambda: _not_seen(project, _asked([small]), condition))  # noqa: B023
    say(f"\nLoad at the end {os.getloadavg()[0]:.1f}.")
    for question in _questions(project)[:SHOWN]:
        say("\n" + "\n".join(_whole(question)))


def _asked(models: Sequence[tuple[str, str]]) -> list[str]:
    return [word for url, name in models for word in ("--endpoint", url, "--model", name)]


def _proposed(project: Path, asking: Sequence[str]) -> str:
    ways = ("--find", "--every", "--model-alone")
    told = answer_of("questions", "propose", str(project), *ways, *asking)
    found, model_ = told["found"], told["model"]
    kinds = ", ".join(f"{count} {kind}" for kind, count in told["kinds"].items())
    parts = f"{found['answered']} of {found['asked']} parts answered as wanted, {found['changed']} questions found"
    sets = (
        f"{model_['answered']} of {model_['asked']} question sets answered as wanted, {model_['changed']} changed"
    )
    return f"{parts}; {sets}; now {kinds}"


def _written(project: Path) -> str:
    questions = _questions(project)
    wrong = Counter(len(each.distractors) for each in questions)
    mended = [each for each in questions if _mended(each)]
    flagged = sum(bool(option_problems(q.answer, [each.text for each in q.distractors])) for q in questions)
    akin = [each for each in questions if each.kind == QuestionKind.ASKED]
    same = sum(each.type == type_of(each.text) for each in akin)
    counts = ", ".join(f"{count} with {n}" for n, count in sorted(wrong.items()))
    return (
        f"wrong answers: {counts}; {flagged} question sets whose options a rule speaks against; {len(mended)} with"
        f" a text mended; {same} of {len(akin)} asked ones with the type that their words have"
    )


def _mended(question: Question) -> bool:
    return any(each.by not in ("", PROGRAM) for each in (question.wording, question.answer_wording))


def _filled(project: Path) -> str:
    told = answer_of("questions", "propose", str(project))
    return f"{told['questions']} question sets, {told['short']} with fewer than {WRONG_ANSWERS} wrong answers"


def _fewer(path: Path, count: int) -> str:
    """All others are rejected, so that no gate asks about them."""
    with Project.open(path, SystemClock()) as project:
        by_session = [questions_of(project, session.id) for session in project.sessions.all()]
        kept = set(_in_turn([_in_turn(_by_kind(each)) for each in by_session])[:count])
        for questions in by_session:
            out = tuple(each for each in questions if each.status == ReviewStatus.PROPOSED and each not in kept)
            if out:
                no = tuple(replace(each, status=ReviewStatus.REJECTED) for each in out)
                project.annotations.record(out[0].session_id, Edit("Ask about fewer", out, no), PROGRAM)
    told = Counter(f"{each.kind}, {each.type}" for each in kept)
    return f"{len(kept)} question sets: {'; '.join(f'{n} {kind}' for kind, n in sorted(told.items()))}"


def _by_kind(questions: Sequence[Question]) -> list[list[Question]]:
    """Those with all their wrong answers that nobody rejected."""
    fit = [each for each in questions if each.status != ReviewStatus.REJECTED and len(each.options) > WRONG_ANSWERS]
    return [[each for each in fit if each.kind == kind] for kind in QuestionKind]


def _in_turn(lists: Sequence[Sequence[Question]]) -> list[Question]:
    """The first of each, then the second of each."""
    return [each for those in zip_longest(*lists) for each in those if each is not None]


def _gated(project: Path, asking: Sequence[str], condition: str) -> str:
    gates = answer_of(*_gating(project, asking, condition))["gates"]
    (found,) = [each for each in gates if each["gate"] == f"model, {condition}"]
    return f"{found['flagged']} of {found['judged']} flagged: {' '.join(found['whole'])}"


def _not_seen(project: Path, asking: Sequence[str], condition: str) -> str:
    """What the command says of a model that takes no pictures, in the place of an answer."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as said:
        status = woz(list(_gating(project, asking, condition)))
    return f"ended with {status}: {said.getvalue().strip().splitlines()[-1]}"


def _gating(project: Path, asking: Sequence[str], condition: str) -> Sequence[str]:
    short = ("--at-once", "2", "--reply-tokens", REPLY_TOKENS, "--timeout", PATIENCE_S)
    ways = ("--split-by", "session", "--condition", condition, *short)
    return "questions", "gate", str(project), *ways, *asking


def _questions(project: Path) -> list[Question]:
    with Project.open(project, SystemClock()) as opened:
        return [each for session in opened.sessions.all() for each in questions_of(opened, session.id)]


def _whole(question: Question) -> list[str]:
    by = f"{question.kind}, {question.type}, {question.made.origin}"
    head = f"{question.text} [{question.wording.by or 'said'}; {by}]"
    wrong = [f"  - {each.text} [{each.wording.by}: {each.wording.how}]" for each in question.distractors]
    return [head, f"  = {question.answer} [{question.answer_wording.by or 'said'}]", *wrong]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model-python", required=True, help="of an environment with the small model")
    parser.add_argument("--only-gates", action="store_true", help="leave the proposals to rules")
    parser.add_argument("--sets", type=int, metavar="N", help="the gates ask about so many question sets (all)")
    parser.add_argument("--weights", action="append", default=[], metavar="NAME=FILE", help="of a further model")
    arguments = parser.parse_args()
    named = [(name, Path(file)) for name, _, file in (each.partition("=") for each in arguments.weights)]
    walk(arguments.data, arguments.folder, arguments.model_python, named, arguments.only_gates, arguments.sets)


if __name__ == "__main__":
    main()
