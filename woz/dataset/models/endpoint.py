"""A server that speaks OpenAI's chat completions: vLLM, llama.cpp, Ollama, a service.

Servers keep a JSON schema or pass over it with status 200, so each answer is checked here, asked for once more with
what was wrong, and then given up.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from woz.base.errors import WozError
from woz.base.outside import Unsound, read

T = TypeVar("T")
Message = dict[str, str]
MOST_BYTES = 1024**2
MOST_WORDS = 2000
MOST_SILENT = 3
"""After so many requests in a row without a reply, the server is taken to be away."""
LOCAL = ("localhost", "127.0.0.1", "::1")
_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)
_FENCE = re.compile(r"^```\w*\s*|\s*```$")


@dataclass(frozen=True, slots=True)
class Wanted(Generic[T]):
    """`kind` is what an answer is read as; `schema` says the same to the server, flat, as every server takes it."""

    name: str
    kind: type[T]
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Said:
    content: str | None = None


@dataclass(frozen=True, slots=True)
class _Choice:
    message: _Said


@dataclass(frozen=True, slots=True)
class _Completion:
    choices: list[_Choice]


class Refused(WozError):  # noqa: N818
    """The server answers that it won't, with its status and its own words."""

    def __init__(self, host: str, error: urllib.error.HTTPError) -> None:
        super().__init__(
            f"The model's server at {host} refuses ({error.code} {error.reason}); see to the model's name"
            " and the key."
        )
        self.status = error.code
        self.words = " ".join(error.read(MOST_WORDS).decode(errors="replace").split())


class Endpoint:
    """`url` as servers name it, up to `/v1`; the key is kept nowhere. Raises WozError for what is no address."""

    def __init__(self, url: str, model: str, key: str = "", timeout_s: float = 60.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise WozError(f"“{url}” is no address of a model's server; http://127.0.0.1:8080/v1 is one, say.")
        self.host = parts.hostname
        self.model = model
        self._url = url.rstrip("/") + "/chat/completions"
        self._key = key
        self._timeout_s = timeout_s
        self._silent = 0

    @property
    def local(self) -> bool:
        """Whether nothing leaves this computer."""
        return self.host in LOCAL

    def ask_for(self, messages: Sequence[Message], wanted: Wanted[T]) -> T | None:
        """An answer of the wanted kind, asked for twice at most; None where there is none.

        Raises WozError where the server isn't there, refuses, or has long been silent.
        """
        schema = {"name": wanted.name, "strict": True, "schema": wanted.schema}
        form = {"response_format": {"type": "json_schema", "json_schema": schema}}
        said = list(messages)
        for _ in range(2):
            text = self.ask(said, 512, form)
            if text is None:
                continue
            try:
                return read(_bare(text), wanted.kind)
            except Unsound as error:
                said = [*messages, {"role": "assistant", "content": text[:2000]}]
                said.append({"role": "user", "content": f"That is not as wanted: {error}. Answer in JSON alone."})
        return None

    def ask(self, messages: Sequence[Message], most_tokens: int, more: dict[str, Any] | None = None) -> str | None:
        """What the model says; None where it says nothing in time, or not as the protocol has it.

        Raises WozError as `ask_for` does.
        """
        body = {
            "model": self.model,
            "messages": list(messages),
            "temperature": 0,
            "seed": 0,
            "max_tokens": most_tokens,
        }
        try:
            raw = self._post(json.dumps({**body, **(more or {})}).encode())
            completion = read(raw, _Completion)
            self._silent = 0
            return completion.choices[0].message.content if completion.choices else None
        except (ValueError, TimeoutError) as error:
            self._silent += 1
            if self._silent >= MOST_SILENT:
                raise WozError(
                    f"The model's server at {self.host} has not answered {MOST_SILENT} times in a row"
                    f" ({_why(error)}); what it answered before is kept."
                ) from error
            return None

    def post(self, body: Mapping[str, object]) -> bytes:
        """One request as it is, and the reply as it came.

        Raises TimeoutError where none comes in time or the server is too busy, ValueError for one too long,
        Refused, and WozError where the server isn't there.
        """
        return self._post(json.dumps(body).encode())

    def _post(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {self._key}"} if self._key else {}
        request = urllib.request.Request(self._url, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=self._timeout_s) as answer:
                raw: bytes = answer.read(MOST_BYTES + 1)
        except urllib.error.HTTPError as error:
            if error.code in (408, 429) or error.code >= 500:
                raise TimeoutError(f"status {error.code}") from error
            raise Refused(self.host, error) from error
        except TimeoutError:
            raise
        except OSError as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                raise TimeoutError from error
            raise WozError(
                f"The model's server at {self.host} can't be reached ({reason}); start it, or name another with"
                " --endpoint."
            ) from error
        if len(raw) > MOST_BYTES:
            raise ValueError("its answer is too long")
        return raw


def _bare(text: str) -> str:
    """Without thoughts, and without the fence of a block of code."""
    return _FENCE.sub("", _THOUGHTS.sub("", text).strip()).strip()


def _why(error: Exception) -> str:
    return str(error) or "it took too long"
