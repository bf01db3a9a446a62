"""What woz does with the Aria Client SDK: with the real one on its replay, with stand-ins for live glasses."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.core import aria_doubles as doubles
from tests.core.test_glasses import CLOCK, Sink, longest_step_ns, running, until
from woz.base.errors import WozError
from woz.base.extras import how_to_add
from woz.capture.aria.driver import Outlet
from woz.capture.aria.gen1_glasses import Gen1Glasses
from woz.capture.aria.gen1_observer import Gen1Observer
from woz.capture.aria.gen2_glasses import Gen2Glasses
from woz.capture.aria.messages import Gaze, Picture, Sound
from woz.capture.aria.options import Gen1Options, Gen2Options
from woz.capture.aria.ring import PictureRing, RingAddress
from woz.capture.aria.source import AriaSource
from woz.capture.specs import open_source

needs_sdk = pytest.mark.skipif(
    importlib.util.find_spec("aria") is None, reason="the Aria Client SDK is not in this environment"
)


class Collector:
    """Stands where the outbox stands in the child, with room for one picture size."""

    def __init__(self, width: int, height: int) -> None:
        self.messages: list[object] = []
        self.ring = PictureRing.create(width, height)
        self.outlet = Outlet(self, self.ring)  # type: ignore[arg-type]

    def put(self, message: object) -> None:
        self.messages.append(message)

    def of(self, kind: type) -> list[Any]:
        return [message for message in self.messages if isinstance(message, kind)]

    def picture(self, message: Picture) -> Any:
        return self.ring.read(message.number)


@pytest.fixture
def child() -> Any:
    made = Collector(64, 48)
    yield made
    made.ring.close()


def install(monkeypatch: pytest.MonkeyPatch, name: str, stand_in: Any) -> None:
    package = ModuleType("aria")
    setattr(package, name, stand_in)
    monkeypatch.setitem(sys.modules, "aria", package)
    monkeypatch.setitem(sys.modules, f"aria.{name}", stand_in)


# the SDK's replay


@needs_sdk
def test_the_replay_gives_what_the_file_holds(shared_data: Path) -> None:
    path = shared_data / "aria_vrs" / "gen2_all_sensors.vrs"
    sink = _Whole()
    source = open_source(f"aria2-replay:{path}", CLOCK)
    assert isinstance(source, AriaSource)
    with running(source, sink):
        assert sink.over.wait(120)
    assert (len(sink.views), len(sink.sounds), len(sink.gazes)) == (3, 15, 9)
    assert source.skipped == 0
    assert [v.device_ns for v in sink.views] == [7385797614063, 7385898450896, 7385996779437]
    assert {(b.rate, len(b.samples)) for b in sink.sounds} == {(16_000, 320)}
    assert all(abs(gaze.x - 0.41) < 0.07 and abs(gaze.y - 0.63) < 0.03 for gaze in sink.gazes)
    file = _whole(f"vrs:{path}")
    assert np.allclose([(g.x, g.y) for g in file.gazes], [(g.x, g.y) for g in sink.gazes], atol=1e-6)
    assert np.abs(sink.sound - file.sound).max() < 0.5 / 32_768
    ours, theirs = (s.views[0].image.to_ndarray().astype(int) for s in (sink, file))
    assert np.abs(ours - theirs).mean() < 1


class _Whole(Sink):
    def __init__(self) -> None:
        super().__init__()
        self.gazes: list[Any] = []

    def gaze(self, sample: Any) -> None:
        self.gazes.append(sample)

    @property
    def sound(self) -> Any:
        return np.concatenate([b.samples for b in self.sounds])


def _whole(spec: str) -> _Whole:
    source, sink = open_source(spec, CLOCK), _Whole()
    source.start(sink)
    assert sink.over.wait(120)
    source.stop()
    return sink


@needs_sdk
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_replay_comes_back_with_time_going_on(shared_data: Path, how: signal.Signals) -> None:
    source = open_source(f"aria2-replay:{shared_data / 'aria_vrs' / 'gen2_all_sensors.vrs'}?loop=1", CLOCK)
    assert isinstance(source, AriaSource)
    sink = Sink()
    with running(source, sink):
        until(lambda: len(sink.views) >= 3)
        assert source.pid
        os.kill(source.pid, how)
        until(lambda: "tried again" in sink.problem)
        before = len(sink.views)
        until(lambda: len(sink.views) >= before + 4)
    assert [v.index for v in sink.views] == list(range(len(sink.views)))
    for stream in ([v.device_ns for v in sink.views], [b.device_ns for b in sink.sounds]):
        assert stream == sorted(set(stream))
    assert longest_step_ns(sink) >= 900_000_000


@needs_sdk
def test_a_gen_1_file_is_refused_before_it_can_do_harm(shared_data: Path) -> None:
    with pytest.raises(WozError, match="Gen 1; the SDK replays Gen 2 only"):
        open_source(f"aria2-replay:{shared_data / 'aria_vrs' / 'gen1_everyday.vrs'}", CLOCK)


@needs_sdk
def test_the_stand_ins_have_no_name_that_the_sdk_has_not() -> None:
    names = {kind.__name__: sorted(set(vars(kind)) - doubles.OWN) for kind in (*doubles.GEN2, doubles.Device)}
    code = (
        f"import aria.sdk_gen2 as sdk\nnames = {names!r}\n"
        "wrong = [(k, n) for k in names for n in names[k] if n[0] != '_' and not hasattr(getattr(sdk, k), n)]\n"
        "fields = {'HttpStreamingConfig': 'profile_name streaming_interface batch_period_ms', 'WebRtcConfig': "
        "'listen_port signaling_host signaling_port room_id enable_audio', 'WebRtcStreamingConfig': 'profile_name "
        "streaming_interface signaling_url room pcie_batch_period_ms', 'RecordingConfig': 'profile_name "
        "recording_name'}\n"
        "wrong += [(k, n) for k in fields for n in fields[k].split() if not hasattr(getattr(sdk, k), n)]\n"
        "wrong += [n for n in ('USB_NCM', 'WIFI_STA', 'WIFI_SAP') if not hasattr(sdk.StreamingInterface, n)]\n"
        "assert not wrong, wrong"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@needs_sdk
def test_the_station_s_own_process_never_imports_the_sdk() -> None:
    code = (
        "import sys, woz.live.station.station\nfrom woz.capture.specs import open_source\n"
        "from woz.base.clock import SystemClock\n"
        "for spec in ('aria1:usb', 'aria2:10.0.0.9?mode=webrtc', 'synthetic?size=192+aria2:10.0.0.9'):\n"
        "    open_source(spec, SystemClock())\n"
        "assert not [name for name in sys.modules if name.split('.')[0] in ('aria', 'projectaria_tools')]"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# live glasses, by stand-ins


def test_gen_1_pictures_are_turned_upright_and_its_microphones_become_one(child: Collector) -> None:
    observer = Gen1Observer(child.outlet, 2)
    sideways = np.zeros((64, 48, 3), np.uint8)
    sideways[:, :8] = 255
    record = SimpleNamespace(camera_id=2, capture_timestamp_ns=7)
    observer.on_image_received(sideways, record)
    observer.on_image_received(sideways, SimpleNamespace(camera_id=0, capture_timestamp_ns=8))
    observer.on_image_received(sideways, SimpleNamespace(camera_id=2, capture_timestamp_ns=-1))
    (picture,) = child.of(Picture)
    luma = child.picture(picture)[:48]
    assert luma[:6].min() > 200
    assert luma[10:].max() < 30
    block = np.tile(np.array([2**30] * 6 + [-(2**30)], np.int64), 480)
    times = [1_000 + i * 20_833 for i in range(480)]
    observer.on_audio_received(SimpleNamespace(data=block.tolist()), SimpleNamespace(capture_timestamps_ns=times))
    (sound,) = child.of(Sound)
    assert (sound.device_ns, sound.rate, sound.samples.dtype) == (1_000, 48_000, np.float32)
    assert np.allclose(sound.samples, 0.5 * 5 / 7)


def test_gen_1_is_asked_to_stream_and_to_say_how_it_is(child: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "sdk", doubles.sdk_gen1())
    glasses = Gen1Glasses(Gen1Options("wifi", "10.0.0.2"))
    glasses.open(child.outlet)
    manager = doubles.DeviceClient.device.streaming_manager  # type: ignore[attr-defined]
    config, client = manager.streaming_config, manager.streaming_client
    assert (config.profile_name, config.streaming_interface) == ("profile18", "wifi")
    assert config.security_options.use_ephemeral_certs
    assert client.assigned
    assert client.subscription_config.subscriber_data_type == 9
    assert client.subscription_config.message_queue_size[1] == 1
    status = glasses.status()
    assert status
    assert (status.battery_percent, status.temperature_c, status.wifi) == (12.0, 36.0, "lab")
    assert "plug in" in status.problem
    with pytest.raises(WozError, match="station records all"):
        glasses.begin_recording()
    assert not glasses.finished()
    client.observer.on_streaming_client_failure(SimpleNamespace(name="ConnectionLost"), "gone")
    with pytest.raises(WozError, match="ConnectionLost: gone"):
        glasses.finished()
    glasses.close()
    assert [name for name, _ in client.log] == ["subscribe", "unsubscribe"]


def test_gen_2_over_http(child: Collector, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(monkeypatch, "sdk_gen2", doubles.sdk_gen2())
    glasses = Gen2Glasses(Gen2Options("10.0.0.2", interface="wifi", batch_ms=200))
    glasses.open(child.outlet)
    device, server = doubles.DeviceClient.device, doubles.AriaGen2HttpServer.last
    (_, (config,)) = device.log[0]
    assert (config.profile_name, config.streaming_interface, config.batch_period_ms) == ("profile9", "sta", 200)
    assert device.streaming
    assert (server.made[0].port, server.made[0].use_ssl) == (6768, True)
    first = server.made[1]()
    second = server.made[1]()
    assert first.log == [("cleared", ())]
    before_ns = CLOCK.now_ns()
    _speak(second)
    (sound,) = child.of(Sound)
    assert before_ns <= sound.arrival_ns + doubles.WAY_NS <= CLOCK.now_ns(), "the way that the glasses tell is out"
    assert (sound.turn, sound.rate, sound.device_ns) == (1, 16_000, 5)
    (gaze,) = child.of(Gaze)
    assert (gaze.yaw_rad, gaze.pitch_rad, gaze.depth_m, gaze.point) == (0.1, -0.2, 0.8, None)
    assert glasses.begin_recording() == "uuid-1"
    status = glasses.status()
    assert status
    assert status.recording
    glasses.end_recording()
    glasses.fetch_recording("uuid-1", tmp_path / "ego.vrs")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("ego.vrs", b"vrs")]
    glasses.close()
    assert not doubles.DeviceClient.device.streaming
    assert [name for name, _ in server.log] == ["stop", "join"]


def _speak(data: doubles.StreamDataInterface) -> None:
    times = [5 + i * 62_500 for i in range(320)]
    data.audio(SimpleNamespace(data=[2**29] * 2560), SimpleNamespace(capture_timestamps_ns=times), 8)
    seconds = SimpleNamespace(total_seconds=lambda: 1.5)
    data.gaze(SimpleNamespace(tracking_timestamp=seconds, combined_gaze_valid=True, yaw=0.1, pitch=-0.2, depth=0.8))


def test_gen_2_over_webrtc_plays_the_expert_s_voice(child: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "sdk_gen2", doubles.sdk_gen2())
    glasses = Gen2Glasses(Gen2Options("127.0.0.1", "webrtc", "wifi", port=9000))
    glasses.open(child.outlet)
    (_, (config,)) = doubles.DeviceClient.device.log[0]
    assert config.signaling_url == "tcp://127.0.0.1:9000"
    client = doubles.AriaGen2WebRtcClient.last
    (_, (receiver,)) = client.log[0]
    assert (receiver.listen_port, receiver.enable_audio) == (9000, True)
    glasses.play(np.array([0.5, -0.5], np.float32), 48_000)
    assert client.log[-1] == ("push", ([0.5, -0.5], 48_000, 1))
    glasses.close()
    assert ("stop", ()) in client.log


def test_glasses_out_of_reach_are_a_sentence(child: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "sdk_gen2", doubles.sdk_gen2())
    doubles.DeviceClient.reachable = False
    with pytest.raises(WozError, match=r"at 10\.0\.0\.2 can't be reached .*switch them on"):
        Gen2Glasses(Gen2Options("10.0.0.2")).open(child.outlet)


# how they are named


def test_without_the_sdk_one_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for spec in ("aria1:usb", "aria2:10.0.0.2", "aria2-replay:file.vrs", "synthetic+aria2:10.0.0.2"):
        with pytest.raises(WozError, match=re.escape(how_to_add("aria"))):
            open_source(spec, CLOCK)


@pytest.mark.parametrize(
    "spec",
    [
        "aria1:bluetooth", "aria2:", "aria2:1.2.3.4?mode=dds", "aria2:usb?mode=webrtc", "aria2:1.2.3.4?batch=fast",
        "aria2:1.2.3.4?colour=red", "synthetic+aria3:1.2.3.4", "synthetic+aria2:", "aria3:1.2.3.4",
    ],
)  # fmt: skip
def test_a_spec_that_names_no_glasses_is_refused(spec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
    with pytest.raises(WozError):
        open_source(spec, CLOCK)


def test_a_camera_beside_the_glasses_gives_the_view(tmp_path: Path) -> None:
    from woz.capture.aria.beside import BesideSource
    from woz.capture.source import OwnRecorder, SourceInfo
    from woz.capture.synthetic import SyntheticSource

    info = SourceInfo("glasses", doubles.SIZE, doubles.SIZE, 10)
    glasses = AriaSource(info, doubles.SteadyGlasses(), CLOCK, views=False, records_itself=True)
    source, sink = BesideSource(SyntheticSource(CLOCK, size=192), glasses), Sink()
    assert isinstance(source, OwnRecorder)
    assert source.records_itself
    source.start(sink)
    try:
        until(lambda: len(sink.views) > 20 and sink.states[-1].battery_percent == 77.0)
        source.begin_own_recording()
        assert source.end_own_recording() == "r1"
        source.fetch_own_recording(tmp_path / "ego.vrs")
    finally:
        source.stop()
    assert {view.image.width for view in sink.views} == {192}
    assert not sink.sounds
    assert (tmp_path / "ego.vrs").stat().st_size == 1000


def test_the_ring_of_a_small_announcement_takes_large_pictures(child: Collector) -> None:
    child.outlet.picture(1, 2, doubles.grey(90, 640, 480))
    (message,) = child.of(Picture)
    assert child.ring.address == RingAddress(child.ring.address.name, 64, 48)
    assert np.unique(child.picture(message)[:48]).tolist() == [90]
