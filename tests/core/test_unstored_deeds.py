"""Decisions on question sets that wait, in their file: there once added, in order, only for whose they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from woz.annotation.waiting_file import WaitingFile
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.dataset.review.deeds import Deed, EnglishCheck, EnglishTexts, TakingBack
from woz.dataset.review.unstored import FORGOTTEN, UnstoredDeeds, Whose
from woz.model.ids import AnnotatorId, QuestionId, SessionId
from woz.model.people import Role
from woz.model.question import Distractor, English, Question, Wording
from woz.model.review import Decision, ReviewTask, Texts, Verdict

ADA = AnnotatorId("ada")
WHOSE = Whose(1_700_000_000_000_000_000, ADA)
SPAN = Interval(0, 5)
SEEN = Question(
    QuestionId("q"),
    SessionId("s"),
    SPAN,
    Role.TRAINEE,
    "Così?\u2028Sì?",
    "Così.",
    SPAN,
    SPAN,
    distractors=(Distractor("No.", Wording("woz", "negation", 3), "other", "No."),),
    english=English("Like this?", "Like this."),
)
TEXTS = Texts("Like\nthis?", "Like this.", ("No.",), "So?", "So.", ("No.",), (("No.", "minimal edit: side"),))
JUDGED = Decision(
    SEEN.id, SEEN.session_id, ReviewTask.TEXT, ADA, Verdict.REVISE, "abc", False, True, "why?", TEXTS, 11, 7
)
DEEDS: tuple[Deed, ...] = (
    JUDGED,
    TakingBack(QuestionId("r"), ReviewTask.GROUNDING, True, 3, 8),
    EnglishCheck(SEEN),
    EnglishTexts(SEEN, TEXTS),
)


def _open(path: Path, whose: Whose = WHOSE) -> UnstoredDeeds:
    return UnstoredDeeds(path, whose)


def _left(path: Path, *deeds: Deed, whose: Whose = WHOSE) -> bytes:
    """What a window that ended left of these."""
    kept = _open(path, whose)
    for deed in deeds:
        kept.add(deed)
    return path.read_bytes()


def test_what_is_refused_after_a_withdrawal_is_nowhere_any_more(tmp_path: Path) -> None:
    """Also where a window in between couldn't have it stored, either, which knew of the withdrawal."""
    path, since = tmp_path / "s.jsonl", replace(WHOSE, withdrawals="0a1b2c3d")
    _left(path, *DEEDS)
    between = _open(path, since)
    between.settle(between.read()[0])
    kept = _open(path, since)
    left = kept.read()
    assert (left, kept.withdrawals(late=True), kept.withdrawals(late=False)) == (DEEDS[1:], "", "0a1b2c3d")
    assert [kept.refuse(deed, forget=True) for deed in left] == [FORGOTTEN] * 3
    assert list(tmp_path.iterdir()) == []
    kept.add(JUDGED)
    assert _open(path, since).read() == (JUDGED,)
    assert b'"withdrawals":"0a1b2c3d"' in path.read_bytes(), "it is of after the withdrawal"


def test_all_that_was_added_is_read_by_the_next_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "desk" / "s.jsonl"
    kept = _open(path)
    assert kept.read() == ()
    for number, deed in enumerate(DEEDS, 1):
        kept.add(deed)
        assert _open(path).read() == DEEDS[:number], "at once"
    [decision, *_] = _open(path).read()
    assert isinstance(decision, Decision)
    assert decision.revised
    assert decision.revised.taken == TEXTS.taken


def test_what_is_settled_goes_and_with_the_last_the_file(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    _left(path, *DEEDS)
    kept = _open(path)
    first, second, *rest = kept.read()
    kept.settle(second)
    assert _open(path).read() == (DEEDS[0], *DEEDS[2:])
    for deed in (first, *rest):
        kept.settle(deed)
    assert not path.exists()


def test_what_is_taken_back_before_it_came_to_be_is_not_asked_for_again(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    other, taken = replace(JUDGED, utc_ns=6), TakingBack.of(JUDGED, 8)
    _left(path, other, JUDGED, taken)
    kept = _open(path)
    *_, last = kept.read()
    kept.settle(last)
    assert _open(path).read() == (other,)


def test_of_two_that_are_alike_one_is_settled(tmp_path: Path) -> None:
    kept = _open(tmp_path / "s.jsonl")
    first, second = EnglishCheck(SEEN), EnglishCheck(SEEN)
    kept.add(first)
    kept.add(second)
    kept.settle(first)
    assert _open(tmp_path / "s.jsonl").read() == (second,)


def test_what_is_added_comes_after_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    _left(path, DEEDS[0])
    again = _open(path)
    again.read()
    again.add(DEEDS[1])
    assert _open(path).read() == DEEDS[:2]


@pytest.mark.parametrize("cut", [2, 40, 200])
def test_a_damaged_file_is_told_and_lost_nothing_of(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "s.jsonl"
    damaged = _left(path, *DEEDS[:2])[:-cut]
    path.write_bytes(damaged)
    kept = _open(path)
    with pytest.raises(WozError, match=r"can't be read .*; it is kept in .*s\.damaged\.$"):
        kept.read()
    assert (path.exists(), path.with_suffix(".damaged").read_bytes()) == (False, damaged)
    kept.add(DEEDS[0])
    assert _open(path).read() == DEEDS[:1], "what comes then is kept as ever"


@pytest.mark.parametrize("line", ["", "{}", "[]", "null", '{"decision": {}}', '{"another": 1}'])
def test_a_line_that_is_no_deed_is_damage(tmp_path: Path, line: str) -> None:
    path = tmp_path / "s.jsonl"
    _left(path, DEEDS[0])
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    with pytest.raises(WozError, match="can't be read"):
        _open(path).read()


@pytest.mark.parametrize("other", [Whose(1, ADA), Whose(WHOSE.project_utc_ns, AnnotatorId("ben"))])
def test_what_is_of_another_is_told_and_put_aside_whole(tmp_path: Path, other: Whose) -> None:
    path = tmp_path / "s.jsonl"
    content = _left(path, DEEDS[0], whose=other)
    with pytest.raises(WozError, match="of another project or person, and none of them was stored") as told:
        _open(path).read()
    aside = path.with_suffix(".others")
    assert str(told.value).endswith(f"they are kept in {aside}.")
    assert (path.exists(), aside.read_bytes()) == (False, content)


def test_what_cannot_even_be_put_aside_stays_and_nothing_is_written_over_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text("{")

    def refused(*_: object) -> Path:
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(WaitingFile, "put_aside", refused)
    kept = _open(path)
    with pytest.raises(WozError, match=r"can't be read .*; it is left in .*s\.jsonl\.$"):
        kept.read()
    kept.add(DEEDS[0])
    assert (kept.safe, path.read_text()) == (False, "{")


def test_what_is_refused_at_last_is_put_aside_and_told_where(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    _left(path, *DEEDS[:2])
    kept = _open(path)
    _, second = kept.read()
    aside = path.with_suffix(".refused.jsonl")
    assert kept.refuse(second) == f"It is kept in {aside}."
    assert b"taking_back" in aside.read_bytes()
    assert _open(path).read() == DEEDS[:1]


def test_where_the_disk_takes_nothing_it_says_so_until_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = _open(tmp_path / "s.jsonl")
    assert (kept.safe, UnstoredDeeds().safe) == (True, False)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(WaitingFile, "write", full)
        kept.add(DEEDS[0])
        told = kept.fault.endswith("s.jsonl (No space left on device); make room there.")
        assert (kept.safe, told) == (False, True)
    kept.add(DEEDS[1])
    assert (kept.safe, kept.fault) == (True, "")
    assert _open(tmp_path / "s.jsonl").read() == DEEDS[:2], "the first with the second"


def test_what_is_refused_and_cannot_be_put_aside_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.jsonl"
    _left(path, *DEEDS)
    kept = _open(path)
    _, second, *_ = kept.read()
    monkeypatch.setattr(WaitingFile, "refuse", lambda *_: "")
    assert kept.refuse(second) == ""
    assert _open(path).read() == DEEDS
