"""Speakers by the name that a file has for them."""

from __future__ import annotations

import re

from woz.model.people import Role

_ROLES = "|".join(Role)
_ROLE_AND_VOICE = re.compile(rf"({_ROLES}):(.*)", re.DOTALL)
_BLANK = re.compile(r"\s|%(?=[0-9A-F]{2})")
_ESCAPED = re.compile(r"(?:%[0-9A-F]{2})+")


def name_of(speaker: Role, voice: str) -> str:
    """A role's own voice by the role, anybody else's by its name, "expert:Anna" where a role has several."""
    if not voice:
        return str(speaker)
    return voice if speaker is Role.OTHER and speaker_of(voice) == (speaker, voice) else f"{speaker}:{voice}"


def speaker_of(name: str) -> tuple[Role, str]:
    """What `name_of` named; a name that is no role's is somebody else's voice."""
    found = _ROLE_AND_VOICE.fullmatch(name)
    if found:
        return Role(found[1]), found[2]
    known = {str(role): role for role in Role}
    role = known.get(name.strip().lower())
    return (role, "") if role else (Role.OTHER, name.strip())


def without_blanks(text: str) -> str:
    """For formats whose fields end at a blank: blanks as in URLs, all else as it stands."""
    return _BLANK.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), text)


def with_blanks(field: str) -> str:
    """What `without_blanks` was given; a field that it didn't make stays as it is."""
    text = _ESCAPED.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"), field)
    return text if without_blanks(text) == field else field
