"""Sound cards through PortAudio, with the times that their converters give."""

from __future__ import annotations

import logging
from typing import Any

from woz.capture.converter_times import ConverterTimes
from woz.capture.sound import OnBlock, OnFault, OnLoss, Pull, portaudio, unheard
from woz.capture.source import AudioBlock
from woz.clock import Clock
from woz.errors import WozError
from woz.settings import AUDIO_RATE

log = logging.getLogger(__name__)

BLOCK = AUDIO_RATE // 100
OUTPUT_LATENCY_S = 0.08
"""With less, one late callback starves ALSA's route to PulseAudio, and each further block starves it again."""


def _device(spec: str) -> int | str | None:
    if spec == "default":
        return None
    return int(spec) if spec.isdigit() else spec


class CardMicrophone:
    """A sound card's input, mixed down to mono by the card's driver."""

    def __init__(self, spec: str, clock: Clock) -> None:
        self._spec = spec
        self._clock = clock
        self._stream: Any = None
        self._samples = 0
        self.name = spec

    def start(self, on_block: OnBlock, on_fault: OnFault, on_loss: OnLoss = unheard) -> None:
        sounddevice = portaudio()
        times = ConverterTimes()

        def callback(data: Any, frames: int, time: Any, status: Any) -> None:
            adc_ns = times.ours_ns(self._clock.now_ns(), time.currentTime, time.inputBufferAdcTime)
            block = AudioBlock(self._samples * 1_000_000_000 // AUDIO_RATE, adc_ns, data[:, 0].copy(), AUDIO_RATE)
            self._samples += frames
            if status.input_overflow:
                on_loss()
            try:
                on_block(block)
            except Exception as error:
                log.exception("a microphone block was lost")
                on_fault(WozError(f"Sound of {self.name} could not be handled ({error})."))

        try:
            self._stream = sounddevice.InputStream(
                samplerate=AUDIO_RATE,
                blocksize=BLOCK,
                device=_device(self._spec),
                channels=1,
                dtype="float32",
                latency="low",
                callback=callback,
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise WozError(_no_device("microphone", "--mic", self._spec)) from error

    def stop(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


class CardSpeaker:
    """A sound card's output."""

    def __init__(self, spec: str, clock: Clock) -> None:
        self._spec = spec
        self._clock = clock
        self._stream: Any = None
        self._samples = 0
        self.name = spec

    def start(self, pull: Pull, on_loss: OnLoss = unheard) -> None:
        sounddevice = portaudio()
        times = ConverterTimes()

        def callback(out: Any, frames: int, time: Any, status: Any) -> None:
            dac_ns = times.ours_ns(self._clock.now_ns(), time.currentTime, time.outputBufferDacTime)
            device_ns = self._samples * 1_000_000_000 // AUDIO_RATE
            self._samples += frames
            if status.output_underflow:
                on_loss()
            try:
                out[:, 0] = pull(frames, device_ns, dac_ns)
            except Exception:
                out[:] = 0
                log.exception("the earpiece got silence")

        try:
            self._stream = sounddevice.OutputStream(
                samplerate=AUDIO_RATE,
                blocksize=BLOCK,
                device=_device(self._spec),
                channels=1,
                dtype="float32",
                latency=OUTPUT_LATENCY_S,
                callback=callback,
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise WozError(_no_device("earpiece or loudspeaker", "--speaker", self._spec)) from error

    def stop(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def _no_device(what: str, option: str, spec: str) -> str:
    which = "" if spec == "default" else f" named {spec!r}"
    return f"No {what}{which} was found; plug one in, or choose another with {option} (woz doctor lists them)."
