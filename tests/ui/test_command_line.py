"""The command line's verbs: their help needs nothing heavy, and names in the place of pseudonyms are refused."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from storage import Project
from ui.cli import main
from ui.cli.helping import command_helps
from ui.cli.import_what import WHAT
from ui.cli.program import VERBS, parser
from woz.base.clock import SystemClock
from woz.dataset.export import usual_formats

HEAVY = ("numpy", "cv2", "av", "aiortc", "sqlalchemy", "alembic", "PySide6", "torch", "sounddevice")
HELP = """
import contextlib, io, json, sys
from ui.cli import main
told = {}
for words in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(SystemExit):
        main([*words, "--help"])
    told[" ".join(words)] = out.getvalue()
print(json.dumps([told, [name for name in json.loads(sys.argv[2]) if name in sys.modules]]))
"""


def test_every_verb_says_what_it_does_without_loading_what_it_needs() -> None:
    words = [[], *([verb] for verb in VERBS), *(["import", what] for what in WHAT)]
    command = [sys.executable, "-c", HELP, json.dumps(words), json.dumps(HEAVY)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told, loaded = json.loads(done.stdout)
    assert loaded == []
    assert len(told) == len(words)
    for verb, text in told.items():
        assert text.startswith(f"usage: woz {verb}".strip())
    assert all(verb in told[""] for verb in VERBS)


@pytest.mark.parametrize("module", [verb.module for verb in (*VERBS.values(), *WHAT.values())])
def test_every_word_of_every_verb_is_explained(module: str) -> None:
    parser = argparse.ArgumentParser()
    importlib.import_module(module).options(parser)
    known = [action for action in parser._actions if not isinstance(action, argparse._SubParsersAction)]
    assert [action.dest for action in known if not action.help] == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("home", "there is no 'home'; woz alone opens the home window"),
        ("anotate lab", "there is no 'anotate'; did you mean annotate? woz --help lists all"),
        ("batch paln", "there is no 'paln'; did you mean plan? woz batch --help lists all"),
        ("--theme drak", "there is no 'drak'; did you mean dark? woz --help lists all"),
    ],
)
def test_a_mistyped_word_is_told_with_the_one_that_was_meant(
    capsys: pytest.CaptureFixture[str], typed: str, told: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(typed.split())
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith(f": {told}\n")


def test_the_help_says_in_which_formats_a_session_leaves_where_none_is_named() -> None:
    told = "".join(dict(command_helps())["woz export"].split())
    assert f"Wherenoneisnamed:{','.join(usual_formats())}.All:" in told


@pytest.mark.parametrize("typed", ["20s", "", "-30", "19", "1e3"])
def test_how_long_a_demo_lasts_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str], typed: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["demo", f"--seconds={typed}"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith(f": the demo's dialogue needs 20 seconds or more, not {typed}\n")


def test_a_word_that_is_near_none_is_told_with_all(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["xyzzy"])
    told = capsys.readouterr().err
    assert "did you mean" not in told
    assert all(repr(verb) in told for verb in VERBS)


@pytest.mark.parametrize(
    ("command", "more", "dest"),
    [
        ("annotate", "lab", "annotator"),
        ("adjudicate", "lab", "annotator"),
        ("comments", "lab", "annotator"),
        ("questions review", "lab", "annotator"),
        ("scheme use", "lab steps", "annotator"),
        ("search", "lab screw", "annotator"),
        ("agree", "lab --tier-type steps --annotators A02 A03", "viewer"),
        ("export", "lab", "viewer"),
        ("blur review", "lab", "by"),
        ("blur prove", "lab", "by"),
    ],
)
def test_either_option_says_who_it_is_and_the_help_tells_of_one(command: str, more: str, dest: str) -> None:
    words = [*command.split(), *more.split()]
    for option in ("--as", "--annotator"):
        assert getattr(parser().parse_args([*words, option, "A01"]), dest) == "A01"
    assert getattr(parser().parse_args(words), dest) == ""
    assert len(re.findall(r"^  --(?:as|annotator) ", dict(command_helps())[f"woz {command}"], re.MULTILINE)) == 1


def test_two_names_after_the_option_of_one_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """`--annotator A02 A03` was short for `--annotators`: it must not mean something else now."""
    with pytest.raises(SystemExit) as ended:
        main(["agree", "lab", "--tier-type", "steps", "--annotator", "A02", "A03"])
    assert ended.value.code == 2
    assert "unrecognized arguments: A03" in capsys.readouterr().err


def test_a_sentence_names_the_project_that_was_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lab = tmp_path / "my lab"
    Project.create(lab, "Lab", SystemClock()).close()
    assert main(["progress", str(lab), "--annotator", "Z"]) == 1
    assert capsys.readouterr().err == (
        f"woz: This project has no annotator Z; woz annotators '{lab}' lists them, woz annotators add '{lab}'"
        " PSEUDONYM adds one.\n"
    )


@pytest.mark.parametrize("verb", ["station", "import"])
def test_a_name_is_no_pseudonym_on_the_command_line(tmp_path: Path, shared_data: Path, verb: str) -> None:
    project = str(tmp_path / "lab")
    video = str(shared_data / "video" / "derived_measurement_error_tile1.mp4")
    words = {
        "station": ["station", "--project", project, "--procedure", "Assemble the lamp", "--protocol", "proactive"],
        "import": ["import", "media", project, video],
    }[verb]
    command = [sys.executable, "-m", "ui.cli", *words, "--trainee", "Anna Rossi,recording=1"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "'Anna Rossi' can't be a pseudonym: take a short code such as P07" in done.stderr
    assert not list((tmp_path / "lab").glob("sessions/*"))


QT = """
import contextlib
from ui.application.application import application
from woz.base.errors import WozError
with contextlib.suppress(WozError):
    application()
import PySide6.QtMultimedia
"""


@pytest.mark.parametrize("display", [{"QT_QPA_PLATFORM": "offscreen"}, {}])
def test_qt_says_nothing_of_libraries_that_no_window_needs(display: dict[str, str]) -> None:
    """Nor without a display, where `woz --self-test` loads all modules as well."""
    places = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {**{name: value for name, value in os.environ.items() if name not in places}, **display}
    done = subprocess.run([sys.executable, "-c", QT], env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_who_has_heard_enough_may_close_the_pipe() -> None:
    """As `woz formats | head` does."""
    words = [sys.executable, "-m", "ui.cli", "formats", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as command:
        assert command.stdout
        assert command.stderr
        command.stdout.close()
        assert command.stderr.read() == b""
        assert command.wait() == 1
