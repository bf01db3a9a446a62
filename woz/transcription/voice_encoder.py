"""What a voice sounds like, as a vector: by the weights of the encoder in Resemblyzer's package.

An LSTM of three layers over mel bands, trained by the generalized end-to-end loss (Wan et al., "Generalized
end-to-end loss for speaker verification", 2018) to put what one person says in one direction.
"""

from __future__ import annotations

from pathlib import Path
from pickle import UnpicklingError

import numpy as np
import torch
import torchaudio
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.transcription.tracks import RATE

Samples = NDArray[np.float32]

WINDOW, STEP, BANDS = 400, 160, 40
"""Of the mel bands: 25 ms, 10 ms; their power is not put into decibels."""
FRAMES = 160
"""It was trained on stretches of 1.6 s."""
WIDTH, LAYERS = 256, 3
LEVEL_DB = -30.0
"""Quieter speech is raised to this, of full scale."""
BATCH = 64


class VoiceEncoder(torch.nn.Module):
    """Raises WozError for a file that holds other weights."""

    bands: torch.Tensor
    window: torch.Tensor

    def __init__(self, weights: Path, device: str) -> None:
        super().__init__()
        self.lstm = torch.nn.LSTM(BANDS, WIDTH, LAYERS, batch_first=True)
        self.linear = torch.nn.Linear(WIDTH, WIDTH)
        bands = torchaudio.functional.melscale_fbanks(
            WINDOW // 2 + 1, 0.0, RATE / 2, BANDS, RATE, norm="slaney", mel_scale="slaney"
        )
        self.register_buffer("bands", bands, persistent=False)
        self.register_buffer("window", torch.hann_window(WINDOW), persistent=False)
        self._take(weights)
        self.to(device).eval()

    def _take(self, weights: Path) -> None:
        try:
            kept = torch.load(weights, map_location="cpu", weights_only=True)["model_state"]
            own = {name: value for name, value in kept.items() if name.startswith(("lstm.", "linear."))}
            self.load_state_dict(own)
        except (OSError, RuntimeError, KeyError, TypeError, EOFError, ValueError, UnpicklingError) as error:
            raise WozError(f"{weights} holds no voice encoder ({type(error).__name__}); fetch it again.") from error

    @torch.inference_mode()
    def embed(self, speech: Samples) -> NDArray[np.float32]:
        """The direction of length one of one person's speech; shorter than 1.6 s, it is heard again and again."""
        stretches = self._stretches(torch.from_numpy(_loud(speech)).to(self.linear.weight.device))
        found = torch.cat([self._directions(stretches[i : i + BATCH]) for i in range(0, len(stretches), BATCH)])
        mean = torch.nn.functional.normalize(found.mean(dim=0), dim=0)
        return np.asarray(mean.cpu().numpy(), np.float32)

    def _stretches(self, speech: torch.Tensor) -> torch.Tensor:
        """Mel bands (stretch, frame, band), each stretch half over the next."""
        shortest = FRAMES * STEP
        if len(speech) < shortest:
            speech = speech.repeat(shortest // max(1, len(speech)) + 1)[:shortest]
        spectrum = torch.stft(
            speech, WINDOW, STEP, window=self.window, center=True, pad_mode="constant", return_complex=True
        )
        mels = spectrum.abs().square().T @ self.bands
        count = max(1, round((len(mels) - FRAMES) / (FRAMES / 2)) + 1)
        begins = np.linspace(0, len(mels) - FRAMES, count).astype(int)
        return torch.stack([mels[begin : begin + FRAMES] for begin in begins])

    def _directions(self, mels: torch.Tensor) -> torch.Tensor:
        _, (hidden, _) = self.lstm(mels)
        return torch.nn.functional.normalize(torch.relu(self.linear(hidden[-1])), dim=1)


def _loud(speech: Samples) -> Samples:
    level = float(np.sqrt(np.mean(np.square(speech, dtype=np.float64)))) if len(speech) else 0.0
    wanted = 10 ** (LEVEL_DB / 20)
    return np.asarray(speech * (wanted / level), np.float32) if 0 < level < wanted else speech
