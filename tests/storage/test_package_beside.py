"""Names, further views, comments and hours of work in packages for annotators elsewhere; over both databases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from storage import Project
from tests.core.media_files import write_video
from tests.storage.package_room import LOCK, Lab
from ui.editor.picture.second_view import SecondView
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.lab.commenting import Place, answer, close, comment, talks
from woz.lab.package_making import make_package
from woz.lab.package_taking import Choice, Fate
from woz.lab.packing import plan_package
from woz.lab.views import ViewOptions, import_view
from woz.model.transcript import Turn
from woz.model.work import Work
from woz.privacy.names.listing import NameKind
from woz.recording.folder.session_folder import SessionFolder

SAID = "Annelise, warm the pot."


@pytest.fixture
def lab(project: Project, tmp_path: Path) -> Lab:
    return Lab(project, tmp_path)


@pytest.fixture
def named(lab: Lab) -> Lab:
    """Where somebody's name is said, and the project replaces names in what leaves it."""
    turn = _turn(lab.project, lab)
    span = Interval(NS_PER_S // 2, NS_PER_S)
    edit = Edit("Correct", (turn,), (replace(turn, text=SAID, words=(), interval=span, said=span),))
    lab.project.annotations.record(lab.session_id, edit, lab.boss.id)
    lab.project.names.change(lambda names: replace(names.with_name("Anneliese", NameKind.PERSON), applied=True))
    return lab


def _turn(project: Project, lab: Lab) -> Turn:
    [turn] = [item for item in project.annotations.load(lab.session_id) if isinstance(item, Turn)]
    return turn


def _sound(folder: SessionFolder) -> NDArray[Any]:
    with av.open(str(folder.ego)) as container:
        rate = container.streams.audio[0].rate
        parts = [frame.to_ndarray().reshape(-1) for frame in container.decode(container.streams.audio[0])]
    assert rate
    return np.concatenate(parts)[:: rate // 1000]


def test_a_name_stays_in_the_lab_and_is_heard_nowhere(named: Lab) -> None:
    file = named.send()
    with named.opened(file) as package:
        assert _turn(package, named).text == "[PERSON_1], warm the pot."
        sounds = [_sound(SessionFolder(each.session_dir(named.session_id))) for each in (named.project, package)]
    held = b"".join(path.read_bytes() for path in file.with_suffix("").rglob("*") if path.is_file())
    assert b"nnelise" not in held
    here, there = (np.abs(sound.astype(float)) for sound in sounds)
    assert there[500:1000].max() == 0 < here[500:1000].max()
    assert there[1200:].max() > 0


def test_what_is_written_round_a_name_comes_back_with_it(named: Lab) -> None:
    file = named.send()
    with named.opened(file) as package:
        turn = _turn(package, named)
        for text in ("[PERSON_1], warm the big pot.", "[PERSON_1], warm the big pot now."):
            edit = Edit("Correct", (_turn(package, named),), (replace(turn, text=text),))
            package.annotations.record(named.session_id, edit, named.ben.id)
        named.mark(package, named.ben, "one", 0, 500)
        named.change(package, named.ben, "one", note="[PERSON_1] holds it")
        back = named.returned(package)
    done = named.take(back)
    assert [each.fate for each in done.edits] == [Fate.TAKEN] * 4
    assert _turn(named.project, named).text == "Annelise, warm the big pot now."
    assert named.now(named.project, "one").note == "Anneliese holds it"


def test_where_both_changed_a_text_with_a_name_it_asks_with_the_name(named: Lab) -> None:
    file = named.send()
    with named.opened(file) as package:
        turn = _turn(package, named)
        edit = Edit("Correct", (turn,), (replace(turn, text="[PERSON_1], warm it."),))
        package.annotations.record(named.session_id, edit, named.ben.id)
        back = named.returned(package)
    turn = _turn(named.project, named)
    edit = Edit("Correct", (turn,), (replace(turn, text="Annelise, heat the pot."),))
    named.project.annotations.record(named.session_id, edit, named.boss.id)
    [asks] = named.take(back).edits
    assert asks.fate == Fate.ASKS
    assert asks.returned == "Annelise, warm it."
    named.take(back, Choice(returned=frozenset({asks.edit.id})))
    assert _turn(named.project, named).text == "Annelise, warm it."


def test_forms_that_nobody_judged_keep_a_package_here(named: Lab) -> None:
    named.project.names.change(lambda names: replace(names, proposed={"pot": NameKind.OTHER}))
    with pytest.raises(WozError, match="nobody has judged"):
        named.send()


def test_a_further_view_goes_small_and_lies_as_it_did(lab: Lab) -> None:
    film = write_video(lab.folder / "camera.mp4", np.zeros(2 * 16_000, np.float32), 16_000, 2)
    import_view(lab.project, lab.session_id, ViewOptions(film, "bench", offset_s=0.25), lambda _: None)
    order = replace(lab.order(), views=True)
    plan = plan_package(lab.project, order, lab.clock.utc_ns())
    assert "the view bench" in plan.sessions[0].holds
    out = lab.folder / "with-views.woz"
    make_package(lab.project, plan, LOCK, out, lab._founded, lab.clock, lambda *_: None)
    assert "views" not in {path.name for path in lab.send().parent.iterdir()}
    with lab.opened(out) as package:
        folders = [SessionFolder(each.session_dir(lab.session_id)) for each in (lab.project, package)]
        views = [SecondView.of(folder)[0] for folder in folders]
        assert views[0]
        assert views[1]
        numbers = [[view.number_at(t * NS_PER_S // 100) for t in range(0, 200, 7)] for view in views if view]
        times = [view.frames.times for view in views if view]
        for view in views:
            if view:
                view.close()
        with av.open(str(folders[1].path / "views/bench.mkv")) as container:
            assert not container.streams.audio
            assert len(list(container.decode(video=0))) == len(times[1])
    assert numbers[0] == numbers[1]
    assert len(set(numbers[0])) > 5
    assert max(abs(a - b) for a, b in zip(*times, strict=True)) <= 1_000_000


def test_talks_go_along_and_come_back_once(lab: Lab) -> None:
    """What was said to them, or by them; what others said to each other stays."""
    lab.mark(lab.project, lab.ben, "one", 0, 500)
    asked = comment(lab.project, Place(lab.session_id, item_id="one"), lab.boss, "Is this a stir?")
    done_with = comment(lab.project, Place(lab.session_id, at_ns=5), lab.boss, "Look again", lab.ben)
    comment(lab.project, Place(lab.session_id), lab.boss, "Between us", lab.ada)
    file = lab.send()
    with lab.opened(file) as package:
        assert {each.first.text for each in talks(package, lab.ben)} == {"Is this a stir?", "Look again"}
        answer(package, asked.id, lab.ben, "Yes, it is")
        close(package, done_with.id, lab.ben)
        begun = comment(package, Place(lab.session_id, at_ns=9), lab.ben, "What is that?")
        back = lab.returned(package)
    assert lab.take(back).beside.comments == 3
    assert lab.take(back).beside.comments == 0
    here = {each.first.text: each for each in talks(lab.project, lab.boss)}
    assert here.keys() == {"Is this a stir?", "Look again", "Between us", "What is that?"}
    assert [each.text for each in here["Is this a stir?"].answers] == ["Yes, it is"]
    assert here["Look again"].first.closed_by == lab.ben.id
    assert here["What is that?"].first.id == begun.id
    answer(lab.project, begun.id, lab.boss, "A whisk")
    with lab.opened(file) as package:
        assert lab.take(lab.returned(package)).beside.comments == 0


def test_a_talk_that_went_on_here_stays_open(lab: Lab) -> None:
    """Also where its package comes back again, and where somebody else closed it before it went."""
    own = comment(lab.project, Place(lab.session_id, at_ns=9), lab.ben, "What is that?")
    close(lab.project, own.id, lab.boss)
    asked = comment(lab.project, Place(lab.session_id, at_ns=5), lab.boss, "Look again", lab.ben)
    with lab.opened(lab.send()) as package:
        close(package, asked.id, lab.ben)
        back = lab.returned(package)
    answer(lab.project, own.id, lab.boss, "A whisk")
    assert lab.take(back).beside.comments == 1
    answer(lab.project, asked.id, lab.boss, "Once more, please")
    assert lab.take(back).beside.comments == 0
    assert all(each.first.open for each in talks(lab.project, lab.boss))


def test_an_answer_opens_a_talk_that_was_closed_meanwhile(lab: Lab) -> None:
    asked = comment(lab.project, Place(lab.session_id, at_ns=5), lab.boss, "Look again", lab.ben)
    with lab.opened(lab.send()) as package:
        close(lab.project, asked.id, lab.boss)
        answer(package, asked.id, lab.ben, "I did, and it is one")
        back = lab.returned(package)
    assert lab.take(back).beside.comments == 1
    [talk] = talks(lab.project, lab.boss)
    assert talk.first.open


def test_seconds_of_work_come_back_once(lab: Lab) -> None:
    file, tier = lab.send(), lab.tiers[lab.ben]

    def worked(seconds: int) -> Work:
        return Work(lab.session_id, tier, lab.ben.id, "2027-01-15", seconds * NS_PER_S)

    lab.project.work.add([worked(10)])
    with lab.opened(file) as package:
        package.work.add([worked(60)])
        back = lab.returned(package)
        assert lab.take(back).beside.work_ns == 60 * NS_PER_S
        assert lab.take(back).beside.work_ns == 0
        package.work.add([worked(5)])
        assert lab.take(lab.returned(package)).beside.work_ns == 5 * NS_PER_S
    assert lab.project.work.all(by=lab.ben.id) == [worked(75)]


def test_no_work_is_measured_where_the_project_does_not(lab: Lab) -> None:
    lab.project.work.measure(False)
    with lab.opened(lab.send()) as package:
        assert not package.work.measured
