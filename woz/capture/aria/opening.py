"""Opens the glasses, or the replay, that a user names."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from urllib.parse import parse_qsl

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.extras import how_to_add
from woz.capture.aria.beside import BesideSource
from woz.capture.aria.gen1_glasses import Gen1Glasses
from woz.capture.aria.gen2_glasses import INTERFACES, Gen2Glasses
from woz.capture.aria.gen2_replay import Gen2Replay
from woz.capture.aria.options import Gen1Options, Gen2Options
from woz.capture.aria.source import AriaSource
from woz.capture.source import Source, SourceInfo, Way
from woz.capture.vrs_probe import probe

GEN2_FPS = {"profile10": 30.0, "mp_streaming_demo": 10.0}
GEN2_USUAL_FPS, GEN1_FPS = 10.0, 10.0
WIFI_BATCH_MS = 200
Options = dict[str, str]


def need_sdk() -> None:
    """Raises WozError where the Aria Client SDK isn't installed; it isn't imported here."""
    if importlib.util.find_spec("aria") is None:
        raise WozError(f"Live Aria glasses need the Aria Client SDK (Linux and macOS only); {how_to_add('aria')}")


def open_replay(path: Path, loop: bool, clock: Clock) -> AriaSource:
    """Raises WozError where the SDK is missing, and for a file that is no Gen 2 recording."""
    need_sdk()
    facts = probe(path)
    if facts.generation != 2:
        raise WozError(f"{path} is of Aria Gen {facts.generation}; the SDK replays Gen 2 only: use vrs:{path}.")
    name = f"Aria Gen 2, replay of {path.name}"
    info = SourceInfo(name, facts.width, facts.height, facts.fps, facts.audio_rate, facts.gaze, way=Way.FILE)
    return AriaSource(info, Gen2Replay(path.absolute(), loop), clock)


def open_gen1(what: str, options: Options, clock: Clock, stream: bool = True) -> AriaSource:
    """`what` is usb or wifi. Raises WozError for options that are none, and where the SDK is missing."""
    interface = _one_of(what, ("usb", "wifi"), "aria1:")
    _known(options, ("ip", "profile", "fps", "record"))
    need_sdk()
    usual = Gen1Options()
    chosen = Gen1Options(interface, options.get("ip", ""), options.get("profile", usual.profile), stream=stream)
    fps = _whole(options, "fps", round(GEN1_FPS), 1, 60)
    way = Way.CABLE if interface == "usb" else Way.WIFI
    info = SourceInfo("Aria Gen 1 glasses", 1408, 1408, float(fps), 48_000 if stream else None, way=way)
    record = options.get("record", "0" if stream else "1") == "1"
    return AriaSource(info, Gen1Glasses(chosen), clock, views=stream, records_itself=record)


def open_gen2(what: str, options: Options, clock: Clock, stream: bool = True) -> AriaSource:
    """`what` is the glasses' address, or usb. Raises WozError as `open_gen1` does."""
    _known(options, GEN2_OPTIONS)
    need_sdk()
    chosen = _gen2_options("" if what == "usb" else what, options, stream)
    if chosen.mode == "webrtc" and not chosen.ip:
        raise WozError("WebRTC goes over Wi-Fi: give the glasses' address, aria2:IP?mode=webrtc.")
    fps = _whole(options, "fps", round(GEN2_FPS.get(chosen.profile, GEN2_USUAL_FPS)), 1, 60)
    way = Way.CABLE if chosen.interface == "usb" else Way.WIFI
    info = SourceInfo("Aria Gen 2 glasses", 2016, 1512, float(fps), 16_000 if stream else None, stream, way=way)
    delay_ms = _whole(options, "speaker_delay", 0, 0, 2000)
    return AriaSource(
        info,
        Gen2Glasses(chosen),
        clock,
        views=stream,
        records_itself=chosen.record,
        speaker_delay_ns=delay_ms * 1_000_000 if chosen.mode == "webrtc" and stream else None,
    )


def open_beside(view: Source, glasses: str, clock: Clock) -> BesideSource:
    """`glasses` is aria1:… or aria2:…, which record for themselves while `view` gives the view."""
    head, _, query = glasses.partition("?")
    kind, _, what = head.partition(":")
    opener = {"aria1": open_gen1, "aria2": open_gen2}.get(kind)
    if opener is None or not what:
        raise WozError(f"{glasses!r} names no glasses; beside a camera stand aria1:usb, aria1:wifi, or aria2:IP.")
    return BesideSource(view, opener(what, dict(parse_qsl(query)), clock, stream=False))


GEN2_OPTIONS = (
    "mode", "interface", "profile", "recording_profile", "batch", "port", "tls", "record", "fps", "signaling",
    "room", "speaker_delay",
)  # fmt: skip


def _gen2_options(ip: str, options: Options, stream: bool) -> Gen2Options:
    usual = Gen2Options()
    mode = _one_of(options.get("mode", usual.mode), ("http", "webrtc"), "mode=")
    interface = _one_of(options.get("interface", "wifi" if ip else "usb"), tuple(INTERFACES), "interface=")
    gathers = "batch" in options or (mode == "http" and interface != "usb")
    return Gen2Options(
        ip=ip,
        mode=mode,
        interface=interface,
        profile=options.get("profile", usual.profile),
        recording_profile=options.get("recording_profile", usual.recording_profile),
        batch_ms=_whole(options, "batch", WIFI_BATCH_MS, 20, 2000) if gathers else None,
        port=_whole(options, "port", usual.port, 1, 65_535),
        tls=options.get("tls", "1") == "1",
        record=options.get("record", "0" if stream else "1") == "1",
        stream=stream,
        signaling=options.get("signaling", ""),
        room=options.get("room", usual.room),
    )


def _known(options: Options, names: tuple[str, ...]) -> None:
    if unknown := sorted(set(options) - set(names)):
        raise WozError(f"The glasses have no option {unknown[0]!r}; they have {', '.join(names)}.")


def _one_of(value: str, known: tuple[str, ...], where: str) -> str:
    if value not in known:
        raise WozError(f"{where}{value} is none of {', '.join(known)}.")
    return value


def _whole(options: Options, name: str, usual: int, least: int, most: int) -> int:
    text = options.get(name, str(usual))
    if not text.isdecimal() or not least <= int(text) <= most:
        raise WozError(f"The option {name} must be a whole number from {least} to {most}, not {text!r}.")
    return int(text)
