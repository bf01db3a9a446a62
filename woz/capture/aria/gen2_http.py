"""Gen 2 over HTTP: the glasses send to a server on this machine."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.capture.aria.driver import Outlet
from woz.capture.aria.gen2_feed import Gen2Feed
from woz.capture.aria.options import Gen2Options


class Gen2Http:
    """The server, with a new feed for each connection that the glasses open."""

    def __init__(self, options: Gen2Options, outlet: Outlet, sdk: Any) -> None:
        self._options = options
        self._outlet = outlet
        self._sdk = sdk
        self._sync = sdk.TimeSyncRef()
        self._feed: Gen2Feed | None = None
        self._data: Any = None
        self._server: Any = None

    @property
    def latency_ms(self) -> float | None:
        return self._feed.latency_ms if self._feed else None

    def listen(self, device: Any) -> None:
        self._server = self._sdk.AriaGen2HttpServer(self._config(device), self._connected, time_sync_ref=self._sync)

    def configure(self, device: Any, interface: Any) -> None:
        config = self._sdk.HttpStreamingConfig()
        config.profile_name = self._options.profile
        config.streaming_interface = interface
        if self._options.batch_ms:
            config.batch_period_ms = self._options.batch_ms
        device.set_streaming_config(config)

    def play(self, samples: NDArray[np.float32], rate: int) -> None:
        """HTTP goes one way."""

    def close(self) -> None:
        if self._data is not None:
            self._data.clear_callbacks()
        if self._server is not None:
            self._server.stop()
            self._server.join()

    def _config(self, device: Any) -> Any:
        """The server aborts its process where it has no certificate, so that is seen to before."""
        config = self._sdk.HttpServerConfig()
        if self._options.tls and not config.certificate.cert:
            device.install_streaming_certs()
            config = self._sdk.HttpServerConfig()
            if not config.certificate.cert:
                raise WozError(
                    "The glasses and this machine have no streaming certificate; connect the cable, run "
                    "aria_gen2 streaming install-certs, and wait for the next try."
                )
        config.address, config.port, config.use_ssl = "0.0.0.0", self._options.port, self._options.tls
        return config

    def _connected(self) -> Any:
        """The SDK asks for an interface for each new connection; the last one's threads end first."""
        if self._data is not None:
            self._data.clear_callbacks()
            self._outlet.next_turn()
        self._data = self._sdk.StreamDataInterface(enable_image_decoding=False)
        self._feed = Gen2Feed(self._outlet, self._sync)
        self._feed.register(self._data)
        return self._data
