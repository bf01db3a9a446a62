"""All kinds of item that there are."""

from __future__ import annotations

from typing import get_args

from woz.model.annotation import Annotation
from woz.model.item import ItemKind, kind_declared
from woz.model.link import Link
from woz.model.question import Question
from woz.model.tier import Tier
from woz.model.transcript import Term, Turn

Item = Tier | Annotation | Link | Turn | Term | Question

KINDS: dict[str, ItemKind] = {kind.name: kind for kind in map(kind_declared, get_args(Item))}
"""By name; what belongs to an item of another kind comes after that kind."""
