"""The card of a release: lengths, labels, agreement, and what became of what gates flagged."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.release_room import build, bundle, film, question
from tests.core.test_windows_asked import with_states
from woz.dataset.release.building import ReleaseBuilder
from woz.dataset.release.recipe import Recipe
from woz.dataset.release.selection import LeftOut
from woz.dataset.review.agreement import Agreement, Judging
from woz.formats.bundle import SessionBundle
from woz.model.origin import Origin
from woz.model.question import Distractor, Flag, QuestionKind, ReviewStatus, Wording
from woz.model.review import ReviewTask
from woz.model.session import DataSetSource

FLAG = (Flag("options", "The right answer is far longer than every other."),)
AGREED = {
    ReviewTask.TEXT: Agreement(40, 80, 0.875, 0.61, 0.79),
    ReviewTask.GROUNDING: Agreement(0, 0, None, None, None),
}
JUDGING = Judging(AGREED, {"s-a": 5, "s-b": 2})
NAMES = [
    ("`screw`", r"\`screw\`"),
    ("<b>lid</b> & *cap*", r"\<b\>lid\</b\> \& \*cap\*"),
    ("_left_ [side](x)", r"\_left\_ \[side\](x)"),
    (r"a|b \| c\\", r"a\|b \\\| c\\\\"),
    ("~~old~~ &lt;", r"\~\~old\~\~ \&lt;"),
    ("two\n  lines\nor three\n", "two<br>lines<br>or three"),
]
"""As somebody wrote them, and as a table of Markdown has them."""


def card(out: Path, sessions: list[SessionBundle], judges: int = 0) -> tuple[str, str]:
    """README and page."""
    by_id = {each.session.id: each for each in sessions}
    whole = [each.session for each in sessions]
    recipe = Recipe("lamps", clips=False, judges=judges)
    builder = ReleaseBuilder(recipe, whole, by_id.__getitem__, lambda _: None, lambda *_: None, judging=JUDGING)
    builder.build(out)
    return (out / "README.md").read_text(encoding="utf-8"), (out / "card.html").read_text(encoding="utf-8")


def test_the_card_has_lengths_labels_agreement_and_the_gates_table(tmp_path: Path) -> None:
    sets = (
        question("s", "a", flags=FLAG),
        question("s", "b", text="Which one now, of all the lamps that lie here?"),
        question("s", "c", flags=FLAG, status=ReviewStatus.REJECTED),
        question("s", "d", flags=FLAG, status=ReviewStatus.PROPOSED),
    )
    readme, page = card(tmp_path / "r", [with_states(replace(bundle("s", "P"), questions=sets))])
    assert "| gate | flagged | taken all the same | discarded by people | left out for another reason |" in readme
    assert "| options | 3 | 1 | 1 | 1 |" in readme
    assert "<tr><td>options</td><td>3</td><td>1</td><td>1</td><td>1</td></tr>" in page
    assert "80 decisions on 40 question sets" in readme
    for row in ("| raw | 0.88 |", "| Fleiss' kappa | 0.61 |", "| Gwet's AC1 | 0.79 |"):
        assert row in readme
    assert 'style="width:61.0%"' in page, "shares are drawn against the whole"
    assert "Agreement of those who judged: grounding" not in readme
    assert readme.split("## Words of questions")[1].split("##")[0].count("| 1 |") == 2
    assert "| 5 s | 2 |" not in readme, "this release has no clips"
    assert "## Labels: " in readme


def test_the_card_and_croissant_tell_limits_that_its_figures_show(tmp_path: Path) -> None:
    sets = (
        question("s", "a", flags=FLAG, language=""),
        question("s", "b", kind=QuestionKind.UNASKED),
        question("s", "c", distractors=tuple(Distractor(f"No. {n}") for n in range(4))),
    )
    whole = replace(bundle("s", "P"), questions=sets)
    assert whole.transcript
    heard = replace(whole, transcript=replace(whole.transcript, origin=Origin.RECOGNISED))
    readme, _ = card(tmp_path / "r", [heard])
    told = readme.split("## Known limits")[1]
    for figures in (
        "against them (`flags`): 1 of 3 question sets.",
        "by one person or nobody: 1 of 3 question sets.",
        "With fewer than 4 wrong answers: 2 of 3 question sets.",
        "a question was put for it): 1 of 3 question sets.",
        "In a language that nobody named: 1 of 3 question sets.",
        "Transcripts of 1 session are a recogniser's",
    ):
        assert figures in told
    assert "Nobody on record" not in told
    croissant = json.loads((tmp_path / "r" / "croissant.json").read_text(encoding="utf-8"))
    assert all(limit in told for limit in croissant["rai:dataLimitations"])
    assert len(croissant["rai:dataLimitations"]) == 7
    judged = "Question sets by how many people judged their words: 1 by 0, 1 by 2, 1 by 5."
    assert croissant["rai:annotationsPerItem"] == judged
    agreed = "raw 0.88, Fleiss' kappa 0.61, Gwet's AC1 0.79."
    of = "text, 80 decisions on 40 question sets of the project that two or more judged"
    assert croissant["rai:dataAnnotationAnalysis"] == [f"{of}: {agreed}"]


def test_croissant_tells_who_made_it_how_it_was_prepared_and_annotated(tmp_path: Path) -> None:
    sets = (question("s", "a", flags=FLAG), question("s", "b", kind=QuestionKind.UNASKED, language="it"))
    bundles = [replace(bundle("s", "P"), questions=sets), bundle("t", "Q", agreed=False)]
    for recipe, creator in (
        (Recipe("lamps", frames=2, authors=("Ada Lovelace",), wrong_answers=10), ("sc:Person", "Ada Lovelace")),
        (Recipe("lamps", clips=False, seed=4), ("sc:Organization", "The authors of lamps")),
    ):
        out = tmp_path / creator[0]
        build(out, recipe, bundles, film(tmp_path))
        told = json.loads((out / "croissant.json").read_text(encoding="utf-8"))
        assert [(each["@type"], each["name"]) for each in told["creator"]] == [creator]
        prepared, protocol = (" ".join(told[f"rai:data{what}Protocol"]) for what in ("Preprocessing", "Annotation"))
        assert "Transcripts, by sessions: script 1." in prepared
        assert ("its sound is silent from where the answer begins" in prepared) == recipe.clips
        assert ("divided into 2 equal parts" in prepared) == recipe.clips
        assert f"drawn by seed {recipe.seed}" in prepared
        assert f"is to have {recipe.wrong_answers} wrong answers." in protocol
        assert "Gate “options” flags 1 of these sessions' question sets" in protocol
        assert "1 of 2 question sets" in told["rai:dataImputationProtocol"]
        assert told["rai:dataCollectionMissingData"].startswith("1 session left out: ")
        assert "Q" not in told["rai:dataCollectionMissingData"], "who is not in it is not named"
        assert "Question sets by language: en 1, it 1." in told["rai:dataBiases"]


def test_without_flags_the_card_says_so(tmp_path: Path) -> None:
    readme, _ = card(tmp_path / "r", [bundle("s", "P")])
    assert "No gate flags any question set of these sessions, or none was run." in readme


@pytest.mark.parametrize(("name", "written"), NAMES)
def test_names_stand_in_its_tables_as_they_are_written(name: str, written: str, tmp_path: Path) -> None:
    readme, page = card(tmp_path / "r", [replace(bundle("s", "P"), questions=(question("s", "a", type=name),))])
    assert f"| {written} | 1 |\n" in readme.split("## Types of questions")[1].split("##")[0]
    assert f"<td>{html.escape(name)}</td>" in page


@pytest.mark.parametrize(("name", "written"), NAMES)
def test_names_stand_outside_its_tables_as_they_are_written(name: str, written: str, tmp_path: Path) -> None:
    """On one line: in its heading, as a program's and as another data set's."""
    made = bundle("s", "P")
    assert made.transcript
    heard = replace(made.transcript, origin=Origin.RECOGNISED, made_by=name)
    session = replace(made.session, provenance=DataSetSource(name, "CC BY"))
    recipe = Recipe("lamps", title=name, clips=False)
    build(tmp_path / "r", recipe, [replace(made, session=session, transcript=heard)])
    readme = (tmp_path / "r" / "README.md").read_text(encoding="utf-8")
    page = (tmp_path / "r" / "card.html").read_text(encoding="utf-8")
    made_texts = "Programs and models that made transcripts or texts:"
    of_others = "Sessions of published data sets:"
    line = written.replace("<br>", " ")
    assert f"\n# {line} {recipe.version}\n" in readme
    assert f"\n{made_texts} {line}.\n" in readme
    assert f"\n{of_others} {line} (CC BY).  \n" in readme
    paragraphs = [html.unescape(each) for each in re.findall("<p>(.*?)</p>", page)]
    shown = " ".join(name.split())
    assert {f"{made_texts} {shown}.", f"{of_others} {shown} (CC BY)."} <= set(paragraphs)


def test_emphasis_and_code_of_the_card_are_still_drawn(tmp_path: Path) -> None:
    _, page = card(tmp_path / "r", [bundle("s", "P")])
    assert "<p><em>asked</em>: said by one of the two in the session;" in page
    assert "do not show a model more of one than <code>context</code>." in page


def test_what_people_discarded_is_called_so(tmp_path: Path) -> None:
    sets = (question("s", "a"), question("s", "b", status=ReviewStatus.REJECTED))
    readme, page = card(tmp_path / "r", [replace(bundle("s", "P"), questions=sets)])
    assert "1 question set left out: it is discarded." in readme
    both = (ReviewStatus.ACCEPTED, ReviewStatus.REJECTED)
    build(
        tmp_path / "both", Recipe("lamps", clips=False, statuses=both), [replace(bundle("s", "P"), questions=sets)]
    )
    card_of, croissant = ((tmp_path / "both" / name).read_text("utf-8") for name in ("README.md", "croissant.json"))
    assert "Question sets taken: those that are accepted, discarded, with" in card_of
    assert "when they are accepted, discarded." in croissant
    for text in (readme, page, card_of):
        assert "rejected" not in text


def test_one_that_is_left_out_is_told_as_one() -> None:
    several = (
        "their clip lies outside the video",
        "they have no question or no answer",
        "a stretch that is kept out of releases touches them",
    )
    alone = LeftOut(questions=Counter(several), wrong=1).nameless()
    assert alone == [
        "1 question set left out: a stretch that is kept out of releases touches it.",
        "1 question set left out: its clip lies outside the video.",
        "1 question set left out: it has no question or no answer.",
        "1 wrong answer left out: it was said where nothing may be released.",
    ]
    two = LeftOut(questions=Counter(2 * several), wrong=2).nameless()
    assert [each.split(": ")[1] for each in two] == [
        *(f"{each}." for each in sorted(several)),
        "they were said where nothing may be released.",
    ]


def test_what_too_few_people_judged_is_left_out_and_counted(tmp_path: Path) -> None:
    readme, _ = card(tmp_path / "all", [bundle("s", "P")])
    assert "| 2 | 1 |\n| 5 | 1 |" in readme
    strict, _ = card(tmp_path / "strict", [bundle("s", "P")], judges=5)
    assert "1 question set of 1 session" in strict
    assert "1 question set left out: fewer than 5 people judged it." in strict


def test_who_is_not_on_record_is_no_person_of_the_card(tmp_path: Path) -> None:
    """Of a published data set nobody may be on record; the people of the others are not theirs."""
    sessions = [bundle("s", "P1"), bundle("t", "P2"), _of_a_data_set("u")]
    readme, _ = card(tmp_path / "r", sessions)
    assert "of 3 sessions with 2 people on record, nobody in 1 of them;" in readme
    of_people, _ = card(tmp_path / "known", sessions[:1])
    assert "of 1 session with 1 person on record;" in of_people


def _of_a_data_set(session: str) -> SessionBundle:
    made = bundle(session, "")
    of = replace(made.session, participants=(), provenance=DataSetSource("HoloAssist", "CDLA-Permissive-2.0"))
    return replace(made, session=of, participants=())


def test_what_vectors_suggested_is_one_well_whatever_its_cosine(tmp_path: Path) -> None:
    how = ("taken: nearest by sentence vectors (0.35)", "nearest by sentence vectors (-0.02)", "minimal edit: side")
    wrong = tuple(Distractor(f"Wrong {n}.", Wording("A02", each)) for n, each in enumerate(how))
    again = tuple(Distractor(f"Wrong {n}.", Wording("A02", each.replace("3", "4"))) for n, each in enumerate(how))
    sets = (question("s", "a", distractors=wrong), question("s", "b", distractors=again))
    readme, _ = card(tmp_path / "r", [replace(bundle("s", "P"), questions=sets)])
    table = readme.split("## Where options are from")[1].split("##")[0]
    assert "| A02: taken: nearest by sentence vectors | 2 |" in table
    assert "| A02: nearest by sentence vectors | 2 |" in table
    assert "0.3" not in table
    assert "(0.35)" not in (tmp_path / "r" / "croissant.json").read_text(encoding="utf-8")


def test_the_card_says_how_it_is_read_and_what_each_field_is(tmp_path: Path) -> None:
    readme, page = card(tmp_path / "r", [bundle("s", "P")])
    (line, *_) = (tmp_path / "r" / "data" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    chapter, drawn = readme.split("## How to read it")[1].split("##")[0], page.split("<h2>How to read it</h2>")[1]
    for field in json.loads(line):
        assert f"| `{field}` | " in chapter
        assert f"<td><code>{field}</code></td><td>" in drawn
    assert "| `group` | What is never in two splits; cluster results by it. |" in chapter
    assert "`clips`" not in chapter, "this release has none"


def test_lengths_of_clips_stand_where_there_are_clips(tmp_path: Path) -> None:
    build(tmp_path / "r", Recipe("lamps", frames=2), [bundle("s", "P")], film(tmp_path))
    readme = (tmp_path / "r" / "README.md").read_text(encoding="utf-8")
    assert "| 5 s | 2 |" in readme.split("## Clips")[1].split("##")[0]
