"""What is amiss with a machine, a line each with the command that mends it; and libraries' faults in a sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.transcription.weights_file import whisper_folder
from woz.base.errors import WozError
from woz.base.extras import installer
from woz.transcription.diagnosis import Facts, findings, versions
from woz.transcription.faults import as_woz, is_out_of_memory, last_words
from woz.transcription.models import use_folder

GOOD = {"gpu": "A GPU", "driver": "550.1", "cuda": "12.8", "cudnn": 91002, "memory_gb": 24.0}
VERSIONS = {"torch": "2.8.0", "CTranslate2": "4.8", "cuDNN": "8.9.7", "driver": "550.1"}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_thisIsNoRealToken")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("large-v3", "small"):
        whisper_folder(tmp_path / name)
    return tmp_path


def _amiss(known: Facts, folder: Path) -> dict[str, tuple[str, str]]:
    return {f.name: (f.text, f.command) for f in findings(known, folder) if f.command}


def test_nothing_is_amiss_on_a_good_machine(folder: Path) -> None:
    assert _amiss(GOOD, folder) == {}


@pytest.mark.parametrize(
    ("change", "name", "text", "command"),
    [
        ({"driver": "470.2"}, "driver", "470.2 is too old for CUDA 12", "ubuntu-drivers"),
        ({"gpu": ""}, "CUDA", "finds no GPU under driver 550.1", "torch"),
        ({"cudnn": 8907}, "cuDNN", "needs cuDNN 9", "nvidia-cudnn-cu12"),
        ({"memory_gb": 2.0}, "memory", "is little for large-v3", "--model tiny"),
    ],
)
def test_each_fault_is_named_with_what_mends_it(
    folder: Path, change: dict[str, object], name: str, text: str, command: str
) -> None:
    found = _amiss({**GOOD, **change}, folder)
    assert text in found[name][0]
    assert command in found[name][1]
    assert all("\n" not in line for pair in found.values() for line in pair)


def test_a_folder_that_a_fetch_left_is_no_model(folder: Path) -> None:
    (folder / "begun" / "large-v3").mkdir(parents=True)
    assert _amiss(GOOD, folder / "begun")["model"] == (
        f"large-v3 is not in {folder / 'begun'}",
        "woz models fetch large-v3",
    )


@pytest.mark.parametrize(
    ("own", "command"), [(True, f"{installer()} --force-reinstall "), (False, "woz add speech")]
)
def test_what_is_put_right_is_so_where_recognition_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, own: bool, command: str
) -> None:
    monkeypatch.setattr("woz.transcription.diagnosis.in_own_environment", lambda modules: own)
    monkeypatch.setattr("woz.transcription.diagnosis._version", lambda name: "4.8")
    for change, name in (({"gpu": ""}, "CUDA"), ({"cudnn": 8907}, "cuDNN")):
        assert _amiss({**GOOD, **change}, folder)[name][1].startswith(command)


def test_a_missing_or_broken_model_and_a_missing_token_are_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "small" / "vocabulary.json").unlink()
    assert _amiss(GOOD, folder)["model"] == ("small lacks vocabulary.json", "woz models fetch small")
    (folder / "small" / "tokenizer.json").unlink()
    assert "tokenizer.json is missing" in _amiss(GOOD, folder)["model"][0]
    monkeypatch.setattr("woz.transcription.diagnosis.token", lambda: None)
    assert _amiss(GOOD, folder)["token"][1] == "woz models token"
    assert "large-v3 is not in" in _amiss(GOOD, folder / "small")["model"][0]


def test_a_broken_model_that_can_t_be_fetched_is_to_be_replaced_by_hand(folder: Path) -> None:
    whisper_folder(folder / "our-own", data=b"cut")
    text, command = _amiss(GOOD, folder)["model"]
    assert "cut short or damaged" in text
    assert command == "woz models use FOLDER"


def test_a_model_that_is_to_be_converted_is_told_with_the_command(folder: Path) -> None:
    hugging_face = folder / "hf"
    hugging_face.mkdir()
    (hugging_face / "config.json").write_text('{"model_type": "whisper"}')
    for name in ("model.safetensors", "tokenizer.json"):
        (hugging_face / name).touch()
    assert "ct2-transformers-converter --model" in _amiss(GOOD, folder)["model"][0]


def test_of_the_one_chosen_model_it_is_told_what_it_lacks(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("WOZ_MODELS", raising=False)
    distilled = whisper_folder(tmp_path / "distilled", alignment_heads=None)
    use_folder(distilled)
    told = [f.text for f in findings(GOOD, folder) if f.name == "model"]
    assert told[0] == str(distilled)
    assert "names no alignment heads" in told[1]
    shutil.rmtree(distilled)
    assert _amiss(GOOD, folder)["model"] == (f"{distilled} is gone", "woz models use FOLDER")


def test_torch_that_can_t_be_loaded_is_one_finding(folder: Path) -> None:
    (found,) = findings({"error": "ImportError"}, folder)
    assert "torch can't be loaded" in found.text


def test_a_mismatch_of_versions_names_them() -> None:
    text = str(as_woz(RuntimeError("Unable to load libcudnn_ops.so.9\nlong trace"), VERSIONS))
    assert all(f"{name} {version}" in text for name, version in VERSIONS.items())
    assert "\n" not in text


@pytest.mark.parametrize(
    "text",
    [
        "CUDA failed with error out of memory",
        "parallel_for failed: cudaErrorInvalidDevice: invalid device ordinal",
        "cuBLAS failed with status CUBLAS_STATUS_NOT_INITIALIZED",
        "DefaultCPUAllocator: can't allocate memory",
    ],
)
def test_want_of_memory_is_known_by_any_name(text: str) -> None:
    assert is_out_of_memory(RuntimeError(text))
    assert "not enough memory" in str(as_woz(RuntimeError(text), VERSIONS))


@pytest.mark.parametrize(
    ("text", "status", "sentence"),
    [("", -9, "was killed"), ("", 3, "it said nothing"), ("Trace\nKeyError: 'x'", 1, "KeyError: 'x'")],
)
def test_a_dead_child_s_last_words_become_a_sentence(text: str, status: int, sentence: str) -> None:
    assert sentence in last_words(text, status, VERSIONS)


def test_a_child_that_a_library_aborted_names_the_versions() -> None:
    text = "Could not load library libcudnn_cnn_infer.so.8. Please make sure it is in your library path!"
    assert set(versions()) == {"torch", "CTranslate2", "CUDA", "cuDNN", "driver"}
    assert "cuDNN 8.9.7" in last_words(text, -6, VERSIONS)


def test_a_sentence_for_a_person_stays_as_it_is() -> None:
    error = WozError("Choose a model.")
    assert as_woz(error, VERSIONS) is error
