"""All kinds of item that there are."""

from __future__ import annotations

from woz.model.annotation import Annotation
from woz.model.item import ItemKind, declared
from woz.model.link import Link
from woz.model.question import Question
from woz.model.tier import Tier
from woz.model.transcript import Term, Turn

Item = Tier | Annotation | Link | Turn | Term | Question

KINDS: dict[str, ItemKind] = {kind.name: kind for kind in declared()}
