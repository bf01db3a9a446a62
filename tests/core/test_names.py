"""Names: found however they are written, replaced with their words, muted, and searched for in files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.release_room import S, bundle, question
from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS, Interval
from woz.lab.naming import occurrences
from woz.model.ids import LabelId, ProcedureId, SchemeId, SessionId, StepId, TranscriptId, TurnId
from woz.model.people import Role
from woz.model.procedure import Procedure, Step
from woz.model.scheme import Label, Scheme, TierType
from woz.model.transcript import Turn, Word
from woz.privacy.names.leaks import leaks
from woz.privacy.names.listing import NameKind, NameList, folded
from woz.privacy.names.matching import matches
from woz.privacy.names.recognising import recogniser
from woz.privacy.names.replacing import cleaned, muted, texts_in, without_names

PERSON = NameKind.PERSON
NAMES = (
    NameList()
    .with_name("Anneliese", PERSON)
    .with_name("Jean-Luc Picard", PERSON)
    .with_name("Köln", NameKind.PLACE)
    .with_name("Bo", PERSON)
    .with_name("田中", PERSON)
)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Ask Anneliese’s brother.", "Ask [PERSON_1] brother."),
        ("ask ANNELIESE", "ask [PERSON_1]"),
        ("Give it to Annelise, or Anne Liese.", "Give it to [PERSON_1], or [PERSON_1]."),
        ("That's jean luc picard there", "That's [PERSON_2] there"),
        ("We met in Koln.", "We met in [PLACE_3]."),
        ("Bo took the box, not Bob.", "[PERSON_4] took the box, not Bob."),
        ("それは田中さんです", "それは[PERSON_5]さんです"),
        ("Analyse the annual list.", "Analyse the annual list."),
    ],
)
def test_a_name_is_found_however_it_is_written(said: str, left: str) -> None:
    assert without_names(said, NAMES) == left
    assert without_names(left, NAMES) == left


def test_people_decide_on_what_is_only_like_a_name() -> None:
    [found] = matches("Annelies is a rose.", NAMES)
    assert (found.form, found.decided) == ("Annelies", False)
    assert 0.8 < found.likeness < 1
    kept = NAMES.decided("annelies", None)
    assert matches("Annelies is a rose.", kept) == []
    assert matches("Anneliese is not.", kept)
    called = NAMES.decided("Lissy", "Anneliese")
    assert without_names("Come, Lissy!", called) == "Come, [PERSON_1]!"
    assert without_names("Come, Lissy!", called.without("Anneliese")) == "Come, Lissy!"
    with pytest.raises(WozError, match="in the list of names already"):
        NAMES.with_name("anneliese", PERSON)
    with pytest.raises(WozError, match="at least one letter"):
        NAMES.with_name(" ! ", PERSON)
    with pytest.raises(WozError, match="Nobody is not in the list"):
        NAMES.decided("x", "Nobody")
    assert NAMES.without("Bo").with_name("Ada", PERSON).names[-1].stands == "[PERSON_6]"


def test_what_a_recogniser_proposes_waits() -> None:
    proposed = replace(NAMES, proposed={folded("Mr. Data"): PERSON})
    [found] = matches("Thank you, Mr. Data.", proposed)
    assert (found.form, found.name, found.decided) == ("Mr. Data", None, False)
    assert without_names("Thank you, Mr. Data.", proposed) == "Thank you, Mr. Data."
    assert proposed.decided("mr data", None).proposed == {}
    with pytest.raises(WozError, match="no recogniser of names 'nobody'; those are spacy"):
        recogniser("nobody", Path())


def _turn(*words: tuple[str, float, float]) -> Turn:
    made = tuple(Word(text, Interval(round(a * S), round(b * S))) for text, a, b in words)
    text = " ".join(word.text for word in made)
    span = Interval(made[0].interval.start_ns, made[-1].interval.end_ns)
    return Turn(TurnId("t1"), TranscriptId("t"), Role.EXPERT, span, text, words=made)


def test_a_name_s_words_become_one_and_are_silent() -> None:
    turn = _turn(
        ("Ask", 1, 1.2), ("Jean", 1.3, 1.5), ("Luc", 1.5, 1.7), ("Picard,", 1.7, 2.0), ("please.", 2.1, 2.4)
    )
    made = cleaned(turn, NAMES)
    assert made.text == "Ask [PERSON_2], please."
    assert [word.text for word in made.words] == ["Ask", "[PERSON_2]", "please."]
    assert made.words[1].interval == Interval(round(1.3 * S), 2 * S)
    assert muted([turn], NAMES) == (Interval(round(1.3 * S) - 80 * NS_PER_MS, 2 * S + 80 * NS_PER_MS),)
    untimed = replace(turn, words=())
    assert muted([untimed], NAMES) == (Interval(S - 80 * NS_PER_MS, turn.interval.end_ns + 80 * NS_PER_MS),)
    assert muted([_turn(("Nobody", 0, 1))], NAMES) == ()


def test_all_that_people_wrote_is_cleaned_and_ids_are_not() -> None:
    asked = question("s1", "Anneliese", text="Where is Anneliese?", answer="In Köln.")
    made = bundle("s1", "P01", questions=(asked,))
    made = replace(made, session=replace(made.session, title="Anneliese's lamp", place="Köln"))
    new = cleaned(made, NAMES)
    assert (new.session.title, new.session.place, new.session.id) == ("[PERSON_1] lamp", "[PLACE_3]", "s1")
    assert (new.questions[0].text, new.questions[0].answer) == ("Where is [PERSON_1]?", "In [PLACE_3].")
    assert new.questions[0].id == asked.id
    assert new.turns == made.turns
    assert "Where is Anneliese?" in list(texts_in(made))
    assert cleaned(new, NAMES) == new


def test_what_was_agreed_is_cleaned_of_names_and_not_of_what_is_like_one() -> None:
    """Schemes and procedures, in which labels come from steps."""
    step = Step(StepId("1"), "Open Anneliese's lamp", 0, description="As Bo does.", tools=("Bo's knife", "lamp"))
    label = Label(
        LabelId("1"), "open", {"en": "Open Anneliese's lamp"}, examples=("Annelise’s",), start_rule="When Bo nods"
    )
    scheme = Scheme(SchemeId("s"), "Köln lamps", 1, (TierType("steps", {"en": "Bo"}, labels=(label,)),))
    made = bundle("s1", "P01")
    procedure = Procedure(ProcedureId("p"), "Lamps of Köln", (step,), description="Written by Bo.")
    made = replace(made, procedure=procedure, schemes={(scheme.id, 1): scheme})
    new = cleaned(made, NAMES)
    assert new.procedure
    [own] = new.procedure.steps
    assert (own.name, own.description) == ("Open [PERSON_1] lamp", "As [PERSON_4] does.")
    assert own.tools == ("[PERSON_4] knife", "lamp")
    assert (new.procedure.name, new.procedure.description) == ("Lamps of [PLACE_3]", "Written by [PERSON_4].")
    [of_steps] = new.schemes[scheme.id, 1].tier_types
    [out] = of_steps.labels
    assert (out.id, out.names, out.start_rule) == ("1", {"en": "Open [PERSON_1] lamp"}, "When [PERSON_4] nods")
    assert out.examples == ("Annelise’s",)
    assert (new.schemes[scheme.id, 1].name, of_steps.names) == ("[PLACE_3] lamps", {"en": "[PERSON_4]"})
    assert {"As Bo does.", "Bo's knife"} <= set(texts_in(made))
    assert {"Köln lamps", "Bo", "Open Anneliese's lamp", "Annelise’s", "When Bo nods"} <= set(texts_in(scheme))
    again = replace(made, session=replace(made.session, id=SessionId("s2")))
    like = [each for each in occurrences([made, again], NAMES) if each.form == "Annelise’s"]
    assert [(each.session, each.name, each.decided) for each in like] == [("s1", "Anneliese", False)]


def test_keys_and_ids_with_names_are_told_once_as_what_stays() -> None:
    label = Label(LabelId("1"), "ask-anneliese", {"en": "Ask"})
    tier_type = TierType("steps_of_bo", labels=(label, Label(LabelId("l2"), "bottle")))
    scheme = Scheme(SchemeId("of-koln"), "Lamps", 1, (tier_type,))
    procedure = Procedure(ProcedureId("p"), "Lamps", (Step(StepId("jeanLucPicard_1"), "Fit", 0),))
    made = replace(bundle("s1", "P01"), procedure=procedure, schemes={(scheme.id, 1): scheme})
    made = replace(made, session=replace(made.session, id=SessionId("visit-annelise")))
    again = replace(made, session=replace(made.session, id=SessionId("s2")))
    found = [(each.form, each.name, each.decided, each.context) for each in occurrences([made, again], NAMES)]
    assert found == [
        ("annelise", "Anneliese", False, "visit-annelise"),
        ("jean Luc Picard", "Jean-Luc Picard", True, "jeanLucPicard_1"),
        ("koln", "Köln", True, "of-koln"),
        ("bo", "Bo", True, "steps_of_bo"),
        ("anneliese", "Anneliese", True, "ask-anneliese"),
    ]
    assert all(each.stays for each in occurrences([made], NAMES))
    assert cleaned(made, NAMES).schemes == made.schemes


def test_a_finished_folder_is_searched(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "train.jsonl").write_text('{"a": 1}\n{"a": "Ask Annelise"}\n', encoding="utf-8")
    (tmp_path / "data" / "2026_bo_lamp.tar").write_bytes(b"Anneliese")
    (tmp_path / "README.md").write_text("[PERSON_1] was there", encoding="utf-8")
    assert [str(each) for each in leaks(tmp_path, NAMES, [])] == [
        "'bo' stands in the name of data/2026_bo_lamp.tar.",
        "'Annelise' stands in line 2 of data/train.jsonl.",
    ]
