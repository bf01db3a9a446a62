"""Builds a small release with clips, for tools to load: `python -m tests.rig.small_release FOLDER`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from tests.core.release_room import WRONG, build, bundle, film
from woz.dataset.release.recipe import Recipe
from woz.formats.bundle import SessionBundle
from woz.model.question import Distractor, English

ITALIAN = ("Quale?", "Quello rosso.", ("Quello blu.", "Nessuno di loro.", "Quello lungo."))
ENGLISH = ("Which one?", "The red one.", WRONG)


def _session(n: int) -> SessionBundle:
    """Every second one is in Italian, with an English text of its first question set that a person has checked."""
    made = bundle(f"s{n:02d}", f"P{n:02d}")
    if n % 2 == 0:
        return made
    asked, answer, wrong = ITALIAN
    english = tuple(Distractor(text, english=other) for text, other in zip(wrong, ENGLISH[2], strict=True))
    first, second = (
        replace(each, text=asked, answer=answer, language="it", distractors=english) for each in made.questions
    )
    return replace(made, questions=(replace(first, english=English(ENGLISH[0], ENGLISH[1], True)), second))


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    sessions = [_session(n) for n in range(10)]
    build(folder / "lamps-1.0.0", Recipe("lamps", licence="cc-by-4.0"), sessions, film(folder))


if __name__ == "__main__":
    main()
