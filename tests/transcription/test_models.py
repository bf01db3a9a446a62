"""Which models are here, which are needed, how they are fetched, and where the token is."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from storage import Project
from tests.transcription.weights_file import weights, whisper_folder
from ui.cli import main
from woz.base.clock import SystemClock
from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.model.ids import ParticipantId, SessionId
from woz.model.people import Participant, Role
from woz.model.session import Session, SessionState
from woz.transcription import token as tokens
from woz.transcription.catalogue import CATALOGUE, DIARIZER, default_model, entry, needed
from woz.transcription.diarizers import fetched_diarizer
from woz.transcription.fetching import fetch
from woz.transcription.models import find_models, models_folder
from woz.transcription.queue import Failed, News
from woz.transcription.task import MIXED, Track, Voice
from woz.transcription.weights import read_weights

SECRET = "hf_thisIsNoRealToken"


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name in ("WOZ_MODELS", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def test_a_setting_needs_its_models() -> None:
    assert needed("it", "cuda", DIARIZER) == ("large-v3", "aligner-it", DIARIZER)
    assert needed("nl", "cpu") == ("small",)
    names = [known.name for known in CATALOGUE]
    assert {f"aligner-{code}" for code in ("it", "en", "de", "fr", "es", "ja", "zh")} <= set(names)
    assert len(set(names)) == len(names)
    with pytest.raises(WozError, match="no model called huge"):
        entry("huge")


def test_a_carried_folder_is_used_from_then_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    carried = whisper_folder(tmp_path / "carried" / "small").parent
    assert models_folder() != carried
    assert main(["models", "use", str(carried)]) == 0
    assert models_folder() == carried
    assert default_model(carried, "cpu") == carried / "small"
    capsys.readouterr()
    assert main(["models", "--json"]) == 0
    (here,) = json.loads(capsys.readouterr().out)["here"]
    assert (here["kind"], here["name"], here["missing"]) == ("whisper", "small", [])


def test_a_variable_that_goes_before_the_choice_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    carried = whisper_folder(tmp_path / "carried" / "small").parent
    monkeypatch.setenv("WOZ_MODELS", str(tmp_path / "elsewhere"))
    assert main(["models", "use", str(carried)]) == 0
    assert f"until it is unset, models are taken from {tmp_path / 'elsewhere'}." in capsys.readouterr().out
    assert models_folder() == tmp_path / "elsewhere"
    monkeypatch.delenv("WOZ_MODELS")
    assert models_folder() == carried


def test_the_list_says_sizes_licences_and_the_gated_models_steps(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--language", "it"]) == 0
    listed = capsys.readouterr().out
    assert "3090 MB  MIT" in listed
    assert "aligner-it" in listed
    assert "aligner-de" not in listed
    assert "accept the conditions" in listed
    assert "woz models token" in listed


def test_the_lists_columns_are_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    listed = capsys.readouterr().out
    assert "Apache-2.0  not here  word times, Italian" in listed


def test_a_folder_that_is_not_whole_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whisper_folder(tmp_path / "models" / "small", "tokenizer.json")
    assert main(["models", "use", str(tmp_path / "models")]) == 1
    assert "tokenizer.json is missing" in capsys.readouterr().err
    assert find_models(tmp_path / "models")[0].missing == ("tokenizer.json",)
    (tmp_path / "empty").mkdir()
    for name, sentence in (("empty", "holds no speech model"), ("nothing", "There is no folder")):
        assert main(["models", "use", str(tmp_path / name)]) == 1
        assert sentence in capsys.readouterr().err
    assert main(["models", "fetch"]) == 1
    assert "Say which" in capsys.readouterr().err


def test_the_token_is_of_the_environment_or_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[tuple[str, str], str] = {}
    keyring = ModuleType("keyring")
    keyring.get_password = lambda *key: kept.get(key)  # type: ignore[attr-defined]
    keyring.set_password = lambda a, b, secret: kept.update({(a, b): secret})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    assert tokens.token() is None
    tokens.keep_token(SECRET)
    assert tokens.token() == SECRET
    monkeypatch.setenv("HF_TOKEN", "hf_another")
    assert tokens.token() == "hf_another"
    with pytest.raises(WozError, match="no token"):
        tokens.keep_token("password")


def test_without_a_keyring_the_variable_is_named_and_not_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(WozError, match="set HF_TOKEN instead") as caught:
        tokens.keep_token(SECRET)
    assert SECRET not in str(caught.value)
    assert tokens.token() is None


class GatedRepoError(OSError):
    """As huggingface_hub names its own."""


@pytest.mark.parametrize(
    ("name", "error", "sentence"),
    [
        (DIARIZER, GatedRepoError("gated"), "accept the conditions"),
        ("small", GatedRepoError("gated"), "refuses small"),
        ("small", OSError(28, "No space left on device"), "needs 0.5 GB; make room"),
        ("small", ConnectionError("no route"), "carry a folder of models here"),
    ],
)
def test_what_can_t_be_fetched_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, error: OSError, sentence: str
) -> None:
    asked: list[object] = []
    hub = ModuleType("huggingface_hub")

    def refuse(repository: str, **more: object) -> None:
        asked.append((repository, more["token"]))
        raise error

    hub.snapshot_download = refuse  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    monkeypatch.setenv("HF_TOKEN", SECRET)
    with pytest.raises(WozError, match=sentence) as caught:
        fetch(entry(name), tmp_path)
    assert asked == [(entry(name).repository, SECRET)]
    assert SECRET not in str(caught.value)


def test_one_command_fetches_what_lacks_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fetched: list[str] = []
    monkeypatch.setattr("woz.transcription.fetching.fetch", lambda wanted, folder: fetched.append(wanted.name))
    monkeypatch.setattr("woz.transcription.models.is_installed", lambda: True)
    monkeypatch.setattr("woz.lab.transcribing.Transcription.run", lambda self, listener: [])
    monkeypatch.setattr("woz.lab.transcribing.transcribable", lambda *asked: ())
    path = str(tmp_path / "project")
    with Project.create(Path(path), "Kitchen", SystemClock()) as project:
        assert main(["transcribe", path, "--fetch"]) == 1
        assert fetched == []
        project.sessions.save(Session(SessionId("a"), "A", SessionState.CLOSED, 0, 1))
    assert main(["transcribe", path, "--fetch", "--device", "cpu", "--language", "it"]) == 0
    assert sorted(fetched) == ["aligner-it", "small"]
    (models_folder() / "small").mkdir(parents=True)
    assert main(["transcribe", path, "--fetch", "--device", "cpu"]) == 0
    assert sorted(fetched) == ["aligner-it", "small", "small"]
    whisper_folder(models_folder() / "tiny")
    fetched.clear()
    assert main(["transcribe", path, "--fetch", "--model", "tiny", "--device", "cpu"]) == 0
    assert fetched == []
    assert "small, 486 MB" in capsys.readouterr().out


def test_what_tells_voices_apart_is_fetched_where_a_track_holds_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nobody says so: a session with one track for everybody, or people standing by."""
    fetched: list[str] = []
    monkeypatch.setattr("woz.transcription.fetching.fetch", lambda wanted, folder: fetched.append(wanted.name))
    monkeypatch.setattr("woz.transcription.models.is_installed", lambda: True)
    monkeypatch.setattr("woz.lab.transcribing.Transcription.run", lambda self, listener: [])
    track = Track("none.wav")
    path = str(tmp_path / "project")
    with Project.create(Path(path), "Kitchen", SystemClock()) as project:
        project.sessions.save(Session(SessionId("a"), "A", SessionState.CLOSED, 0, 1))
    for voice, wanted in (
        (Voice(MIXED, track), {"small", fetched_diarizer()}),
        (Voice(Role.TRAINEE, track, bystanders=True), {"small", fetched_diarizer()}),
        (Voice(Role.TRAINEE, track), {"small"}),
    ):
        monkeypatch.setattr("woz.lab.transcribing.transcribable", lambda *asked, voice=voice: (voice,))
        fetched.clear()
        assert main(["transcribe", path, "--fetch", "--device", "cpu"]) == 0
        assert set(fetched) == wanted


def test_nothing_is_fetched_where_recognition_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fetched: list[str] = []
    monkeypatch.setattr("woz.transcription.fetching.fetch", lambda wanted, folder: fetched.append(wanted.name))
    monkeypatch.setattr("woz.transcription.models.is_installed", lambda: False)
    monkeypatch.setattr("woz.lab.transcribing.transcribable", lambda *asked: ())
    path = str(tmp_path / "project")
    with Project.create(Path(path), "Kitchen", SystemClock()) as project:
        project.sessions.save(Session(SessionId("a"), "A", SessionState.CLOSED, 0, 1))
    assert main(["transcribe", path, "--fetch", "--device", "cpu"]) == 1
    told = capsys.readouterr()
    assert fetched == []
    assert "fetching" not in told.out
    assert told.err.endswith(f"run: woz add speech, then woz transcribe {quoted(path)} --fetch\n")


def test_nothing_is_fetched_for_who_did_not_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fetched: list[str] = []
    monkeypatch.setattr("woz.transcription.fetching.fetch", lambda wanted, folder: fetched.append(wanted.name))
    path = str(tmp_path / "project")
    with Project.create(Path(path), "Kitchen", SystemClock()) as project:
        person = Participant(ParticipantId("p1"), "P01", Role.TRAINEE)
        project.participants.save(person)
        project.sessions.save(Session(SessionId("a"), "A", SessionState.CLOSED, 0, 1, participants=(person.id,)))
    assert main(["transcribe", path, "--fetch", "--device", "cpu", "--language", "it"]) == 1
    assert fetched == []
    assert "no consent to transcription is on record for P01" in capsys.readouterr().err


def test_without_a_model_the_command_that_mends_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(WozError, match=r"486 MB.*woz transcribe PROJECT --fetch.*--model FOLDER"):
        default_model(tmp_path, "cpu")


def test_a_run_without_a_model_tells_the_command_for_its_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacking(_: object, watch: Callable[[News], None]) -> list[dict[str, Any]]:
        with pytest.raises(WozError) as lack:
            default_model(tmp_path / "none", "cpu")
        watch(Failed("a", str(lack.value)))
        return [{"session": "a", "state": "failed", "turns": 0, "words": 0, "note": str(lack.value)}]

    monkeypatch.setattr("woz.lab.transcribing.Transcription.run", lacking)
    monkeypatch.setattr("woz.lab.transcribing.transcribable", lambda *asked: ())
    lab = tmp_path / "my lab"
    with Project.create(lab, "Kitchen", SystemClock()) as project:
        project.sessions.save(Session(SessionId("a"), "A", SessionState.CLOSED, 0, 1))
    assert main(["transcribe", str(lab)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("woz: The speech model small is not on this machine.")
    assert f"run: woz transcribe '{lab}' --fetch." in said.err
    assert main(["transcribe", str(lab), "--json"]) == 1
    (made,) = json.loads(capsys.readouterr().out)
    assert made["note"].endswith(f"run: woz transcribe '{lab}' --model FOLDER")


def test_the_list_says_which_can_t_be_used_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whisper_folder(tmp_path / "sound")
    whisper_folder(tmp_path / "cut", data=weights()[:20])
    _hugging_face(tmp_path / "other-form", "tokenizer.json")
    whisper_folder(tmp_path / "part", "vocabulary.json")
    assert main(["models", "--folder", str(tmp_path)]) == 0
    listed = capsys.readouterr().out
    for name, state in (("sound", "here"), ("cut", "can't be used"), ("part", "lacks vocabulary.json")):
        assert re.search(rf"^{name} .*  {state}  ", listed, re.MULTILINE)
    assert re.search(r"^other-form .*  can't be used  ", listed, re.MULTILINE)
    assert f"{tmp_path / 'cut' / 'model.bin'} is cut short" in listed
    assert "ct2-transformers-converter" in listed


def _hugging_face(folder: Path, *more: str) -> Path:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "whisper"}))
    for name in ("model.safetensors", *more):
        (folder / name).write_bytes(b"{}")
    return folder


def test_a_model_s_own_folder_is_used_as_the_default(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = whisper_folder(tmp_path / "base")
    assert main(["models", "use", str(model)]) == 0
    assert "1 model is taken" in capsys.readouterr().out
    assert default_model(models_folder(), "cpu") == model
    others = whisper_folder(tmp_path / "carried" / "small").parent
    assert main(["models", "use", str(others)]) == 0
    assert default_model(models_folder(), "cpu") == others / "small"


def _cut(folder: Path, name: str) -> Path:
    """The same folder, with half of a file."""
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])
    return folder


def test_forms_of_whisper_models_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = weights()
    folders = {
        "--quantization int8\n": _hugging_face(tmp_path / "hf"),
        "--quantization int8 --copy_files tokenizer.json preprocessor_config.json": _hugging_face(
            tmp_path / "whole-hf", "tokenizer.json", "preprocessor_config.json", "vocab.json"
        ),
        "as CTranslate2 converts it": whisper_folder(tmp_path / "ct2", "tokenizer.json", "vocabulary.json"),
        "is cut short or damaged": whisper_folder(tmp_path / "cut", data=whole[: len(whole) // 2]),
        "is no model of CTranslate2": whisper_folder(tmp_path / "none", data=b"not a model at all"),
        "of another kind (TransformerSpec)": whisper_folder(tmp_path / "other", data=weights("TransformerSpec")),
        "weights of an unknown type (9)": whisper_folder(tmp_path / "type", data=weights(type_number=9)),
        "quantised by awq_gemm": whisper_folder(tmp_path / "awq", quantization_type="awq_gemm"),
        "quantised by AWQ,": whisper_folder(tmp_path / "numbered", quantization_type=1),
        "config.json is cut short": _cut(whisper_folder(tmp_path / "settings"), "config.json"),
        "tokenizer.json is cut short": _cut(whisper_folder(tmp_path / "letters"), "tokenizer.json"),
        "vocabulary.json is missing": whisper_folder(tmp_path / "part", "vocabulary.json"),
    }
    for sentence, folder in folders.items():
        assert main(["models", "use", str(folder)]) == 1
        said = capsys.readouterr().err
        assert sentence in said
        assert said.count("\n") == 1
        assert str(folder) in said


def test_every_cut_of_a_model_s_file_is_seen(tmp_path: Path) -> None:
    whole = weights()
    for length in range(len(whole)):
        (tmp_path / "model.bin").write_bytes(whole[:length])
        with pytest.raises(WozError, match=r"cut short|no model|can't be read"):
            read_weights(tmp_path / "model.bin")
    (tmp_path / "model.bin").write_bytes(whole)
    assert read_weights(tmp_path / "model.bin").decoder_layers == 2


@pytest.mark.parametrize("heads", [[], [[7, 0]], None])
def test_a_model_that_can_t_time_words_is_taken_and_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], heads: object
) -> None:
    model = whisper_folder(tmp_path / "distilled", alignment_heads=heads)
    assert main(["models", "use", str(model)]) == 0
    assert "names no alignment heads" in capsys.readouterr().out
    assert find_models(tmp_path)[0].remark
