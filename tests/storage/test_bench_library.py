"""The measurement of a whole lab's library tells each stage, and goes on where it was stopped."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.benchmarks import bench_library
from tests.rig.postgresql import server_or_fail
from woz import __version__


def _measure(
    folder: Path | None, capsys: pytest.CaptureFixture[str], database: str = "sqlite"
) -> tuple[dict[str, object], list[str]]:
    keep = ["--keep", str(folder)] if folder else []
    asked = ["--sessions", "4", "--turns", "80", "--runs", "1", "--databases", database, "--json", *keep]
    assert bench_library.main(asked) == 0
    out, err = capsys.readouterr()
    return json.loads(out)[database], err.splitlines()


def _counts(told: dict[str, object]) -> dict[str, int]:
    return {name: figures["found"] for name, figures in told.items() if isinstance(figures, dict)}


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_library, "BATCH", 2)


def test_each_stage_is_told_once_it_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    told, stages = _measure(None, capsys)
    heads = ["made 2 of 4", "made 4 of 4", "made 4 sessions in", "opened in", "library: {"]
    heads += [f"{bench_library.LINES}: {{", "people: {", f"{bench_library.TALKS}: {{"]
    heads += [f"{name}: {{" for name in bench_library.QUERIES]
    assert len(stages) == len(heads)
    assert [head for line, head in zip(stages, heads, strict=True) if not line.startswith(f"sqlite: {head}")] == []
    assert _counts(told)["library"] == _counts(told)[bench_library.LINES] == 4
    assert _counts(told)["structured: whoever speaks"] == 40
    assert _counts(told)["one character"] > 0
    assert _counts(told)[bench_library.TALKS] == 2


def test_the_figures_say_of_which_version_and_day_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--sessions", "2", "--turns", "4", "--runs", "1", "--databases", "sqlite", "--json"]
    assert bench_library.main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["woz"] == __version__
    assert date.fromisoformat(told["day"])


@pytest.fixture
def place() -> Iterator[Path]:
    """One that the server's own account may enter, with a path short enough for its socket."""
    with tempfile.TemporaryDirectory(prefix="woz-kept-", dir="/tmp" if Path("/tmp").is_dir() else None) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_stopped_run_is_gone_on_with(
    database: str, place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if database == "postgresql":
        server_or_fail()
    whole, _ = _measure(None, capsys)
    fill, filled = bench_library._fill, []

    def stopped(*given: object) -> None:
        filled.append(given)
        if len(filled) == 4:
            raise KeyboardInterrupt
        fill(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(bench_library, "_fill", stopped)
        with pytest.raises(KeyboardInterrupt):
            _measure(place / "kept", capsys, database)
    capsys.readouterr()
    resumed, stages = _measure(place / "kept", capsys, database)
    assert (resumed["made"], stages[0]) == (2, f"{database}: made 4 of 4 sessions")
    again, stages = _measure(place / "kept", capsys, database)
    assert (again["made"], stages[0].startswith(f"{database}: made 0 sessions")) == (0, True)
    assert _counts(again) == _counts(resumed) == _counts(whole)
