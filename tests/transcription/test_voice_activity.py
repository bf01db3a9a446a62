"""Voice activity by the network that runs on numpy alone, held against pyannote's own of the same weights."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from woz.base.errors import WozError
from woz.transcription.segmentation import WINDOW, Segmentation, carried_weights
from woz.transcription.torch_weights import read_state
from woz.transcription.tracks import RATE, read_voice
from woz.transcription.voice_activity import voice_activity

THEIRS = """
import sys
from pathlib import Path
import numpy as np, torch
from whisperx.vads.pyannote import load_vad_model
torch.set_num_threads(1)
model = load_vad_model("cpu")._segmentation.model.eval().double()
windows = np.load(sys.argv[1])
with torch.inference_mode():
    np.save(sys.argv[2], model(torch.from_numpy(windows).double()[:, None]).numpy())
"""
LOADED = """
import json, sys
from woz.transcription.task import Settings
from woz.transcription.whisperx_engine import WhisperXEngine
import numpy as np
engine = WhisperXEngine(Settings(sys.argv[1], device="cpu", threads=1))
sound = np.random.default_rng(0).normal(0, 0.1, 16_000 * 6).astype(np.float32)
engine.speech(sound, lambda part: None)
engine.recognise([sound], "en", "transcribe", lambda part: None)
SLOW = ("torch", "whisperx", "pyannote", "transformers", "scipy")
print(json.dumps([name for name in SLOW if name in sys.modules]))
"""


@pytest.fixture(scope="module")
def network() -> Segmentation:
    return Segmentation(carried_weights(), threads=2)


def test_it_says_what_pyannote_says(network: Segmentation, shared_data: Path, tmp_path: Path) -> None:
    sound, _ = read_voice(shared_data / "speech" / "two_person_call.wav", 0)
    hop, count = 3 * RATE, 4
    sound = sound[: WINDOW + (count - 1) * hop]
    windows = np.stack([sound[i * hop : i * hop + WINDOW] for i in range(count)])
    np.save(tmp_path / "windows.npy", windows)
    command = [sys.executable, "-c", THEIRS, str(tmp_path / "windows.npy"), str(tmp_path / "theirs.npy")]
    subprocess.run(command, check=True, capture_output=True)
    theirs = np.load(tmp_path / "theirs.npy")
    assert theirs.max() > 0.9
    assert theirs.min() < 0.1
    parts: list[float] = []
    np.testing.assert_allclose(network.scores(sound, hop, parts.append), theirs, atol=0.005)
    assert parts[-1] == 1.0


def test_what_a_window_lacks_is_silence(network: Segmentation, shared_data: Path) -> None:
    sound, _ = read_voice(shared_data / "speech" / "jfk.flac", 0)
    short = network.scores(sound[: 3 * RATE], RATE, lambda part: None)
    padded = network.scores(np.pad(sound[: 3 * RATE], (0, WINDOW - 3 * RATE)), RATE, lambda part: None)
    assert short.shape == (1, 293, 3)
    np.testing.assert_array_equal(short, padded)


def test_speech_is_found_where_it_is(network: Segmentation, shared_data: Path) -> None:
    sound, _ = read_voice(shared_data / "speech" / "jfk.flac", 0)
    later = np.pad(sound, (round(7.3 * RATE), 5 * RATE))
    spoken = voice_activity(network, later, lambda part: None)
    assert 7.3 <= spoken[0][0] < 8.0
    assert spoken[-1][1] < 7.3 + len(sound) / RATE + 0.3
    assert 6.0 < sum(end - start for start, end in spoken) < 11.0
    assert voice_activity(network, np.zeros(0, np.float32), lambda part: None) == []
    assert voice_activity(network, np.zeros(10 * RATE, np.float32), lambda part: None) == []


def test_another_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "cut.bin").write_bytes(carried_weights().read_bytes()[:100_000])
    with pytest.raises(WozError, match="holds no weights"):
        read_state(tmp_path / "cut.bin", "state_dict")
    with pytest.raises(WozError, match="holds no weights"):
        read_state(carried_weights(), "no such key")


def test_nothing_that_takes_long_to_load_is_loaded_without_need(real_tiny: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, str(real_tiny)], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []
