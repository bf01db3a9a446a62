"""What is annotated where only a store has a session's film: a small copy with all frame times and the sound.

`derived/ego.small.mkv` can be made anew. Nothing but the editor takes it in the film's place: releases are made of
the film.
"""

from __future__ import annotations

from pathlib import Path

import av

from woz.base.errors import WozError
from woz.playback.small_film import write_small_film
from woz.recording.folder.session_folder import derived_of
from woz.sound.reading import readable


def small_path(film: Path) -> Path:
    return derived_of(film) / f"{film.stem}.small.mkv"


def film_at_hand(film: Path) -> Path:
    """The film, or its small copy where that alone is here; the film where neither is."""
    return small_path(film) if not film.exists() and small_path(film).is_file() else film


def make_small(film: Path, folder: Path | None = None) -> Path:
    """In `folder`, among what is derived of the session where it is left out.

    Raises WozError for a film that can't be read, and where the disk takes no more; nothing is left then.
    """
    target = (folder or small_path(film).parent) / small_path(film).name
    try:
        with av.open(str(film)) as container:
            tracks = range(len(readable(container)))
    except (OSError, av.FFmpegError) as error:
        raise WozError(f"The video {film} can't be read ({error.strerror}); see to it with woz check.") from error
    write_small_film(film, film, tracks, target)
    return target
