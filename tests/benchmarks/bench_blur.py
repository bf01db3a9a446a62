"""How well faces are found, followed and covered before anybody reviews them, and how quickly: on made films.

python -m tests.benchmarks.bench_blur [--seconds 240] [--every 1] [--size 640] [--json]

All frames count of a film with real faces pasted into a kitchen (`made_faces.py`); a face is covered where one
blurred box holds all of its box. Beside it the real view of Aria glasses with two faces, where that is there.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.made_faces import ARIA, WIDTH, known_on_aria, make_film, people
from tests.real_models import cache_folder, real_model
from woz.base.errors import WozError
from woz.deidentifying.burning import burn
from woz.deidentifying.detecting import LEAST, Looking, find_faces
from woz.deidentifying.detectors.centerface import LARGEST, NAME
from woz.deidentifying.detectors.known import detectors
from woz.deidentifying.faces import Faces
from woz.deidentifying.proving import Known, measured
from woz.recording.folder.frame_index import FrameIndex, frame_index

CLASSES = ((0, 32), (32, 64), (64, 1000))
"""Heights of faces in pixels, from and below."""
NO_TABLE = Path("none.csv")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=240, help="of the made film (240)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=float, default=LEAST)
    parser.add_argument("--every", type=int, default=1, help="as woz blur detect has it")
    parser.add_argument("--size", type=int, default=LARGEST, help="as woz blur detect has it")
    parser.add_argument("--detector", action="append", help="as woz blur detect has it (centerface)")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("WOZ_TEST_DATA", "../shared/data")))
    parser.add_argument("--keep", type=Path, help="a new folder for the films and what was found in them")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    arguments = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="woz-bench-blur-") as room:
            found = _all(arguments.keep or Path(room), arguments)
    except WozError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(found) + "\n" if arguments.json else _words(found))
    return 0


def _all(room: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    room.mkdir(parents=True, exist_ok=True)
    cast = people(arguments.data, cache_folder())
    film = make_film(room / "made.mkv", arguments.seconds, arguments.seed, cast, arguments.data)
    found = {"load": os.getloadavg()[0], "people": len(cast), "made": _measured(film.film, film.known, arguments)}
    real = arguments.data / ARIA
    if real.is_file():
        frames = len(frame_index(real, NO_TABLE).times)
        found["aria"] = _measured(real, known_on_aria(frames), arguments, copied=False)
    return found


def _measured(
    film: Path, known: Sequence[Known], arguments: argparse.Namespace, copied: bool = True
) -> dict[str, Any]:
    index = frame_index(film, NO_TABLE)
    names = arguments.detector or [NAME]
    using = detectors(names, real_model(NAME).parent, arguments.size)
    began = time.monotonic(), time.process_time()
    faces = find_faces(film, index, using, Looking(arguments.least, arguments.every))
    took = time.monotonic() - began[0], time.process_time() - began[1]
    frames = len(index.times)
    return {
        "frames": frames,
        "size": [faces.width, faces.height],
        "detector": using.facts.version,
        "looked_at_a_second": round(frames / took[0], 1),
        "processor_ms_a_frame": round(1000 * took[1] / frames, 1),
        **({"burned_a_second": round(_burned_a_second(film, index, faces), 1)} if copied else {}),
        "tracks_found": len(faces.tracks),
        **measured(faces, index.times, known).figures(),
        "by_height": {
            f"{low}-{high}": measured(faces, index.times, chosen).figures()
            for low, high in CLASSES
            if (chosen := [each for each in known if low <= _height(each, faces) < high])
        },
    }


def _height(known: Known, faces: Faces) -> float:
    """As it were in a film of the made one's width."""
    return median(box[3] for box in known.boxes) * WIDTH / faces.width


def _burned_a_second(film: Path, index: FrameIndex, faces: Faces) -> float:
    began = time.monotonic()
    burn(film, index, faces)
    return len(index.times) / (time.monotonic() - began)


def _words(found: dict[str, Any]) -> str:
    lines = [f"load {found['load']:.1f}; faces of {found['people']} people"]
    for name in ("made", "aria"):
        if name not in found:
            continue
        each = found[name]
        lines.append(
            f"{name}: {each['frames']} frames of {each['size'][0]} x {each['size'][1]}, {each['tracks_found']}"
            f" tracks found; {each['looked_at_a_second']} frames a second looked at"
            f" ({each['processor_ms_a_frame']} ms of processor a frame)"
            + (f", {each['burned_a_second']} blurred" if "burned_a_second" in each else "")
        )
        lines += [_row("all", each), *(_row(f"{size} px", of) for size, of in each["by_height"].items())]
    return "\n".join(lines) + "\n"


def _row(name: str, of: dict[str, Any]) -> str:
    seen, tracks = of["face_seconds"], of["tracks"]
    return (
        f"  {name:10} face-seconds covered {seen - of['missed_face_seconds']} of {seen}"
        f" ({of['recall_face_second']:.3f}, at least {of['recall_face_second_at_least']:.3f});"
        f" tracks {tracks - of['leaking_tracks']} of {tracks}"
        f" ({of['tracks_covered']:.3f}, at least {of['tracks_covered_at_least']:.3f});"
        f" leaks an hour {of['leaks_an_hour']:.0f}, at most {of['leaks_an_hour_at_most']:.0f}"
    )


if __name__ == "__main__":
    sys.exit(main())
