"""Makes a project of ten sessions with real annotations: `python -m tests.rig.ten_sessions DATA FOLDER`, with the
folder of real test data.

HoloAssist's dialogues and steps over an egocentric clip of CaptainCook4D, looped to each dialogue's length. The
clip shows another task than is spoken of: what it proves is the way, not what a model sees.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from ui.cli import main as woz

SOURCE, LICENCE = "HoloAssist", "CDLA-Permissive-2.0"
SESSIONS = {
    "R066-15July-Circuit-Breaker-Part1": ("change circuit breaker", 66),
    "R123-15Aug-Circuit-Breaker": ("change circuit breaker", 194),
    "R095-28July-Belt": ("change belt", 54),
    "R202-7Nov-Belt": ("change belt", 109),
    "R007-7July-DSLR": ("setup camera", 112),
    "z118-aug-05-22-dslr": ("setup camera", 166),
    "z109-july-27-22-dslr": ("setup camera", 134),
    "R040-13July-Nespresso": ("make coffee", 229),
    "z090-july-08-22-nespresso": ("make coffee", 143),
    "z111-aug-02-22-espresso": ("make coffee", 231),
}
"""By the annotations' file: what is done, and how long it takes (s)."""


def make(data: Path, folder: Path) -> Path:
    """The project's folder."""
    project, clip = folder / "ten", data / "video" / "derived_technique_error_1_tile1.mp4"
    folder.mkdir(parents=True, exist_ok=True)
    for n, (name, (procedure, length_s)) in enumerate(SESSIONS.items()):
        film, session = folder / f"{n}.mp4", f"20260301-{n:06d}-0000"
        loop = ["ffmpeg", "-v", "error", "-y", "-stream_loop", "-1", "-i", str(clip), "-t", str(length_s)]
        subprocess.run([*loop, "-c", "copy", str(film)], check=True)
        of = ["--source-name", SOURCE, "--licence", LICENCE]
        start = ["--start", f"2026-03-01T{10 + n // 2}:{30 * (n % 2):02d}:00Z", "--id", session]
        file, steps = data / "annotations" / "holoassist" / f"{name}.json", folder / "steps.txt"
        steps.write_text("".join(f"{step}\n" for step in _steps(file)), encoding="utf-8")
        known = [] if any(done == procedure for done, _ in list(SESSIONS.values())[:n]) else ["--steps", str(steps)]
        about = ["--procedure", procedure, "--scenario", procedure, *known]
        _demand("import", "media", str(project), str(film), *start, *of, *about)
        _demand("import", "annotations", str(project), str(file), "--format", "holoassist", "--session", session)
        film.unlink()
        steps.unlink()
    return project


def _steps(file: Path) -> list[str]:
    """The coarse actions of a session, each once, in the order in which they are done."""
    events = json.loads(file.read_text(encoding="utf-8"))["events"]
    coarse = (each["attributes"] for each in events if each["label"] == "Coarse grained action")
    return list(dict.fromkeys(f"{each['Verb']} {each['Noun']}" for each in coarse))


def _demand(*words: str) -> None:
    if woz(list(words)):
        sys.exit(f"woz {' '.join(words)} failed")


if __name__ == "__main__":
    sys.stdout.write(f"{make(Path(sys.argv[1]), Path(sys.argv[2]))}\n")
