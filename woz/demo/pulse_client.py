"""A connection to a PulseAudio daemon."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from types import TracebackType
from typing import Any

from woz.base.errors import WozError
from woz.demo.pulse_api import FAILED, NO_AUTOSPAWN, READY, RUNNING, TimingInfo, libpulse

ANSWERS_WITHIN_S = 10.0
LOOK_EVERY_S = 0.002


class PulseClient(ABC):
    """One stream of one connection, while the context lasts. The daemon that `server` names, or the environment."""

    def __init__(self, name: str, server: str | None = None) -> None:
        self._name = name.encode()
        self._server = server.encode() if server else None
        self._pulse: Any = libpulse()
        self._loop: Any = None
        self._context: Any = None
        self._stream: Any = None

    def __enter__(self) -> Any:
        """Raises WozError where the daemon can't be reached, or has no such sink."""
        pulse = self._pulse
        self._loop = pulse.pa_threaded_mainloop_new()
        self._context = pulse.pa_context_new(pulse.pa_threaded_mainloop_get_api(self._loop), self._name)
        pulse.pa_threaded_mainloop_start(self._loop)
        try:
            self._locked(pulse.pa_context_connect, self._context, self._server, NO_AUTOSPAWN, None)
            self._await_state("context", pulse.pa_context_get_state, self._context)
            self._stream = self._locked(self._connected)
            self._await_state("stream", pulse.pa_stream_get_state, self._stream)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pulse = self._pulse
        if self._stream:
            self._locked(pulse.pa_stream_disconnect, self._stream)
            self._locked(pulse.pa_stream_unref, self._stream)
        self._locked(pulse.pa_context_disconnect, self._context)
        self._locked(pulse.pa_context_unref, self._context)
        pulse.pa_threaded_mainloop_stop(self._loop)
        pulse.pa_threaded_mainloop_free(self._loop)
        self._loop = self._context = self._stream = None

    @abstractmethod
    def _connected(self) -> Any:
        """The stream, asked for."""

    def _timing(self) -> TimingInfo:
        """Asked of the daemon just now. Raises WozError where it is gone."""
        pulse = self._pulse
        operation = self._locked(pulse.pa_stream_update_timing_info, self._stream, None, None)
        if not operation:
            raise gone()
        self._await(lambda: self._locked(pulse.pa_operation_get_state, operation) != RUNNING)
        self._locked(pulse.pa_operation_unref, operation)
        timing: TimingInfo = self._locked(self._told)
        return timing

    def _told(self) -> TimingInfo:
        told = self._pulse.pa_stream_get_timing_info(self._stream)
        if not told:
            raise gone()
        return TimingInfo.from_buffer_copy(told.contents)

    def _await_state(self, what: str, state: Callable[[Any], int], of: Any) -> None:
        self._await(lambda: self._locked(state, of) >= READY[what])
        if self._locked(state, of) >= FAILED[what]:
            raise WozError("The sound daemon can't be reached, or has no such sink; see its log.")

    def _await(self, come: Callable[[], bool]) -> None:
        deadline = time.monotonic() + ANSWERS_WITHIN_S
        while not come():
            if time.monotonic() > deadline:
                raise gone()
            time.sleep(LOOK_EVERY_S)

    def _locked(self, call: Callable[..., Any], *arguments: Any) -> Any:
        """Call it while the library's own thread stands still."""
        self._pulse.pa_threaded_mainloop_lock(self._loop)
        try:
            return call(*arguments)
        finally:
            self._pulse.pa_threaded_mainloop_unlock(self._loop)


def gone() -> WozError:
    return WozError("The sound daemon doesn't answer any more; see its log.")
