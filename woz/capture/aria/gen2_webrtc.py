"""Gen 2 over WebRTC: less delay, and the expert's voice on the glasses' speaker."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.capture.aria.driver import Outlet
from woz.capture.aria.gen2_feed import Gen2Feed
from woz.capture.aria.options import Gen2Options


class Gen2WebRtc:
    """The receiver: it listens for the glasses itself, or meets them at a signaling server."""

    latency_ms: float | None = None
    """Not known here: the time stamps of pictures are made at their arrival."""

    def __init__(self, options: Gen2Options, outlet: Outlet, sdk: Any) -> None:
        self._options = options
        self._sdk = sdk
        self._data = sdk.create_webrtc_stream_data()
        self._feed = Gen2Feed(outlet)
        self._feed.register(self._data)
        self._client = sdk.AriaGen2WebRtcClient(self._data)

    def listen(self, device: Any) -> None:
        config = self._sdk.WebRtcConfig()
        if self._options.signaling:
            config.signaling_host, config.signaling_port = _host_and_port(self._options.signaling)
        else:
            config.listen_port = self._options.port
        config.room_id, config.enable_audio = self._options.room, True
        self._client.set_server_config(config)
        self._client.start_server()
        self._client.set_mic_muted(True)
        self._client.set_volume(1.0)

    def configure(self, device: Any, interface: Any) -> None:
        config = self._sdk.WebRtcStreamingConfig()
        config.profile_name = self._options.profile
        config.streaming_interface = interface
        own = f"tcp://{_own_address(self._options.ip)}:{self._options.port}"
        config.signaling_url = self._options.signaling or own
        config.room = self._options.room
        if self._options.batch_ms:
            config.pcie_batch_period_ms = self._options.batch_ms
        device.set_webrtc_streaming_config(config)

    def play(self, samples: NDArray[np.float32], rate: int) -> None:
        if self._client.is_connected():
            self._client.push_audio(samples.tolist(), rate, 1)

    def close(self) -> None:
        self._client.stop_server()
        self._data.clear_callbacks()


def _host_and_port(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    if parts.scheme != "tcp" or not parts.hostname or not parts.port:
        raise WozError(f"The signaling server must be given as tcp://HOST:PORT, not {url!r}.")
    return parts.hostname, parts.port


def _own_address(towards: str) -> str:
    """This machine's address on the way to the glasses; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((towards, 9))
        except OSError as error:
            raise WozError(
                f"There is no way to the glasses at {towards!r} ({error.strerror}); check the Wi-Fi."
            ) from error
        return str(probe.getsockname()[0])
