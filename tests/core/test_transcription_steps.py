"""How far a transcription is: each stage of each voice has its share, once."""

from __future__ import annotations

import pytest

from woz.model.people import Role
from woz.transcription.steps import SHARES, Steps
from woz.transcription.task import Task, Track, Voice

TWO = tuple(Voice(role, Track("none.wav")) for role in (Role.TRAINEE, Role.EXPERT))


@pytest.fixture
def told() -> list[float]:
    return []


def _steps(told: list[float], *voices: Voice) -> Steps:
    return Steps(Task(voices), lambda stage, part: told.append(part))


def test_all_stages_together_are_the_whole(told: list[float]) -> None:
    steps = _steps(told, *TWO)
    for stage in ("leak", "voice activity"):
        for voice in TWO:
            steps.begin(stage, voice.speaker)(1.0)
    steps.begin("language", "")
    for stage in ("recognition", "alignment"):
        for voice in TWO:
            steps.begin(stage, voice.speaker)(1.0)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)


def test_a_stage_that_is_begun_again_has_no_second_share(told: list[float]) -> None:
    steps = _steps(told, *TWO)
    steps.begin("recognition", Role.TRAINEE)(1.0)
    once = told[-1]
    for _ in range(3):
        steps.begin("recognition", Role.TRAINEE)(1.0)
        steps.begin("language", "")
    whole = 2 * sum(SHARES[stage] for stage in ("leak", "voice activity", "recognition", "alignment"))
    assert told[-1] - once <= SHARES["language"] / whole
