"""Conversation states asked window by window: what a window is shown, and how replies become segments."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.model_server import model_server
from tests.core.release_room import LENGTH_S, S, build, bundle, film
from tests.core.test_evaluation_run import pictures, text
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.dataset.evaluation.conditions import Condition
from woz.dataset.evaluation.items import Items, items_of
from woz.dataset.evaluation.request import Asking
from woz.dataset.evaluation.running import Ran, run, settings_of
from woz.dataset.models.asking import Asker, Limits
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.release.recipe import Recipe
from woz.formats.bundle import SessionBundle
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.tier import Tier, TierState

MADE = Made(Origin.MANUAL, "annotator-1", 0)
FIRST, SECOND = (label.id for label in CONVERSATION.tier_type(STATES).labels[:2])


def with_states(made: SessionBundle) -> SessionBundle:
    """The first label to 6 s, the second to the end."""
    session = made.session.id
    tier = Tier(
        TierId(f"t-{session}"), session, CONVERSATION.id, CONVERSATION.version, STATES, "states", MADE,
        state=TierState.ACCEPTED,
    )  # fmt: skip
    spans = ((0, 6, FIRST), (6, LENGTH_S, SECOND))
    states = tuple(
        Annotation(AnnotationId(f"a{n}-{session}"), tier.id, start * S, end * S, label, MADE)
        for n, (start, end, label) in enumerate(spans)
    )
    schemes = {(CONVERSATION.id, CONVERSATION.version): CONVERSATION}
    return replace(made, tiers=(tier,), annotations=states, schemes=schemes)


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory) -> Items:
    folder = tmp_path_factory.mktemp("release")
    sessions = [with_states(bundle(f"s{n}", f"P{n}")) for n in range(2)]
    build(folder / "out", Recipe("lamps", frames=3, shares={"test": 1.0}), sessions, film(folder))
    return items_of(folder / "out")


def ran(items: Items, url: str, folder: Path, kind: str = "states") -> Ran:
    asking = Asking("stub")
    asker = Asker(SystemClock(), Limits(1, 1), lambda _: None)
    settings = settings_of(items, asking, [Condition.VIDEO, Condition.TRANSCRIPT], windows=[kind], window_s=3.0)
    return run(items, settings, folder, Endpoint(url, "stub"), asker, lambda *_: None)


def test_a_window_shows_what_is_in_it_and_its_reply_is_a_segment(items: Items, tmp_path: Path) -> None:
    with model_server("A") as server:
        done = ran(items, server.url, tmp_path / "run")
        asked = [body for body in server.asked if "None of these" in text(body)]
    seen = [body for body in asked if pictures(body)]
    assert [len(pictures(body)) for body in seen] == [1, 2, 1, 2]
    heard = [text(body) for body in asked if not pictures(body)]
    assert [("Good." in each, "Which one?" in each, "The red one." in each) for each in heard[:3]] == [
        (True, False, False), (False, True, False), (False, False, True),
    ]  # fmt: skip
    told = done.score.windows["states/transcript"]
    assert (told.windows, told.scored, told.unread, told.failed) == (8, 6, 0, 0)
    assert told.figures.accuracy == pytest.approx(1 / 3)
    assert told.figures.f1[25] == pytest.approx(2 / 3)
    assert (told.figures.f1[50], told.figures.edit) == (0, 0.5)
    assert any("states/transcript rest on 6 of 8 windows" in each for each in done.score.warnings)


def test_a_reply_that_names_no_label_is_wrong_and_a_failed_one_is_in_no_figure(
    items: Items, tmp_path: Path
) -> None:
    with model_server(*["A"] * 8, "who knows", 500, "B") as server:
        done = ran(items, server.url, tmp_path / "run")
    scores = list(done.score.windows.values())
    assert sum(each.unread for each in scores) == 1
    assert sum(each.failed for each in scores) == 1


def test_without_such_annotations_nothing_is_asked(items: Items, tmp_path: Path) -> None:
    with model_server("A") as server, pytest.raises(WozError, match="has no steps in test"):
        ran(items, server.url, tmp_path / "run", "steps")
