"""Corrections of a transcript: what they keep, what they refuse, and that they can all be taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.core.memory_history import MemoryHistory
from tests.core.transcripts import TEXTS, TID, is_in_order, transcripts, turns
from tests.rig.hypothesis_profile import scaled
from woz.annotation import transcript_edits as edits
from woz.annotation.document import Document
from woz.annotation.doubts import doubtful_places, is_doubtful, judge, next_doubt
from woz.annotation.edits import Edit
from woz.annotation.finding import Search, alike, find, fix_alike, replace_all, replace_one
from woz.annotation.glossary import add_term, near_terms, remove_term
from woz.annotation.restoring import restore_all, restore_turn
from woz.annotation.voices import Voice, assign, choices, samples, voice_of, voices_of
from woz.annotation.word_times import corrections, retimed, spread, timed_words
from woz.annotation.words import joined, spans_of, word_of, words_in
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.model.ids import ProcedureId, SessionId, TermId, TurnId
from woz.model.people import Role
from woz.model.transcript import Term, Turn, Word

NEW = TurnId("new")


def said(texts: str, role: Role = Role.TRAINEE, start: int = 0, name: str = "x", end: int = 1000) -> Turn:
    span = Interval(start, end)
    return Turn(TurnId(name), TID, role, span, texts, words=spread(words_in(texts), span))


def only(edit: Edit) -> Turn:
    [turn] = edit.after
    assert isinstance(turn, Turn)
    return turn


def both(edit: Edit) -> tuple[Turn, Turn]:
    first, second = edit.after
    assert isinstance(first, Turn)
    assert isinstance(second, Turn)
    return first, second


# words' times


@given(turns(), st.lists(TEXTS, max_size=10))
def test_words_stay_in_order_inside_the_turn_whatever_is_typed(turn: Turn, texts: list[str]) -> None:
    new = edits.with_text(turn, "  ".join(texts))
    assert new.text.split() == texts
    assert is_in_order(new)
    assert (new.interval, new.said) == (turn.interval, turn.said)
    assert [word.text for word in timed_words(new)] == words_in(new.text)


@given(turns(), st.data())
def test_a_word_that_is_not_touched_keeps_its_time(turn: Turn, data: st.DataObject) -> None:
    if not turn.words:
        return
    at = data.draw(st.integers(0, len(turn.words)))
    texts = words_in(turn.text)
    new = edits.with_text(turn, " ".join([*texts[:at], "zebra", *texts[at:]]))
    assert [*new.words[:at], *new.words[at + 1 :]] == list(turn.words)
    assert new.words[at].text == "zebra"


def test_a_corrected_word_takes_the_place_of_the_wrong_one() -> None:
    turn = said("mix the bowel well.")
    new = edits.with_text(turn, "Mix the bowl, well.")
    assert [word.interval for word in new.words] == [word.interval for word in turn.words]
    two = edits.with_text(turn, "mix the big bowl well.")
    assert two.words[2].interval.start_ns == turn.words[2].interval.start_ns
    assert two.words[3].interval.end_ns == turn.words[2].interval.end_ns
    assert two.words[2].interval.duration_ns < two.words[3].interval.duration_ns
    assert corrections(turn.words, ["mix", "the", "big", "bowl", "well."]) == [("bowel", "big bowl")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Take the red one,  please.", ["Take", "the", "red", "one,", "please."]),
        ("次に、赤い軸", ["次", "に", "、", "赤", "い", "軸"]),
        ("把USB 插进去", ["把", "USB", "插", "进", "去"]),
        ("l’asse è lì", ["l’asse", "è", "lì"]),
        ("", []),
    ],
)
def test_words_are_where_each_script_has_them(text: str, words: list[str]) -> None:
    assert words_in(text) == words
    assert [text[start:end] for start, end in spans_of(text)] == words
    assert [word_of(text, start) for start, _ in spans_of(text)] == list(range(len(words)))


@given(st.text(), st.text())
def test_texts_are_joined_without_losing_a_word(one: str, other: str) -> None:
    assert words_in(joined([one, other])) == words_in(one) + words_in(other)


def test_a_japanese_turn_keeps_the_times_of_its_characters_through_an_edit() -> None:
    turn = said("次に赤い軸を取って", end=9_000)
    new = edits.with_text(turn, "次に青い軸を取って")
    assert [word.interval for word in new.words] == [word.interval for word in turn.words]
    assert new.words[2].text == "青"
    first, second = both(edits.split(turn, 2, NEW))
    assert (first.text, second.text) == ("次に", "赤い軸を取って")
    assert only(edits.merge(first, second)).text == turn.text


def test_words_of_a_careless_recogniser_are_put_in_order() -> None:
    words = (Word("a", Interval(50, 90)), Word("b", Interval(10, 200)))
    turn = replace(said("a b", end=100), words=words)
    assert is_in_order(edits.with_text(turn, "a c b"))


def test_times_are_interpolated_where_there_are_none() -> None:
    turn = replace(said("one three"), words=())
    assert [word.interval for word in timed_words(turn)] == [Interval(0, 400), Interval(400, 1000)]
    assert edits.with_text(turn, "one two").words == ()
    assert retimed((), [], turn.interval) == ()


def test_a_turn_is_timed_anew_by_an_aligner() -> None:
    turn = judge(said("one three"), 0, True).after[0]
    assert isinstance(turn, Turn)
    spans = [Interval(100, 200), Interval(300, 400)]
    new = only(edits.realign(turn, spans))
    assert [word.interval for word in new.words] == spans
    assert new.words[0].doubt
    assert only(edits.realign(new, [word.interval for word in turn.words])).words == turn.words


# splitting and merging


@given(turns(least_words=2), st.data())
def test_split_then_merge_gives_the_turn_again(turn: Turn, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(words_in(turn.text)) - 1))
    first, second = both(edits.split(turn, at, NEW))
    assert is_in_order(first)
    assert is_in_order(second)
    assert first.interval.end_ns == second.interval.start_ns
    assert (first.said is None) == (turn.said is None)
    assert only(edits.merge(first, second)) == turn
    assert edits.merge_next([first, second], first) == edits.merge_previous([first, second], second)


@given(turns("a"), turns("b"))
def test_a_merged_turn_holds_both(a: Turn, b: Turn) -> None:
    new = only(edits.merge(a, b))
    assert is_in_order(new)
    assert words_in(new.text) == [*words_in(a.text), *words_in(b.text)]
    assert new.interval == a.interval | b.interval
    if a.said and b.said:
        assert new.said == a.said | b.said
    assert new.checked == (a.checked and b.checked)


def test_a_translation_stays_at_the_first_part_and_is_joined_again() -> None:
    turn = replace(said("uno due"), translation="one two")
    first, second = both(edits.split(turn, 1, NEW))
    assert (first.translation, second.translation) == ("one two", "")
    assert only(edits.merge(first, replace(second, translation="three"))).translation == "one two three"


def test_only_near_turns_of_one_voice_are_merged() -> None:
    turns = [said("a", name="a"), said("b", Role.EXPERT, 500, "b"), said("c", name="c", start=2000, end=3000)]
    assert only(edits.merge_next(turns, turns[0])).text == "a c"
    with pytest.raises(WozError, match="no turn of the same speaker after"):
        edits.merge_next(turns, turns[1])
    with pytest.raises(WozError, match="no turn of the same speaker before"):
        edits.merge_previous(turns, turns[0])
    far = replace(turns[2], interval=Interval(20 * NS_PER_S, 21 * NS_PER_S))
    with pytest.raises(WozError, match="more than 10 s"):
        edits.merge_next([turns[0], far], turns[0])


def test_a_caret_at_an_end_splits_nothing() -> None:
    for at in (0, 2, -1):
        with pytest.raises(WozError, match="between two words"):
            edits.split(said("one two"), at, NEW)


def test_a_turn_that_is_moved_is_said_as_much_later() -> None:
    turn = replace(said("one two"), said=Interval(500, 1500))
    moved = only(edits.set_interval(turn, Interval(200, 900)))
    assert (moved.said, is_in_order(moved)) == (Interval(700, 1400), True)
    with pytest.raises(WozError, match="before it starts"):
        edits.set_interval(turn, Interval(5, 5))


def test_an_added_part_of_an_experts_turn_is_said_as_early_as_the_rest() -> None:
    turn = replace(said("one", Role.EXPERT, 1000, end=2000), said=Interval(800, 1800))
    added = said("two", Role.EXPERT, 2000, "y", 3000)
    assert only(edits.merge(turn, added)).said == Interval(800, 2800)
    assert only(edits.merge(added, turn)).said == Interval(800, 2800)


# doubts


def test_a_person_judges_over_the_recogniser() -> None:
    unsure, sure, typed = Word("a", Interval(0, 1), 0.2), Word("b", Interval(1, 2), 0.8), Word("c", Interval(2, 3))
    assert [is_doubtful(word) for word in (unsure, sure, typed)] == [True, False, False]
    assert not is_doubtful(replace(unsure, doubt=False))
    assert is_doubtful(replace(typed, doubt=True))


def test_the_walk_goes_through_all_doubts_both_ways() -> None:
    turn = replace(said("a b c"), words=tuple(replace(w, confidence=0.1) for w in said("a b c").words))
    turns = [turn, said("d e"), only(judge(said("f g"), 1, True))]
    walk, here = [], (0, -1)
    while (found := next_doubt(turns, here)) is not None:
        walk.append(here := found)
    assert walk == [(0, 0), (0, 1), (0, 2), (2, 1)] == doubtful_places(turns)
    assert next_doubt(turns, (2, 1), -1) == (0, 2)
    assert next_doubt(turns, (0, 0), -1) is None
    assert next_doubt([only(judge(turn, 1, False))], (0, 0)) == (0, 2)
    with pytest.raises(WozError, match="Choose a word"):
        judge(turn, 3, True)


# finding


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        (Search("bow"), 4),
        (Search("bow", whole_words=True), 1),
        (Search("Bow", match_case=True), 1),
        (Search("b.w", regex=True), 5),
        (Search("b.w"), 0),
        (Search("bow|baw", whole_words=True, regex=True), 2),
        (Search("x*", regex=True), 0),
    ],
)
def test_places_are_found(search: Search, expected: int) -> None:
    assert len(find([said("Bowl, bow elbow."), said("bows baw", name="y")], search)) == expected


def test_all_places_are_replaced_by_one_edit() -> None:
    turns = [said("the bowel and the bowel"), said("nothing", name="n"), said("bowel", name="y")]
    edit = replace_all(turns, Search("bowel", whole_words=True), r"\1 bowl")
    assert [turn.text for turn in edit.after if isinstance(turn, Turn)] == [
        r"the \1 bowl and the \1 bowl",
        r"\1 bowl",
    ]
    swapped = replace_all(turns, Search(r"(\w+) and (\w+)", regex=True), r"\2 and \1")
    assert only(swapped).text == "the the and bowel bowel"
    assert not replace_all(turns, Search("cup"), "mug")
    for bad in (Search("(", regex=True), Search("")):
        with pytest.raises(WozError):
            replace_all(turns, bad, "x")
    with pytest.raises(WozError, match="replacement can't be read"):
        replace_all(turns, Search("bowel", regex=True), r"\7")


def test_one_place_is_replaced() -> None:
    turn, search = said("red red"), Search("red")
    second = find([turn], search)[1]
    assert only(replace_one(turn, second, search, "blue")).text == "red blue"
    with pytest.raises(WozError, match="changed"):
        replace_one(said("r"), second, search, "blue")


def test_all_alike_are_corrected_each_in_its_own_way() -> None:
    turns = [said("Bowel, bowel elbowel"), said("“bowel”  bowels", name="y")]
    assert alike(turns, "BOWEL.") == 3
    edit = fix_alike(turns, "bowel", "bowl.")
    assert [turn.text for turn in edit.after if isinstance(turn, Turn)] == ["Bowl, bowl elbowel", "“bowl” bowels"]
    assert not fix_alike(turns, "cup", "mug")
    with pytest.raises(WozError, match="right word"):
        fix_alike(turns, "bowel", " ")


# voices


def test_voices_are_named_and_merged() -> None:
    one, two = Voice(Role.OTHER, "other 1"), Voice(Role.OTHER, "other 2")
    turns = [only(edits.set_voice(said("a", name="a"), one)), only(edits.set_voice(said("b", name="b"), two))]
    assert [voice.label for voice in voices_of(turns)] == ["Trainee", "Expert", "other 1", "other 2"]
    assert choices(turns)[-1] == Voice(Role.OTHER, "other 3")
    assert choices([])[-1].name == "other 1"
    merged = assign(turns, two, one)
    assert (merged.name, {voice_of(t) for t in merged.after if isinstance(t, Turn)}) == ("Merge speakers", {one})
    assert assign(turns, two, Voice(Role.OTHER, "nurse")).name == "Rename speaker"
    for old, new in ((one, one), (Voice(Role.EXPERT), one)):
        with pytest.raises(WozError):
            assign(turns, old, new)


def test_samples_are_long_and_of_one_voice_only() -> None:
    expert = Voice(Role.EXPERT)
    own = [said("x", Role.EXPERT, i * 10_000, f"e{i}", i * 10_000 + 1000 * (i + 1)) for i in range(6)]
    across = said("y", Role.TRAINEE, 54_000, "t", 57_000)
    assert [turn.id for turn in samples([*own, across], expert)] == ["e2", "e3", "e4"]
    assert [turn.id for turn in samples([own[5], across], expert)] == ["e5"]


# the glossary


def test_a_term_is_suggested_for_what_was_misheard() -> None:
    procedure = ProcedureId("cake")
    terms = [Term(TermId(text), procedure, text) for text in ("whisk", "Bowl", "baking powder")]
    assert near_terms("Bowel,", terms) == ["Bowl"]
    assert near_terms("bowl", terms) == []
    [new] = add_term(terms, TermId("new"), procedure, "  sour  cream ").after
    assert new == Term(TermId("new"), procedure, "sour cream")
    assert remove_term(terms[0]).before == (terms[0],)
    for owner, text in ((procedure, "WHISK"), (procedure, " "), (None, "salt")):
        with pytest.raises(WozError):
            add_term(terms, TermId("new"), owner, text)


# all together: whatever is done can be taken back, and what was first made is always there


class Correcting(RuleBasedStateMachine):
    @initialize(originals=transcripts())
    def begin(self, originals: list[Turn]) -> None:
        self.originals = tuple(originals)
        history = MemoryHistory(originals)
        self.document = Document(SessionId("s"), history.opened(), history, "ada")
        self.count = 0
        self.states = [self.document.turns]

    def do(self, edit: Edit) -> None:
        before = self.document.turns
        if edit:
            self.document.apply(edit)
            after = self.document.turns
            self.document.undo()
            assert self.document.turns == before
            self.document.redo()
            assert self.document.turns == after
            self.states.append(after)

    def new_id(self) -> TurnId:
        self.count += 1
        return TurnId(f"new {self.count}")

    @precondition(lambda self: self.document.turns)
    @rule(data=st.data(), texts=st.lists(TEXTS, max_size=6))
    def type(self, data: st.DataObject, texts: list[str]) -> None:
        self.do(edits.set_text(data.draw(st.sampled_from(self.document.turns)), " ".join(texts)))

    @precondition(lambda self: any(len(words_in(turn.text)) > 1 for turn in self.document.turns))
    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        turn = data.draw(st.sampled_from([t for t in self.document.turns if len(words_in(t.text)) > 1]))
        self.do(edits.split(turn, data.draw(st.integers(1, len(words_in(turn.text)) - 1)), self.new_id()))

    @precondition(lambda self: len(self.document.turns) > 1)
    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.document.turns) - 2))
        self.do(edits.merge(*self.document.turns[number : number + 2]))

    @precondition(lambda self: self.document.turns)
    @rule(data=st.data(), role=st.sampled_from(Role))
    def speak(self, data: st.DataObject, role: Role) -> None:
        self.do(edits.set_voice(data.draw(st.sampled_from(self.document.turns)), Voice(role, "somebody")))

    @precondition(lambda self: self.document.turns)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        self.do(edits.delete(data.draw(st.sampled_from(self.document.turns))))

    @rule(start=st.integers(0, 9000))
    def insert(self, start: int) -> None:
        self.do(edits.insert(TID, self.new_id(), Voice(Role.OTHER), Interval(start, start + 500)))

    @rule(old=TEXTS, new=TEXTS)
    def fix(self, old: str, new: str) -> None:
        self.do(fix_alike(self.document.turns, old, new))

    @precondition(lambda self: self.document.turns)
    @rule(data=st.data())
    def restore_one(self, data: st.DataObject) -> None:
        turn = data.draw(st.sampled_from(self.document.turns))
        try:
            self.do(restore_turn(turn, self.document.turns, self.originals))
        except WozError:
            assert not set(edits.sources(turn)) & {original.id for original in self.originals}
            return
        texts = {t.id: t.text for t in self.document.turns}
        assert all(texts[t.id] == t.text for t in self.originals if t.id in edits.sources(turn))

    @invariant()
    def words_in_order(self) -> None:
        assert all(is_in_order(turn) for turn in self.document.turns)

    @invariant()
    def all_can_be_restored(self) -> None:
        edit = restore_all(self.document.turns, self.originals)
        left = {t.id: t for t in self.document.turns if t not in edit.before}
        left |= {t.id: t for t in edit.after if isinstance(t, Turn)}
        assert left == {t.id: t for t in self.originals}

    def teardown(self) -> None:
        if hasattr(self, "states"):
            for state in reversed(self.states[:-1]):
                self.document.undo()
                assert self.document.turns == state


TestCorrecting = Correcting.TestCase
TestCorrecting.settings = settings(max_examples=scaled(30), stateful_step_count=15, deadline=None)
