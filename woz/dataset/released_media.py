"""What a release must not tell of the lab's computer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from woz.formats.bundle import SessionBundle


def released_media(bundle: SessionBundle, folder: Path) -> SessionBundle:
    """The same with the media where they stand in the project, as though the project were the folder.

    The way from an export's folder to a project names this computer's folders, and so often an account.
    """
    return replace(bundle, media=folder.joinpath("sessions", bundle.session.id, bundle.media.name))
