"""Speaks lines with espeak-ng and says when each word of them begins: a process of its own.

Reads {"lines": [{"text", "voice", "speed"}], "sound": FILE} on standard input; writes 16-bit samples of all lines
one after another to FILE, and answers {"rate", "lines": [{"samples", "words": [[text position, sample], …]}]}.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import sys
from pathlib import Path
from typing import Any

SYNCHRONOUS, BUFFER_MS = 2, 60
RATE, POSITION_IN_CHARACTERS, UTF8 = 1, 1, 1
END, WORD = 0, 1


class Event(ctypes.Structure):
    """espeak_EVENT of espeak-ng/speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))


class Speaker:
    def __init__(self) -> None:
        self._library = ctypes.CDLL(ctypes.util.find_library("espeak-ng") or "libespeak-ng.so.1")
        self.rate = self._library.espeak_Initialize(SYNCHRONOUS, BUFFER_MS, None, 0)
        self._sound, self._words = bytearray(), list[tuple[int, int]]()
        self._callback = Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, voice: str, speed: int) -> tuple[bytes, list[tuple[int, int]]]:
        """16-bit samples, and for each word where its text begins (letters) and its sound (samples)."""
        self._sound, self._words = bytearray(), []
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise SystemExit(f"espeak-ng has no voice {voice}")
        self._library.espeak_SetParameter(RATE, speed, 0)
        data = text.encode() + b"\0"
        self._library.espeak_Synth(data, len(data), 0, POSITION_IN_CHARACTERS, 0, UTF8, None, None)
        self._library.espeak_Synchronize()
        return bytes(self._sound), self._words

    def _take(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._sound += ctypes.string_at(samples, count * 2)
        for event in events:
            if event.type == END:
                break
            if event.type == WORD:
                self._words.append((event.text_position - 1, event.sample))
        return 0


def main() -> None:
    asked = json.load(sys.stdin)
    speaker, made = Speaker(), []
    with Path(asked["sound"]).open("wb") as file:
        for line in asked["lines"]:
            sound, words = speaker.speak(line["text"], line["voice"], line["speed"])
            file.write(sound)
            made.append({"samples": len(sound) // 2, "words": words})
    sys.stdout.write(json.dumps({"rate": speaker.rate, "lines": made}))


if __name__ == "__main__":
    main()
