"""Proposers in child processes, woz's own ones, and what people make of proposals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from woz.annotation.lag import lags_ns, learnt_lag_ns
from woz.annotation.proposals.asking import Ask, Mark, Proposal
from woz.annotation.proposals.deciding import mend, refuse, takable, take, take_all
from woz.annotation.proposals.drafts import START_SPREAD
from woz.annotation.proposals.from_marks import propose as from_marks
from woz.annotation.proposals.from_turns import propose as from_turns
from woz.annotation.proposals.known import GROUP, Proposer, proposer, proposers
from woz.annotation.proposals.running import proposed
from woz.annotation.provenance import owned
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.batch.kinds.proposals import Proposals
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, AnnotatorId, LabelId, SchemeId, SessionId, TierId, TranscriptId, TurnId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION
from woz.model.people import Role
from woz.model.scheme import Label, Overlap, TierType
from woz.model.tier import Tier
from woz.model.transcript import Turn

S = NS_PER_S
STEPS = TierType("steps", labels=(Label(LabelId("one"), "one"), Label(LabelId("two"), "two")))
SAID = TranscriptId("t")
TURNS = (
    Turn(TurnId("1"), SAID, Role.TRAINEE, Interval(1 * S, 3 * S), "Which one?"),
    Turn(TurnId("2"), SAID, Role.EXPERT, Interval(2 * S, 4 * S), "The red one."),
)
ASK = Ask(STEPS, 20 * S, TURNS, options={"word": "echo"})
MADE = Made(Origin.MACHINE, "echo 1", run="r")


def _stub(name: str) -> Proposer:
    return Proposer(name, f"tests.core.stub_proposers:{name}", "1")


def _nothing(_: float) -> None:
    return


def test_a_child_answers_with_progress_whatever_it_prints() -> None:
    told: list[float] = []

    def go_on(part: float) -> bool:
        told.append(part)
        return True

    found = proposed(_stub("echo"), ASK, go_on)
    assert found == [
        Proposal(1 * S, 3 * S, LabelId("one"), 0.5, 1, 2, "echo"),
        Proposal(2 * S, 4 * S, LabelId("one"), 0.5, 1, 2, "echo"),
    ]
    assert told == [0.5, 1.0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dies", "ended with status 7"),
        ("refuses", r"^There is nothing to see here\.$"),
        ("fails", "KeyError"),
        ("strange", "label 'nobody knows', which .* tell whoever wrote it"),
        ("backwards", r"proposes 3\.000 to 2\.000 s, outside the session or backwards"),
        ("missing", "can't be loaded"),
    ],
)
def test_whatever_goes_wrong_is_one_sentence_and_nothing_is_proposed(name: str, words: str) -> None:
    with pytest.raises(WozError, match=words):
        proposed(_stub(name), ASK)


def test_it_can_be_cancelled() -> None:
    with pytest.raises(WozError, match="stopped"):
        proposed(_stub("endless"), ASK, lambda part: part < 0.05)


def test_a_batch_s_worker_asks_one_child_so_that_a_model_is_loaded_once() -> None:
    kind, asked = Proposals(), _stub("counts")
    assert [kind._proposed(asked, ASK)[0].note for _ in range(3)] == ["1", "2", "3"]
    with pytest.raises(WozError, match="nothing to see"):
        kind._proposed(_stub("refuses"), ASK)
    assert kind._proposed(asked, ASK)[0].note == "1"
    assert kind._own.running
    kind._own.running._process.kill()
    kind._own.running._process.wait()
    assert kind._proposed(asked, ASK)[0].note == "1"
    kind._close()


def test_each_thread_of_a_worker_asks_a_child_of_its_own() -> None:
    """By one pipe each would read what the other one was answered."""
    kind, asked = Proposals(), _stub("counts")
    with ThreadPoolExecutor(1) as other:
        for number in ("1", "2"):
            assert kind._proposed(asked, ASK)[0].note == number
            assert other.submit(kind._proposed, asked, ASK).result()[0].note == number
        other.submit(kind._close).result()
    kind._close()


def test_an_answer_that_was_left_halfway_is_not_taken_for_the_next_one() -> None:
    kind, asked = Proposals(), _stub("echo")
    whole = kind._proposed(asked, ASK)
    assert len(whole) == 2
    assert kind._own.running

    def interrupted(_: float) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kind._own.running.proposed(ASK, interrupted)
    assert kind._proposed(asked, ASK) == whole
    kind._close()


def test_own_proposers_run_as_children_too() -> None:
    assert {"states-from-turns", "steps-from-marks"} <= proposers().keys()
    ask = Ask(CONVERSATION.tier_types[0], 6 * S, TURNS)
    found = proposed(proposer("states-from-turns"), ask)
    assert [(each.label, each.end_ns) for each in found] == [
        ("none", 1 * S),
        ("trainee", 2 * S),
        ("both", 3 * S),
        ("expert", 4 * S),
        ("none", 6 * S),
    ]
    with pytest.raises(WozError, match="no proposer 'nobody'"):
        proposer("nobody")
    assert GROUP == "woz.proposers"


def test_states_are_less_sure_where_two_speak_or_a_pause_is_short() -> None:
    late = replace(TURNS[1], interval=Interval(3 * S + S // 5, 4 * S))
    both = list(from_turns(Ask(CONVERSATION.tier_types[0], 6 * S, TURNS), _nothing))
    pause = list(from_turns(Ask(CONVERSATION.tier_types[0], 6 * S, (TURNS[0], late)), _nothing))
    assert [each.score for each in both] == [1, 1, 0.5, 1, 1]
    assert [each.score for each in pause] == [1, 1, 0.5, 1, 1]
    with pytest.raises(WozError, match="no label both, expert, none, trainee"):
        list(from_turns(Ask(STEPS, 6 * S, TURNS), _nothing))
    with pytest.raises(WozError, match="transcribe"):
        list(from_turns(Ask(CONVERSATION.tier_types[0], 6 * S), _nothing))


def test_steps_begin_as_much_before_their_mark_as_marks_are_late() -> None:
    marks = (Mark(12 * S, "two"), Mark(S // 2, "one"), Mark(15 * S, "gone"))
    found = list(from_marks(Ask(STEPS, 20 * S, marks=marks, options={"lag_s": "1.5"}), _nothing))
    assert [(each.start_ns, each.end_ns, each.label) for each in found] == [
        (0, 10.5 * S, "one"),
        (10.5 * S, 20 * S, "two"),
    ]
    with pytest.raises(WozError, match="0 to 10 seconds, not 'x'"):
        list(from_marks(Ask(STEPS, 20 * S, marks=marks, options={"lag_s": "x"}), _nothing))
    with pytest.raises(WozError, match="No step"):
        list(from_marks(Ask(STEPS, 20 * S), _nothing))


def test_a_lag_is_learnt_from_corrections() -> None:
    pressed = [("one", t * S + 300_000_000) for t in range(0, 100, 10)] + [("two", 1000 * S)]
    corrected = [("one", t * S) for t in range(0, 100, 10)] + [("two", 0)]
    lags = lags_ns(pressed, corrected)
    assert lags == [300_000_000] * 10
    assert learnt_lag_ns(lags) == 300_000_000
    assert learnt_lag_ns(lags[:4]) is None
    assert learnt_lag_ns([-5] * 9) == 0


OWN = Tier(TierId("own"), SessionId("s"), SchemeId("x"), 1, "steps", "Steps", Made(Origin.MANUAL, "ada"))
DRAFT = Annotation(AnnotationId("p"), TierId("draft"), 1 * S, 2 * S, "one", MADE, confidence=0.6)
IN_WAY = Annotation(AnnotationId("w"), OWN.id, 1 * S, 2 * S, "two", MADE)


def test_a_proposal_is_taken_into_the_persons_tier() -> None:
    edit = take(DRAFT, OWN, (), Overlap.NONE, AnnotationId("new"))
    assert edit.before == (DRAFT,)
    (taken,) = edit.after
    assert isinstance(taken, Annotation)
    assert (taken.id, taken.tier_id, taken.interval, taken.label, taken.confidence) == (
        *("new", OWN.id, DRAFT.interval, "one"),
        None,
    )
    with pytest.raises(WozError, match="something else"):
        take(DRAFT, OWN, (IN_WAY,), Overlap.NONE, AnnotationId("new"))
    assert take(DRAFT, OWN, (IN_WAY,), Overlap.OTHER_LABEL, AnnotationId("new"))
    assert take(DRAFT, OWN, (IN_WAY,), Overlap.ANY, AnnotationId("new"))
    assert refuse(DRAFT).after == ()


def test_all_that_are_sure_enough_and_have_room_are_taken_at_once() -> None:
    ids = iter(map(AnnotationId, "abcdefgh"))
    others = [
        replace(DRAFT, id=AnnotationId("q"), start_ns=3 * S, end_ns=4 * S, confidence=0.9),
        replace(DRAFT, id=AnnotationId("r"), start_ns=5 * S, end_ns=6 * S, confidence=0.2),
        replace(DRAFT, id=AnnotationId("s"), start_ns=3 * S, end_ns=4 * S, confidence=0.9),
    ]
    edit = take_all([DRAFT, *others], OWN, (IN_WAY,), Overlap.NONE, 0.5, lambda: next(ids))
    assert [item.id for item in edit.before] == ["q"]
    with pytest.raises(WozError, match=r"sure as 0\.95"):
        take_all([DRAFT, *others], OWN, (), Overlap.NONE, 0.95, lambda: next(ids))


def test_what_is_taken_at_once_is_sure_finds_room_and_names_its_own_proposal() -> None:
    spans = ((1, 0, 2, 0.9), (2, 1, 3, 0.9), (3, 3, 4, 0.2))
    drafts = [_draft(*each) for each in spans]
    mine = [replace(_draft(9, 5, 6, 1), tier_id=TierId("own"))]
    more = [*drafts, _draft(4, 5, 7, 1.0)]
    found, crowded = takable(more, mine, Overlap.NONE, 0.5)
    assert ([each.id for each in found], crowded) == (["1"], 2)
    assert len(takable(more, mine, Overlap.ANY, 0.0)[0]) == 4
    ids = iter(map(str, range(100, 200)))
    edit = take_all(more, OWN, mine, Overlap.ANY, 0.0, lambda: AnnotationId(next(ids)))
    own = owned(edit, AnnotatorId("ada"), 7, lambda _: None)
    sources = [
        [source.item.id for source in each.made.sources] for each in own.after if isinstance(each, Annotation)
    ]
    assert sources == [["1"], ["2"], ["3"], ["4"]]


def _draft(number: int, start: int, end: int, sure: float) -> Annotation:
    return Annotation(AnnotationId(str(number)), TierId("m"), start * S, end * S, "one", MADE, confidence=sure)


def test_what_is_mended_is_kept_as_the_proposal_that_it_was() -> None:
    proposal = _draft(1, 0, 2, 0.5).with_value(START_SPREAD, 5)
    edit = mend(proposal, replace(proposal, end_ns=3 * S), OWN, (), Overlap.NONE, AnnotationId("new"))
    own = owned(edit, AnnotatorId("ada"), 7, lambda _: None)
    (taken,) = (each for each in own.after if isinstance(each, Annotation))
    assert (taken.tier_id, taken.end_ns, taken.confidence, taken.attributes) == (OWN.id, 3 * S, None, ())
    assert taken.made.sources[0].item.id == "1"
    assert taken.made.by == "ada"
    with pytest.raises(WozError, match="something else"):
        mend(proposal, proposal, OWN, [replace(taken, end_ns=S)], Overlap.NONE, AnnotationId("x"))
