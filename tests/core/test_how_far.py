"""How far a check is, as it is told."""

from __future__ import annotations

from woz.recording.check.how_far import STEP, HowFar


def test_stages_follow_each_other_and_never_go_back() -> None:
    told: list[tuple[int, str]] = []
    far = HowFar(lambda percent, what: told.append((percent, what)))
    for part, what in ((0.25, "sound"), (0.5, "view"), (0.25, "marks")):
        done = far.stage(part, what)
        for thousandth in range(1001):
            done(thousandth / 1000)
        done(7.0)
    percents = [percent for percent, _ in told]
    assert percents == sorted(percents)
    assert percents[0] == 0
    assert percents[-1] == 100
    assert list(dict.fromkeys(what for _, what in told)) == ["sound", "view", "marks"]
    assert len(told) <= 100 // STEP + 3
