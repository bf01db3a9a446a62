"""Glasses that are none: drivers for the child process, and stand-ins for the SDK's objects.

Each class of the stand-ins has only names that the SDK's class of the same name has; a test holds them to it.
"""

from __future__ import annotations

import queue
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.capture.aria.driver import Outlet
from woz.capture.source import DeviceStatus

SIZE = 320
DEVICE_BEGIN_NS = 1_000_000_000_000
WAY_NS = 123_450_000
"""What Gen 2's own time sync says that its data were under way."""


def grey(level: int, width: int = SIZE, height: int = SIZE) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(np.full((height * 3 // 2, width), level, np.uint8), format="yuv420p")


class SteadyGlasses:
    """20 pictures and 50 blocks of sound a second, from the same device time on at each start.

    What it records of itself is a file of 1000 bytes; what is played on it comes back as sound of 8 kHz, a block a
    turn in place of its own.
    """

    def __init__(self, refuses_to_record: bool = False) -> None:
        self._refuses = refuses_to_record

    def open(self, outlet: Outlet) -> None:
        self._outlet = outlet
        self._recording = False
        self._played: queue.SimpleQueue[NDArray[np.float32]] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        clock, tick = SystemClock(), 0
        begin_ns = clock.now_ns()
        while not self._ended.is_set():
            due_ns = begin_ns + tick * 10_000_000
            time.sleep(max(0, due_ns - clock.now_ns()) / 1e9)
            device_ns = DEVICE_BEGIN_NS + tick * 10_000_000
            if tick % 5 == 0:
                self._outlet.picture(device_ns, clock.now_ns(), grey(tick // 5 % 200 + 20))
            if tick % 2 == 0:
                self._sound(device_ns, clock.now_ns())
            tick += 1

    def _sound(self, device_ns: int, now_ns: int) -> None:
        try:
            self._outlet.sound(device_ns, now_ns, self._played.get_nowait(), 8_000)
        except queue.Empty:
            self._outlet.sound(device_ns, now_ns, np.full(960, 0.1, np.float32), 48_000)

    def finished(self) -> bool:
        return False

    def status(self) -> DeviceStatus | None:
        return DeviceStatus(77.0, False, 35.5, "lab", self._recording)

    def begin_recording(self) -> str:
        if self._refuses:
            raise WozError("The glasses do not record (full).")
        self._recording = True
        return "r1"

    def end_recording(self) -> None:
        self._recording = False

    def fetch_recording(self, name: str, target: Path) -> None:
        target.write_bytes(name.encode() * 500)

    def play(self, samples: NDArray[np.float32], rate: int) -> None:
        self._played.put(samples)

    def close(self) -> None:
        self._ended.set()
        self._thread.join()


class AbsentGlasses(SteadyGlasses):
    def open(self, outlet: Outlet) -> None:
        raise WozError("The glasses on USB can't be reached: switch them on.")


class Calls:
    """Keeps what is called, by name."""

    log: list[tuple[str, tuple[Any, ...]]]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.log = []


def _device_status() -> SimpleNamespace:
    return SimpleNamespace(
        battery_level=12,
        charging=False,
        charger_connected=False,
        wifi_connected=True,
        wifi_ssid="lab",
        wifi_ip_address="10.0.0.2",
        skin_temp_celsius=36.04,
        thermal_mitigation_triggered=False,
    )


# Gen 2


class Device(Calls):
    streaming = False
    recording = ""

    def status(self) -> SimpleNamespace:
        return _device_status()

    def is_streaming(self) -> bool:
        return self.streaming

    def is_recording(self) -> bool:
        return bool(self.recording)

    def set_streaming_config(self, config: Any) -> None:
        self.log.append(("http", (config,)))

    def set_webrtc_streaming_config(self, config: Any) -> None:
        self.log.append(("webrtc", (config,)))

    def start_streaming(self) -> None:
        self.streaming = True

    def stop_streaming(self) -> None:
        self.streaming = False

    def get_recording_state(self) -> SimpleNamespace:
        return SimpleNamespace(is_recording=False, recording_name=None)

    def set_recording_config(self, config: Any) -> None:
        self.log.append(("recording", (config,)))

    def start_recording(self) -> str:
        self.recording = "uuid-1"
        return self.recording

    def stop_recording(self) -> None:
        self.recording = ""

    def download_recording(self, uuid: str, output_path: str = "") -> None:
        (Path(output_path) / f"{uuid}.vrs").write_bytes(b"vrs")

    def install_streaming_certs(self) -> None:
        HttpServerConfig.certificate = SimpleNamespace(cert="there")


class DeviceClient(Calls):
    device = Device()
    reachable = True

    def set_client_config(self, config: Any) -> None: ...

    def connect(self, target: Any = None) -> Any:
        if not self.reachable:
            raise RuntimeError("(-1) Failed to connect to device, Connection refused")
        return self.device

    def disconnect_all(self) -> None: ...

    def disconnect(self, device: Any = None) -> None: ...


class HttpServerConfig:
    certificate = SimpleNamespace(cert="")
    address, port, use_ssl = "", 0, True


class AriaGen2HttpServer(Calls):
    last: AriaGen2HttpServer

    def __init__(self, config: Any, handler: Any, time_sync_ref: Any = None) -> None:
        super().__init__()
        self.made = (config, handler)
        AriaGen2HttpServer.last = self

    def stop(self) -> None:
        self.log.append(("stop", ()))

    def join(self) -> None:
        self.log.append(("join", ()))


class TimeSyncRef:
    def is_valid(self) -> bool:
        return True

    def compute_latency_ms(self, capture_timestamp_ns: int) -> float:
        return WAY_NS / 1e6


class StreamDataInterface(Calls):
    def register_device_calib_callback(self, callback: Any) -> None:
        self.calib = callback

    def register_rgb_callback(self, callback: Any) -> None:
        self.rgb = callback

    def register_audio_callback(self, callback: Any) -> None:
        self.audio = callback

    def register_eye_gaze_callback(self, callback: Any) -> None:
        self.gaze = callback

    def set_rgb_queue_size(self, size: int) -> None: ...

    def clear_callbacks(self) -> None:
        self.log.append(("cleared", ()))


class AriaGen2WebRtcClient(Calls):
    last: AriaGen2WebRtcClient

    def __init__(self, stream_data: Any) -> None:
        super().__init__()
        AriaGen2WebRtcClient.last = self

    def set_server_config(self, config: Any) -> None:
        self.log.append(("config", (config,)))

    def start_server(self) -> None: ...

    def stop_server(self) -> None:
        self.log.append(("stop", ()))

    def is_connected(self) -> bool:
        return True

    def push_audio(self, pcm: list[float], sample_rate: int, channels: int) -> None:
        self.log.append(("push", (pcm, sample_rate, channels)))

    def set_mic_muted(self, muted: bool) -> None: ...

    def set_volume(self, volume: float) -> None: ...


def sdk_gen2() -> Any:
    """A stand-in for `aria.sdk_gen2`."""
    DeviceClient.device, DeviceClient.reachable = Device(), True
    HttpServerConfig.certificate = SimpleNamespace(cert="")
    plain = (
        "DeviceClientConfig",
        "HttpStreamingConfig",
        "WebRtcStreamingConfig",
        "WebRtcConfig",
        "RecordingConfig",
    )
    return SimpleNamespace(
        **dict.fromkeys(plain, SimpleNamespace),
        DeviceTarget=lambda ip="": ip,
        StreamingInterface=SimpleNamespace(USB_NCM="usb", WIFI_STA="sta", WIFI_SAP="sap"),
        create_webrtc_stream_data=StreamDataInterface,
        **{kind.__name__: kind for kind in GEN2},
    )


GEN2: tuple[Any, ...] = (
    DeviceClient, HttpServerConfig, AriaGen2HttpServer, TimeSyncRef, StreamDataInterface, AriaGen2WebRtcClient,
)  # fmt: skip
OWN = {"log", "last", "made", "device", "reachable", "streaming", "recording", "calib", "rgb", "audio", "gaze"}
"""Names of the stand-ins themselves."""


# Gen 1


class _Kinds:
    Rgb, Audio = 1, 8


class StreamingClient(Calls):
    def __init__(self) -> None:
        super().__init__()
        self._config = SimpleNamespace(message_queue_size={})
        self.assigned = False

    @property
    def subscription_config(self) -> Any:
        return self._config

    @subscription_config.setter
    def subscription_config(self, config: Any) -> None:
        self.assigned = True

    def set_streaming_client_observer(self, observer: Any) -> None:
        self.observer = observer

    def subscribe(self) -> None:
        self.log.append(("subscribe", ()))

    def unsubscribe(self) -> None:
        self.log.append(("unsubscribe", ()))


class _Manager(Calls):
    def __init__(self) -> None:
        super().__init__()
        self.streaming_client = StreamingClient()
        self.streaming_config = self.recording_config = None
        self.recording_state = 0

    def start_streaming(self) -> None: ...

    def stop_streaming(self) -> None: ...

    def start_recording(self) -> None:
        raise RuntimeError("already in progress")


def sdk_gen1() -> Any:
    """A stand-in for `aria.sdk`."""
    DeviceClient.reachable = True
    DeviceClient.device = SimpleNamespace(  # type: ignore[assignment]
        streaming_manager=_Manager(), recording_manager=_Manager(), status=_device_status()
    )
    return SimpleNamespace(
        CameraId=SimpleNamespace(Rgb=2),
        DeviceClient=DeviceClient,
        DeviceClientConfig=SimpleNamespace,
        StreamingConfig=lambda: SimpleNamespace(security_options=SimpleNamespace()),
        StreamingSecurityOptions=SimpleNamespace,
        StreamingInterface=SimpleNamespace(Usb="usb", WifiStation="wifi"),
        StreamingDataType=_Kinds,
        RecordingConfig=SimpleNamespace,
        RecordingState=SimpleNamespace(Recording=3),
    )
