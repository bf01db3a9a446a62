"""Takes the picture of the window of faces, on a made film with a portrait that is in the public domain.

`python docs/faces_pictures.py FOLDER [light|dark]`, from the repository's root, on a display (Xvfb does). The model
and the portrait are fetched once. Those of the docs are made by `python docs/faces_pictures.py docs/images light`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from PySide6.QtTest import QTest

from tests.benchmarks.made_faces import make_film, people
from tests.real_models import cache_folder, real_model
from ui.application.application import application
from ui.faces.desk import FaceDesk, Film
from ui.faces.window import FacesWindow
from woz.base.clock import SystemClock
from woz.deidentifying.detecting import Looking
from woz.deidentifying.detectors.centerface import NAME
from woz.deidentifying.detectors.known import detector
from woz.deidentifying.faces import Decision
from woz.lab.blurring import SessionFilm, decide, detect

NOWHERE = Path("none")
SECONDS, SEED = 12, 7
BLURRED = 3


def reviewed(folder: Path) -> SessionFilm:
    """A film whose faces were looked for, the surest decided on."""
    film = make_film(folder / "ego.mkv", SECONDS, SEED, people(NOWHERE, cache_folder()), NOWHERE).film
    shown = SessionFilm(film, folder / "none.csv")
    faces = detect(shown, lambda: detector(NAME, real_model(NAME).parent), Looking())
    surest = sorted(faces.tracks, key=lambda each: -each.score)
    decide(shown, [each.id for each in surest[:BLURRED]], Decision.BLUR, "A01")
    return shown


def whole(window: FacesWindow) -> bool:
    """Whether the film's picture and one of each track are there."""
    icons = [window.strip.item(row).icon() for row in range(window.strip.count())]
    return window.view.image is not None and bool(icons) and not any(icon.isNull() for icon in icons)


def main() -> None:
    folder, theme = Path(sys.argv[1]).absolute(), sys.argv[2] if len(sys.argv) > 2 else "light"
    folder.mkdir(parents=True, exist_ok=True)
    application(theme)
    with tempfile.TemporaryDirectory() as room:
        film = Film("20260301-101500-kitchen  ego.mkv", reviewed(Path(room)))
        window = FacesWindow(FaceDesk([film], "A01", SystemClock()))
        window.begin()
        window.show()
        while not whole(window):
            QTest.qWait(200)
        window.grab().save(str(folder / f"faces{'-dark' if theme == 'dark' else ''}.png"))
        window.close()


if __name__ == "__main__":
    main()
