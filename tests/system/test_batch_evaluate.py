"""A model on a release as a batch: the figures of `woz evaluate run`, nothing asked twice, runs that stop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from storage import Project
from tests.core.model_server import model_server
from tests.core.release_room import build, bundle, film
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.batch.collecting import collect
from woz.batch.kinds import evaluate
from woz.batch.ledger import Ledger
from woz.batch.planning import plan
from woz.batch.work import Outcome, What, execute
from woz.dataset.evaluation.conditions import Condition
from woz.dataset.evaluation.items import items_of
from woz.dataset.evaluation.request import Asking
from woz.dataset.evaluation.run_folder import EXCHANGES, SCORES
from woz.dataset.evaluation.running import run, settings_of
from woz.dataset.models.asking import Asker, Limits
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.release.recipe import Recipe

CLOCK = SystemClock()
MODEL = "stub/one"
CONDITIONS = (Condition.VIDEO, Condition.BLIND)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    evaluate._asked.cache_clear()
    with Project.create(tmp_path / "project", "Kitchen", CLOCK) as made:
        sessions = [bundle(f"s{n}", f"P{n}") for n in range(3)]
        recipe = Recipe("lamps", frames=3, shares={"test": 1.0})
        build(made.path / "releases" / "lamps-1.0.0", recipe, sessions, film(tmp_path))
        yield made


def planned(project: Project, url: str, **more: str) -> Ledger:
    said = {"release": "lamps-1.0.0", "endpoint": url, "model": MODEL, "requests": "5", "at_once": "1", **more}
    return plan(project, "evaluate", said, [], CLOCK)


def worked(ledger: Ledger) -> list[Outcome]:
    token = ledger.about().token
    return [execute(str(ledger.path), token, msgspec.json.encode(item)) for item in ledger.items()]


def test_its_figures_are_those_of_the_command(project: Project, tmp_path: Path) -> None:
    with model_server("A") as server:
        ledger = planned(project, server.url)
        assert {outcome.what for outcome in worked(ledger)} == {What.DONE}
        asked = len(server.asked)
        assert collect(project, ledger, CLOCK).taken == ledger.about().items == 3
        items, endpoint = items_of(project.path / "releases" / "lamps-1.0.0"), Endpoint(server.url, MODEL)
        settings = settings_of(items, Asking(MODEL), CONDITIONS)
        run(items, settings, tmp_path / "alone", endpoint, Asker(CLOCK, Limits(1, 1)), lambda *_: None)
    together = project.path / "evaluations" / "lamps.stub-one.run"
    assert asked == 12
    assert (together / SCORES).read_bytes() == (tmp_path / "alone" / SCORES).read_bytes()
    for name in ("predictions/video.jsonl", "predictions/blind.jsonl"):
        assert (together / name).read_bytes() == (tmp_path / "alone" / name).read_bytes()
    lines = (together / EXCHANGES).read_bytes().count(b"\n")
    (next((ledger.path / "collected").iterdir())).unlink()
    assert collect(project, ledger, CLOCK).taken == 1
    assert (together / EXCHANGES).read_bytes().count(b"\n") == lines


def test_a_server_that_is_away_stops_the_run_and_nothing_is_asked_twice(project: Project) -> None:
    with model_server("A", "A", 401) as server:
        ledger = planned(project, server.url, tries="1")
        first, *_ = worked(ledger)
        assert first.what == What.STOP
        assert "see to the model's name and the key" in first.words
        assert not ledger.failures()
        before = len(server.asked)
        server.answers[:] = ["B"]
        assert {outcome.what for outcome in worked(ledger)} == {What.DONE}
        assert len(server.asked) - before == 10
    assert "answers are in" in collect(project, ledger, CLOCK).words


def test_what_can_t_be_asked_is_told_before(project: Project) -> None:
    with pytest.raises(WozError, match="set release=NAME"):
        plan(project, "evaluate", {}, [], CLOCK)
    with pytest.raises(WozError, match=r"There is no release .*nowhere"):
        planned(project, "http://127.0.0.1:1/v1", release="nowhere")
    with pytest.raises(WozError, match="There is no condition deaf; there are video, blind"):
        planned(project, "http://127.0.0.1:1/v1", condition="deaf")
    with pytest.raises(WozError, match=r"other\.example is another computer; send=true"):
        planned(project, "http://other.example/v1")


def test_a_release_that_changed_is_told(project: Project) -> None:
    with model_server("A") as server:
        ledger = planned(project, server.url)
        manifest = project.path / "releases" / "lamps-1.0.0" / "manifest.json"
        manifest.write_bytes(manifest.read_bytes() + b"\n")
        (first, *_) = worked(ledger)
        assert first.what == What.FAILED
        assert "is another file than when the run was planned; plan it again" in first.words
        assert server.asked == []
