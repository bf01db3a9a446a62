"""Packages for annotators elsewhere: what goes, what comes back, and what is refused; over both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import av
import numpy as np
import pytest

from storage import Project
from tests.storage.examples import segment
from tests.storage.package_room import DAY_NS, OPENER, UNTIL, Lab, package_for
from ui.cli import main
from woz.annotation.edits import Edit
from woz.annotation.live_events import live_items
from woz.annotation.live_scheme import KEPT_OUT
from woz.base.clock import ManualClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.lab.annotators import annotator_named, rename_annotator, retire_annotator
from woz.lab.commenting import Place, comment
from woz.lab.package_ports import Stamp
from woz.lab.package_taking import ALL, Choice, Fate
from woz.lab.packing import plan_package
from woz.lab.progress import progress_of
from woz.model.annotator import ANY_SCHEME
from woz.model.events import Event, EventKind
from woz.model.made import PROGRAM
from woz.model.own_schemes import CONVERSATION
from woz.model.package import PackageState
from woz.model.tier import Tier, TierState
from woz.recording.folder.frame_index import frame_index
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.folder.staging import GATE, LOCK, PACKAGE, staged
from woz.remote.opening import open_package


@pytest.fixture
def lab(project: Project, tmp_path: Path) -> Lab:
    return Lab(project, tmp_path)


def _tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_package_holds_what_its_annotator_may_see_and_nothing_else(lab: Lab) -> None:
    lab.mark(lab.project, lab.ada, "of Ada", 0, 500)
    file = lab.send()
    with lab.opened(file) as package:
        assert {each.pseudonym for each in package.annotators.all()} == {"A03"}
        assert [each.annotator_id for each in package.assignments.all()] == [lab.ben.id]
        own = [each for each in lab.project.annotators.scopes() if each.annotator_id == lab.ben.id]
        assert package.annotators.scopes() == own
        assert {each.scheme_id for each in own} == {CONVERSATION.id, ANY_SCHEME}
        tiers = [item for item in package.annotations.load(lab.session_id) if isinstance(item, Tier)]
        assert lab.tiers[lab.ben] in {tier.id for tier in tiers}
        assert lab.tiers[lab.ada] not in {tier.id for tier in tiers}
        assert package.sessions.get(lab.session_id).place == ""
        assert all(not each.consents for each in package.participants.all())
        folder = SessionFolder(package.session_dir(lab.session_id))
        assert folder.manifest().stream is not None
    held = b"".join(path.read_bytes() for path in file.with_suffix("").rglob("*") if path.is_file())
    for secret in (b"of Ada", lab.ada.id.encode(), b"Room 7"):
        assert secret not in held
    assert _tree(file.with_suffix("")) == {
        "package.json",
        "project.sqlite",
        f"sessions/{lab.session_id}/ego.mkv",
        f"sessions/{lab.session_id}/manifest.json",
        f"sessions/{lab.session_id}/sensors/ego_frames.csv",
    }


def test_the_small_film_has_the_frames_times_and_voices_of_the_film(lab: Lab) -> None:
    file = lab.send()
    with lab.opened(file) as package:
        here, there = (SessionFolder(each.session_dir(lab.session_id)) for each in (lab.project, package))
        kinds = {stream.kind for stream in package.streams.of_session(lab.session_id)}
    films = [frame_index(folder.ego, folder.frames) for folder in (here, there)]
    assert films[0].times == films[1].times
    assert not films[1].disagreed
    assert kinds == {"view", "trainee", "expert_heard"}
    assert len(list(np.flatnonzero(np.diff(films[1].keys) > 30))) == 0
    voices = []
    for folder in (here, there):
        with av.open(str(folder.ego)) as container:
            voices.append([bytes(p) for p in container.demux(container.streams.audio) if p.dts is not None])
    assert voices[0] == voices[1]
    assert len(voices[0]) > 10


def test_what_comes_back_is_merged_by_the_history_once(lab: Lab) -> None:
    file = lab.send()
    with lab.opened(file) as package:
        lab.mark(package, lab.ben, "one", 0, 500)
        lab.mark(package, lab.ben, "two", 500, 900)
        lab.change(package, lab.ben, "two", note="unsure")
        package.annotations.undo(lab.session_id, lab.ben.id)
        back = lab.returned(package)
    done = lab.take(back)
    assert [each.fate for each in done.edits] == [Fate.TAKEN] * 4
    assert lab.marks(lab.project, lab.tiers[lab.ben]) == {"one", "two"}
    assert lab.now(lab.project, "two").note == ""
    names = [edit.name for edit in lab.project.annotations.history(lab.session_id) if edit.by == lab.ben.id]
    assert names == ["Mark one", "Mark two", "Change two", "Change two"]
    again = lab.take(back)
    assert [each.fate for each in again.edits] == [Fate.BEFORE] * 4
    with lab.opened(file) as package:
        lab.mark(package, lab.ben, "three", 900, 1000)
        later = lab.take(lab.returned(package))
    assert [each.fate for each in later.edits] == [Fate.BEFORE] * 4 + [Fate.TAKEN]
    assert lab.project.packages.all()[0].state == PackageState.RETURNED


def test_other_fields_merge_and_the_same_field_asks(lab: Lab) -> None:
    for name, start in (("a", 0), ("b", 500)):
        lab.mark(lab.project, lab.ben, name, start, start + 400)
    file = lab.send()
    with lab.opened(file) as package:
        lab.change(package, lab.ben, "a", note="from afar")
        lab.change(package, lab.ben, "b", label="expert")
        lab.change(package, lab.ben, "b", note="as heard")
        back = lab.returned(package)
    lab.change(lab.project, lab.boss, "a", label="both")
    lab.change(lab.project, lab.boss, "b", label="trainee")
    done = lab.take(back)
    assert [each.fate for each in done.edits] == [Fate.TAKEN, Fate.ASKS, Fate.WAITS]
    asks = done.edits[1]
    assert (asks.here, asks.returned) == ("trainee", "expert") or "Trainee" in asks.here
    assert (lab.now(lab.project, "a").note, lab.now(lab.project, "a").label) == ("from afar", "both")
    assert lab.now(lab.project, "b").label == "trainee"
    decided = lab.take(back, Choice(returned=frozenset({asks.edit.id})))
    assert [each.fate for each in decided.edits] == [Fate.BEFORE, Fate.TAKEN, Fate.TAKEN]
    assert (lab.now(lab.project, "b").label, lab.now(lab.project, "b").note) == ("expert", "as heard")


def test_where_the_projects_own_stays_the_rest_follows(lab: Lab) -> None:
    lab.mark(lab.project, lab.ben, "b", 500, 900)
    file = lab.send()
    with lab.opened(file) as package:
        lab.change(package, lab.ben, "b", label="expert")
        lab.change(package, lab.ben, "b", note="as heard")
        back = lab.returned(package)
    lab.change(lab.project, lab.boss, "b", label="trainee")
    done = lab.take(back, Choice(kept=frozenset({ALL})))
    assert [each.fate for each in done.edits] == [Fate.PASSED, Fate.TAKEN]
    assert (lab.now(lab.project, "b").label, lab.now(lab.project, "b").note) == ("trainee", "as heard")
    assert not lab.take(back).open


@pytest.mark.parametrize(
    ("choice", "fate", "label"),
    [
        (Choice(returned=frozenset({ALL})), Fate.TAKEN, "expert"),
        (Choice(kept=frozenset({ALL})), Fate.PASSED, "trainee"),
    ],
)
def test_a_submission_waits_for_what_asks_in_its_tier(lab: Lab, choice: Choice, fate: Fate, label: str) -> None:
    """In a tier that is submitted nothing could be decided any more."""
    lab.mark(lab.project, lab.ben, "b", 0, lab.length_ms)
    file = lab.send()
    with lab.opened(file) as package:
        lab.change(package, lab.ben, "b", label="expert")
        lab.move(package, lab.ben, TierState.SUBMITTED)
        back = lab.returned(package)
    lab.change(lab.project, lab.boss, "b", label="trainee")
    done = lab.take(back)
    assert [each.fate for each in done.edits] == [Fate.ASKS, Fate.WAITS]
    assert (lab.tier(lab.project, lab.ben).state, lab.now(lab.project, "b").label) == (
        TierState.IN_WORK,
        "trainee",
    )
    assert [each.fate for each in lab.take(back, choice).edits] == [fate, Fate.TAKEN]
    assert (lab.tier(lab.project, lab.ben).state, lab.now(lab.project, "b").label) == (TierState.SUBMITTED, label)


def test_what_would_overlap_is_refused_and_listed(lab: Lab) -> None:
    file = lab.send()
    with lab.opened(file) as package:
        lab.mark(package, lab.ben, "there", 0, 500)
        lab.mark(package, lab.ben, "free", 1000, 1500)
        back = lab.returned(package)
    lab.mark(lab.project, lab.ben, "here", 200, 700)
    done = lab.take(back)
    assert [each.fate for each in done.edits] == [Fate.REFUSED, Fate.TAKEN]
    assert "cover another" in done.edits[0].why
    assert lab.marks(lab.project, lab.tiers[lab.ben]) == {"here", "free"}


def test_what_its_annotator_took_back_asks_nobody(lab: Lab) -> None:
    file = lab.send()
    with lab.opened(file) as package:
        lab.mark(package, lab.ben, "there", 0, 500)
        package.annotations.undo(lab.session_id, lab.ben.id)
        back = lab.returned(package)
    lab.mark(lab.project, lab.ben, "here", 200, 700)
    assert [each.fate for each in lab.take(back).edits] == [Fate.PASSED, Fate.PASSED]


def test_a_tier_is_submitted_from_afar(lab: Lab) -> None:
    with lab.opened(lab.send()) as package:
        lab.mark(package, lab.ben, "one", 0, lab.length_ms)
        lab.move(package, lab.ben, TierState.SUBMITTED)
        done = lab.take(lab.returned(package))
    assert {each.fate for each in done.edits} == {Fate.TAKEN}
    assert lab.tier(lab.project, lab.ben).state == TierState.SUBMITTED
    assert lab.project.comments.all() == []


@pytest.mark.parametrize("at", [30, 120, 300, -1])
def test_what_was_changed_by_hand_is_refused(sqlite_project: Project, tmp_path: Path, at: int) -> None:
    lab = Lab(sqlite_project, tmp_path)
    with lab.opened(lab.send()) as package:
        lab.mark(package, lab.ben, "one", 0, 500)
        back = lab.returned(package)
    raw = bytearray(back.read_bytes())
    raw[at] ^= 1
    back.write_bytes(raw)
    with pytest.raises(WozError, match=r"can't be taken|no returned package"):
        lab.take(back)
    assert lab.marks(lab.project, lab.tiers[lab.ben]) == set()
    assert lab.project.packages.all()[0].state == PackageState.OUT


def test_a_return_of_another_project_is_refused(sqlite_project: Project, tmp_path: Path) -> None:
    lab = Lab(sqlite_project, tmp_path)
    with lab.opened(lab.send()) as package:
        back = lab.returned(package)
    with Project.create(tmp_path / "other", "Other", lab.clock) as other:
        boss = replace(lab.boss)
        other.annotators.save(boss)
        lab.project = other
        with pytest.raises(WozError, match="no package of this project"):
            lab.take(back)


def test_after_its_last_day_a_manager_takes_it_with_a_word(lab: Lab) -> None:
    file = lab.send()
    with lab.opened(file) as package:
        lab.mark(package, lab.ben, "one", 0, 500)
        back = lab.returned(package)
    lab.clock.advance(60 * DAY_NS)
    with pytest.raises(WozError, match=f"ended on {UNTIL}"):
        open_package(file, lab.folder / "late", OPENER, lab.clock.utc_ns())
    assert not (lab.folder / "late").exists()
    with pytest.raises(WozError, match="--late WORDS"):
        lab.take(back)
    done = lab.take(back, Choice(late="was ill"))
    assert [each.fate for each in done.edits] == [Fate.TAKEN]
    (said,) = lab.project.comments.all(lab.session_id)
    assert "was ill" in said.text
    assert said.to == lab.ben.id


@pytest.mark.parametrize(("off", "word"), [(-3, "behind"), (2, "ahead")])
def test_a_clock_that_is_wrong_by_days_is_told(lab: Lab, off: int, word: str) -> None:
    file = lab.send()
    lab.opened(file).__enter__().close()
    wrong = ManualClock(utc_ns=lab.clock.utc_ns() + off * DAY_NS)
    with Project.open(file.with_suffix(""), wrong) as package:
        lab.mark(package, lab.ben, "one", 0, 500)
        back = lab.returned(package, wrong)
    done = lab.take(back)
    assert any(f"{abs(off)} days {word}" in text for text in done.told)
    (edit,) = [each for each in lab.project.annotations.history(lab.session_id) if each.by == lab.ben.id]
    assert edit.made_utc_ns == lab.clock.utc_ns()


def test_somebody_renamed_or_retired_who_has_work(lab: Lab) -> None:
    with lab.opened(lab.send()) as package:
        lab.mark(package, lab.ben, "one", 0, 500)
        back = lab.returned(package)
    rename_annotator(lab.project, "A03", "B03")
    assert ["with B03" in told for told in progress_of(lab.project, "B03").packages] == [True]
    retire_annotator(lab.project, "B03")
    with pytest.raises(WozError, match=f"retire {lab.project.path} B03 --back"):
        annotator_named(lab.project, "B03")
    with pytest.raises(WozError, match=r"A03, who is called B03 here now, has retired meanwhile; .* B03 --back"):
        lab.take(back)
    retire_annotator(lab.project, "B03", back=True)
    done = lab.take(back)
    assert [each.fate for each in done.edits] == [Fate.TAKEN]
    assert any("called B03 here now" in text for text in done.told)


def test_in_a_package_others_have_not_retired_and_nothing_is_taken(
    lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are kept so that nobody sits down as one of them: they are told whom the package is for."""
    lab.mark(lab.project, lab.ben, "one", 0, 500)
    comment(lab.project, Place(lab.session_id, item_id="one"), lab.boss, "Is this a stir?")
    with lab.opened(lab.send()) as package:
        back = lab.returned(package)
        for name in ("A03", lab.boss.pseudonym):
            assert main(["package", "take", str(package.path), str(back), "--by", name]) == 1
            assert "is a package for A03; what came back of it is taken in the" in capsys.readouterr().err
        with pytest.raises(WozError, match=r"^This is a package for A03: .* A01 works in the project"):
            annotator_named(package, "A01")


def test_a_scheme_that_changed_meanwhile_is_told(lab: Lab) -> None:
    with lab.opened(lab.send()) as package:
        lab.mark(package, lab.ben, "one", 0, 500)
        back = lab.returned(package)
    tier = next(item for item in lab.project.annotations.load(lab.session_id) if item.id == lab.tiers[lab.ben])
    assert isinstance(tier, Tier)
    scheme = lab.project.schemes.get(tier.scheme_id, tier.scheme_version)
    lab.project.schemes.keep(replace(scheme, name="States, revised", tier_types=scheme.tier_types[:1]))
    newer = max(each.version for each in lab.project.schemes.all() if each.id == scheme.id)
    assert newer > tier.scheme_version
    done = lab.take(back)
    assert any(f"has version {newer} by now" in text for text in done.told)


def test_consents_are_asked_for(lab: Lab) -> None:
    trainee = lab.people[0]
    lab.project.participants.save(replace(trainee, consents=()))
    with pytest.raises(WozError, match=r"public release is on record for P01.*--because"):
        lab.send()
    lab.send("a contract with A03")
    assert lab.project.packages.all()[0].because == "a contract with A03"
    lab.project.participants.save(replace(trainee, withdrawn=True))
    with pytest.raises(WozError, match="P01 has withdrawn"):
        lab.send("a contract with A03")


def test_a_withdrawn_persons_track_does_not_leave(lab: Lab) -> None:
    trainee = lab.people[0]
    lab.project.withdrawals.begin(trainee.id, "A01", "{}")
    lab.project.withdrawals.end(trainee.id, "{}")
    with lab.opened(lab.send()) as package:
        streams = package.streams.of_session(lab.session_id)
        film = SessionFolder(package.session_dir(lab.session_id)).ego
    assert {stream.kind for stream in streams} == {"view", "expert_heard"}
    assert [stream.track for stream in streams if stream.kind == "expert_heard"] == [0]
    with av.open(str(film)) as container:
        assert len(container.streams.audio) == 1


def test_who_may_not_and_who_has_no_work(lab: Lab) -> None:
    order = lab.order()
    now_ns = lab.clock.utc_ns()
    with pytest.raises(WozError, match="A02 is not"):
        plan_package(lab.project, replace(order, by=lab.ada), now_ns)
    with pytest.raises(WozError, match="A01 has no work"):
        plan_package(lab.project, replace(order, person=lab.boss), now_ns)
    with pytest.raises(WozError, match="would have ended"):
        plan_package(lab.project, replace(order, until=UNTIL.replace(year=2020)), now_ns)
    lab.project.blurring.require(True)
    with pytest.raises(WozError, match="woz blur detect"):
        plan_package(lab.project, order, now_ns)


def test_edits_of_a_withdrawn_scheme_or_tier_are_told_not_lost(lab: Lab) -> None:
    """Made in a tier of one's own that the project doesn't have."""
    with lab.opened(lab.send()) as package:
        mine = next(each for each in package.annotations.load(lab.session_id) if each.id == lab.tiers[lab.ben])
        assert isinstance(mine, Tier)
        new = replace(mine, id="own", name="Own", scheme_version=99)  # type: ignore[arg-type]
        scheme = package.schemes.get(mine.scheme_id, mine.scheme_version)
        package.schemes.add(replace(scheme, version=99))
        package.annotations.record(lab.session_id, Edit("Make Own", (), (new,)), lab.ben.id)
        done = lab.take(lab.returned(package))
    assert [each.fate for each in done.edits] == [Fate.REFUSED]
    assert not [item for item in lab.project.annotations.load(lab.session_id) if item.id == "own"]


def test_a_kept_out_stretch_leaves_with_a_reason_alone(lab: Lab) -> None:
    """A package leaves the lab as a release does."""
    lab.project.schemes.keep(KEPT_OUT)
    asked = Event(NS_PER_S, EventKind.BYSTANDER, "station", {"asked": True})
    items = live_items(lab.project.sessions.get(lab.session_id), [asked])
    lab.project.annotations.record(lab.session_id, Edit("Take in", (), items), PROGRAM)
    with pytest.raises(WozError, match=r"0–2 s of it is kept out of releases.*--because"):
        lab.send()
    assert lab.project.packages.all() == []
    plan = plan_package(lab.project, lab.order("a contract with A03"), lab.clock.utc_ns())
    assert "it leaves the lab because: a contract with A03" in plan.told[0]


def test_a_session_that_is_due_to_go_stays(lab: Lab) -> None:
    trainee = lab.people[0]
    ended = replace(trainee.consents[0], until_utc_ns=lab.clock.utc_ns())
    lab.project.participants.save(replace(trainee, consents=(ended,)))
    words = rf"stays here\. Its time is over: .* woz people {lab.project.path} --due"
    with pytest.raises(WozError, match=words):
        lab.send("a contract with A03")


def test_what_is_not_encrypted_yet_stays_with_the_project(lab: Lab) -> None:
    """The file may go to a stick, or a folder that others read."""
    seen: set[str] = set()
    lab.folder = lab.folder / "stick"
    file = lab.send(tell=lambda *_: seen.update(_tree(lab.folder)))
    assert {name for name in seen if not name.endswith(".part")} == set()
    assert _tree(lab.folder) == {file.name}
    assert not list(lab.project.path.glob(".package-*"))


def test_what_a_killed_make_has_left_goes_with_the_next(lab: Lab) -> None:
    """It isn't encrypted yet; what is being made at this moment stays."""
    left = lab.project.path / ".package-killed"
    (left / "package").mkdir(parents=True)
    (left / "package" / "project.sqlite").write_bytes(b"Warm the pot.")
    (left / LOCK).touch()
    with staged(lab.project.path, PACKAGE) as other:
        assert not left.exists()
        left.mkdir()
        (left / LOCK).touch()
        lab.send()
        assert other.exists()
    assert not list(lab.project.path.glob(".package-*"))


def test_a_folder_of_somebody_else_stays_where_a_package_is_opened(tmp_path: Path) -> None:
    theirs = tmp_path / ".package-notes"
    theirs.mkdir()
    (theirs / "notes.txt").write_text("mine")
    with staged(tmp_path, PACKAGE):
        pass
    assert [path.name for path in theirs.iterdir()] == ["notes.txt"]


def test_what_is_half_made_goes_also_where_nothing_can_be_written_any_more(tmp_path: Path) -> None:
    """It isn't encrypted yet."""
    with staged(tmp_path, PACKAGE) as folder:
        (folder / "secret.txt").write_text("Warm the pot.")
        (tmp_path / GATE).mkdir()
    assert not folder.exists()


def test_an_edit_that_two_take_at_once_is_there_once_for_both(lab: Lab) -> None:
    package = package_for(lab.ben, lab.session_id)
    lab.project.packages.add(package, "secret")
    mark = replace(segment("one", 0, 500_000_000), tier_id=lab.tiers[lab.ben])
    at = Stamp(lab.session_id, lab.ben.id, lab.clock.utc_ns())
    first, second = (lab.project.packages.take(package.id, 1, Edit("Mark", (), (mark,)), at) for _ in range(2))
    assert first == second == lab.project.packages.taken(package.id)[1] is not None
    lab.project.packages.pass_over(package.id, [1, 2])
    assert lab.project.packages.taken(package.id) == {1: first, 2: None}
    assert lab.project.packages.take(package.id, 2, Edit("Mark", (), (mark,)), at) is None


def test_the_last_day_that_there_is(lab: Lab) -> None:
    order = replace(lab.order(), until=date.max)
    assert plan_package(lab.project, order, lab.clock.utc_ns()).order.until == date.max
