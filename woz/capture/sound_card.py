"""Sound cards through PortAudio, with the times that their converters give."""

from __future__ import annotations

import logging
from typing import Any

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.settings import AUDIO_RATE
from woz.capture.sound import OnBlock, OnFault, OnLoss, PlayRequest, Pull, portaudio, unheard
from woz.capture.source import AudioBlock
from woz.capture.streams import STREAMS, Held, Make, Way, is_there_now
from woz.timing.converter_clock import ConverterClock

log = logging.getLogger(__name__)

BLOCK = AUDIO_RATE // 100
OUTPUT_LATENCY_S = 0.08
"""With less, one late callback starves ALSA's route to PulseAudio, and each further block starves it again."""
FORM = {"samplerate": AUDIO_RATE, "blocksize": BLOCK, "channels": 1, "dtype": "float32"}


class NoDeviceError(WozError):
    """The device that a user named, or any of its `way`, isn't there."""

    def __init__(self, way: Way, spec: str) -> None:
        which = "" if spec == "default" else f" named {spec!r}"
        super().__init__(f"No {_WHAT[way]}{which} was found; plug one in, or choose another.")
        self.way = way


_WHAT = {Way.INPUT: "microphone", Way.OUTPUT: "earpiece or loudspeaker"}


class _Card:
    """A stream of one device."""

    def __init__(self, spec: str, clock: Clock) -> None:
        self._spec = spec
        self._clock = clock
        self._held: Held | None = None
        self._renewed = 0
        self._samples = 0
        self.name = spec

    def stop(self) -> None:
        held, self._held = self._held, None
        if held:
            held.close()

    def _open(self, make: Make, way: Way) -> None:
        """Where it isn't in PortAudio's list though it is there, the list is renewed. Raises NoDeviceError."""
        faults, fault = (portaudio().PortAudioError, ValueError), NoDeviceError(way, self._spec)
        try:
            self._held = STREAMS.open(make)
        except faults as error:
            if not is_there_now(_device(self._spec), way) or not STREAMS.renew():
                raise fault from error
            try:
                self._held = STREAMS.open(make)
            except faults as still:
                raise fault from still

    def _was_interrupted(self) -> bool:
        """Whether the stream stood still since the last call, while the list of devices was renewed."""
        renewed = self._held.renewed if self._held else 0
        before, self._renewed = self._renewed, renewed
        return renewed != before

    def _device_ns(self, frames: int) -> int:
        """The sample count at the beginning of a block, as time."""
        self._samples += frames
        return (self._samples - frames) * 1_000_000_000 // AUDIO_RATE


class CardMicrophone(_Card):
    """A sound card's input, mixed down to mono by the card's driver."""

    def start(self, on_block: OnBlock, on_fault: OnFault, on_loss: OnLoss = unheard) -> None:
        times = ConverterClock()

        def callback(data: Any, frames: int, time: Any, status: Any) -> None:
            now_ns = self._clock.now_ns()
            adc_ns = times.ours_ns(now_ns, time.currentTime, time.inputBufferAdcTime)
            ran_out = bool(status.input_overflow or status.input_underflow)
            lost = ran_out | self._was_interrupted()
            samples = data[:, 0].copy()
            block = AudioBlock(self._device_ns(frames), adc_ns, samples, AUDIO_RATE, now_ns, lost)
            if lost:
                on_loss()
            try:
                on_block(block)
            except Exception as error:
                log.exception("a microphone block was lost")
                on_fault(WozError(f"Sound of {self.name} could not be handled ({error})."))

        def make(library: Any) -> Any:
            return library.InputStream(device=_device(self._spec), latency="low", callback=callback, **FORM)

        self._open(make, Way.INPUT)


class CardSpeaker(_Card):
    """A sound card's output."""

    def start(self, pull: Pull, on_loss: OnLoss = unheard) -> None:
        times = ConverterClock()

        def callback(out: Any, frames: int, time: Any, status: Any) -> None:
            now_ns = self._clock.now_ns()
            dac_ns = times.ours_ns(now_ns, time.currentTime, time.outputBufferDacTime)
            ran_out = bool(status.output_underflow or status.output_overflow)
            lost = ran_out | self._was_interrupted()
            if lost:
                on_loss()
            try:
                out[:, 0] = pull(PlayRequest(frames, self._device_ns(frames), dac_ns, now_ns, lost))
            except Exception:
                out[:] = 0
                log.exception("the earpiece got silence")

        def make(library: Any) -> Any:
            device = _device(self._spec)
            return library.OutputStream(device=device, latency=OUTPUT_LATENCY_S, callback=callback, **FORM)

        self._open(make, Way.OUTPUT)


def lasting_name(spec: str) -> str:
    """What names a device also in a list that was renewed: its full name in place of its number, where it is alone
    in having that. Raises WozError where PortAudio is missing."""
    if not spec.isdigit():
        return spec
    library = portaudio()
    names = [f"{d['name']}, {library.query_hostapis(d['hostapi'])['name']}" for d in library.query_devices()]
    chosen = names[int(spec)] if int(spec) < len(names) else ""
    return chosen if names.count(chosen) == 1 else spec


def _device(spec: str) -> int | str | None:
    if spec == "default":
        return None
    return int(spec) if spec.isdigit() else spec
