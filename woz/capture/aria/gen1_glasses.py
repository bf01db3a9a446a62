"""A pair of Gen 1 glasses: connected, streaming over DDS, asked how it is, recording for itself."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.capture.aria.condition import condition
from woz.capture.aria.driver import CONNECT_PATIENCE_S, Outlet
from woz.capture.aria.gen1_observer import Gen1Observer
from woz.capture.aria.options import Gen1Options
from woz.capture.source import DeviceStatus


class Gen1Glasses:
    """The SDK is imported when it opens, never before."""

    def __init__(self, options: Gen1Options) -> None:
        self._options = options

    def open(self, outlet: Outlet) -> None:
        import aria.sdk as sdk

        self._sdk: Any = sdk
        self._lock = threading.Lock()
        self._observer = Gen1Observer(outlet, sdk.CameraId.Rgb)
        self._client = sdk.DeviceClient()
        self._device: Any = None
        self._receiver: Any = None
        outlet.patience(CONNECT_PATIENCE_S)
        try:
            self._device = self._connect()
            if self._options.stream:
                self._begin()
        except RuntimeError as error:
            raise WozError(
                f"The Gen 1 glasses do not answer ({error}): switch them on, pair them once with aria auth pair, "
                "connect the cable, and let UDP ports 7000 to 8000 through the firewall."
            ) from error
        outlet.patience()

    def finished(self) -> bool:
        """Raises WozError where the stream has failed."""
        if self._observer.failure:
            raise WozError(f"The stream of the glasses broke off ({self._observer.failure}).")
        return False

    def status(self) -> DeviceStatus | None:
        with self._lock:
            return condition(self._device.status, self._recording())

    def begin_recording(self) -> str:
        with self._lock:
            config = self._sdk.RecordingConfig()
            config.profile_name = self._options.recording_profile
            self._device.recording_manager.recording_config = config
            try:
                self._device.recording_manager.start_recording()
            except RuntimeError as error:
                raise WozError(
                    f"The glasses do not record ({error}); Gen 1 may not record while it streams. The station "
                    "records all that it receives."
                ) from error
        return "the newest recording"

    def end_recording(self) -> None:
        with self._lock:
            self._device.recording_manager.stop_recording()

    def fetch_recording(self, name: str, target: Path) -> None:
        raise WozError(
            "Gen 1 glasses hand their recording to the Aria companion app only; export it there and import it."
        )

    def play(self, samples: NDArray[np.float32], rate: int) -> None:
        """Nothing can be sent to Gen 1 glasses."""

    def close(self) -> None:
        if self._receiver is not None:
            self._receiver.unsubscribe()
            self._device.streaming_manager.stop_streaming()
        if self._device is not None:
            self._client.disconnect(self._device)

    def _connect(self) -> Any:
        config = self._sdk.DeviceClientConfig()
        if self._options.ip:
            config.ip_v4_address = self._options.ip
        self._client.set_client_config(config)
        return self._client.connect()

    def _begin(self) -> None:
        sdk, manager = self._sdk, self._device.streaming_manager
        config = sdk.StreamingConfig()
        config.profile_name = self._options.profile
        config.streaming_interface = getattr(
            sdk.StreamingInterface, "Usb" if self._options.interface == "usb" else "WifiStation"
        )
        config.security_options.use_ephemeral_certs = True
        manager.streaming_config = config
        manager.start_streaming()
        self._receiver = manager.streaming_client
        self._subscribe()

    def _subscribe(self) -> None:
        """The subscription takes effect only when it is assigned back."""
        kinds = self._sdk.StreamingDataType
        config = self._receiver.subscription_config
        config.subscriber_data_type = kinds.Rgb | kinds.Audio
        config.message_queue_size[kinds.Rgb] = 1
        config.message_queue_size[kinds.Audio] = 50
        options = self._sdk.StreamingSecurityOptions()
        options.use_ephemeral_certs = True
        config.security_options = options
        self._receiver.subscription_config = config
        self._receiver.set_streaming_client_observer(self._observer)
        self._receiver.subscribe()

    def _recording(self) -> bool:
        state = self._device.recording_manager.recording_state
        return bool(state == self._sdk.RecordingState.Recording)
