"""A pair of Gen 2 glasses: connected, streaming, asked how it is, recording for itself."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.capture.aria.condition import condition
from woz.capture.aria.driver import CONNECT_PATIENCE_S, Outlet
from woz.capture.aria.options import Gen2Options
from woz.capture.source import DeviceStatus

INTERFACES = {"usb": "USB_NCM", "wifi": "WIFI_STA", "sap": "WIFI_SAP"}
ASK_AGAIN_S = 60.0
"""Connecting anew stops the pictures for seconds, so it is tried no more often than this while they come."""


class Transport(Protocol):
    """One way for the glasses' data to come here."""

    @property
    def latency_ms(self) -> float | None: ...

    def listen(self, device: Any) -> None: ...

    def configure(self, device: Any, interface: Any) -> None: ...

    def play(self, samples: NDArray[np.float32], rate: int) -> None: ...

    def close(self) -> None: ...


class Gen2Glasses:
    """The SDK is imported when it opens, never before. All calls to the device hold one lock."""

    def __init__(self, options: Gen2Options) -> None:
        self._options = options

    def open(self, outlet: Outlet) -> None:
        import aria.sdk_gen2 as sdk

        self._sdk: Any = sdk
        self._outlet = outlet
        self._lock = threading.RLock()
        self._client = sdk.DeviceClient()
        self._client.set_client_config(sdk.DeviceClientConfig())
        self._device: Any = None
        self._ask_again_at = 0.0
        self._transport: Transport | None = None
        with self._lock:
            device = self._connected()
            if self._options.stream:
                self._begin(device)

    def finished(self) -> bool:
        return False

    def status(self) -> DeviceStatus | None:
        """Over Wi-Fi the control connection may drop while the stream goes on, so that alone ends nothing."""
        latency_ms = self._transport.latency_ms if self._transport else None
        if self._device is None and time.monotonic() < self._ask_again_at:
            return DeviceStatus(latency_ms=latency_ms)
        try:
            with self._lock:
                device = self._connected()
                return condition(device.status(), bool(device.is_recording()), latency_ms)
        except (RuntimeError, WozError) as error:
            self._device = None
            if self._transport is None:
                raise WozError(self._unreachable(error)) from error
            self._ask_again_at = time.monotonic() + ASK_AGAIN_S
            return DeviceStatus(latency_ms=latency_ms)

    def begin_recording(self) -> str:
        with self._lock:
            device = self._connected()
            state = device.get_recording_state()
            if state.is_recording and state.recording_name:
                return str(state.recording_name)
            device.set_recording_config(self._recording_config())
            try:
                return str(device.start_recording())
            except RuntimeError as error:
                raise WozError(
                    f"The glasses do not record ({error}); some firmware can't record and stream at once. The "
                    "station records all that it receives."
                ) from error

    def end_recording(self) -> None:
        with self._lock:
            self._connected().stop_recording()

    def fetch_recording(self, name: str, target: Path) -> None:
        with self._lock:
            folder = target.parent / f"{target.name}.fetch"
            folder.mkdir(exist_ok=True)
            try:
                self._connected().download_recording(uuid=name, output_path=str(folder))
                _the_one_vrs(folder).replace(target)
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def play(self, samples: NDArray[np.float32], rate: int) -> None:
        if self._transport:
            self._transport.play(samples, rate)

    def close(self) -> None:
        if self._transport and self._device is not None:
            self._device.stop_streaming()
        if self._transport:
            self._transport.close()
        self._client.disconnect_all()

    def _connected(self) -> Any:
        """The device, connected anew where it was lost. Raises WozError."""
        if self._device is None:
            self._outlet.patience(CONNECT_PATIENCE_S)
            try:
                self._device = self._client.connect(self._sdk.DeviceTarget(ip=self._options.ip))
            except RuntimeError as error:
                raise WozError(self._unreachable(error)) from error
            self._outlet.patience()
        return self._device

    def _unreachable(self, error: Exception) -> str:
        where = f"at {self._options.ip}" if self._options.ip else "on USB"
        return (
            f"The glasses {where} can't be reached ({error}): switch them on, pair them once over USB with "
            "aria_gen2 auth pair, and check the cable or the Wi-Fi."
        )

    def _begin(self, device: Any) -> None:
        kind = _transports()[self._options.mode]
        self._transport = kind(self._options, self._outlet, self._sdk)
        self._outlet.patience(CONNECT_PATIENCE_S)
        try:
            if device.is_streaming():
                device.stop_streaming()
            self._transport.listen(device)
            self._transport.configure(
                device, getattr(self._sdk.StreamingInterface, INTERFACES[self._options.interface])
            )
            device.start_streaming()
        except RuntimeError as error:
            raise WozError(
                f"The glasses do not begin to stream ({error}); connect their USB cable, which some firmware needs "
                "for this, and wait for the next try."
            ) from error
        self._outlet.patience()

    def _recording_config(self) -> Any:
        config = self._sdk.RecordingConfig()
        config.profile_name = self._options.recording_profile
        config.recording_name = "woz"
        return config


def _transports() -> dict[str, Any]:
    from woz.capture.aria.gen2_http import Gen2Http
    from woz.capture.aria.gen2_webrtc import Gen2WebRtc

    return {"http": Gen2Http, "webrtc": Gen2WebRtc}


def _the_one_vrs(folder: Path) -> Path:
    found = sorted(folder.rglob("*.vrs"), key=lambda path: path.stat().st_size)
    if not found:
        raise WozError(
            "The glasses gave no recording; it is still on them, fetch it with aria_gen2 recording download-all."
        )
    return found[-1]
