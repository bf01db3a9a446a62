"""A request to a model: what it is for, how it is kept, and how it is sent."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from woz.dataset.models.endpoint import Endpoint, Message

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """`condition` and `id` say what it is for, to whoever reads the exchanges. `kept` is the body with each picture
    and sound by its hash; `sent` makes the whole one when its turn comes, and may raise WozError.
    """

    endpoint: Endpoint
    condition: str
    id: str
    kept: Body
    sent: Callable[[], Body]

    @classmethod
    def of(cls, endpoint: Endpoint, body: Body, condition: str, id: str) -> Request:
        """One whose body is at hand."""
        kept = {**body, "messages": [_without_pictures(each) for each in body["messages"]]}
        return cls(endpoint, condition, id, kept, lambda: body)

    @property
    def key(self) -> str:
        """What a reply follows from: another text, picture, model or setting has another key."""
        return hashlib.sha256(json.dumps(self.kept, sort_keys=True).encode()).hexdigest()

    @property
    def seen(self) -> bool:
        """Whether more than text is shown."""
        return any(not isinstance(each["content"], str) for each in self.kept["messages"])


def picture_part(jpeg: bytes) -> Body:
    """A picture as a part of a message."""
    return {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"}}


def _without_pictures(message: Message) -> Message:
    content = message["content"]
    if isinstance(content, str):
        return dict(message)
    return {**message, "content": [_named(part) for part in content]}


def _named(part: Mapping[str, Any]) -> Mapping[str, Any]:
    if part["type"] != "image_url":
        return part
    return {"type": "image_url", "sha256": hashlib.sha256(part["image_url"]["url"].encode()).hexdigest()}
