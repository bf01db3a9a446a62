"""A server that speaks OpenAI's chat completions: vLLM, llama.cpp, Ollama, a service.

Servers keep a JSON schema or pass over it with status 200, so each answer is checked here, asked for once more with
what was wrong, and then given up.
"""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from woz.base.errors import WozError
from woz.base.outside import Unsound, read
from woz.dataset.models.completion import Completion
from woz.dataset.models.replies import after_thoughts

T = TypeVar("T")
Message = dict[str, Any]
"""As the protocol has it: a role, and a text or parts of text and pictures."""
MOST_BYTES = 1024**2
MOST_WORDS = 2000
MOST_SILENT = 3
"""After so many requests in a row without a reply, the server is taken to be away."""
MOST_TOLD = 200
LONGEST_S = 86_400
REFUSES_ALL = (401, 403, 404)
"""What says nothing of one request, but of all."""
LOCAL = ("localhost", "127.0.0.1", "::1")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]")
_FENCE = re.compile(r"^```\w*\s*|\s*```$")


@dataclass(frozen=True, slots=True)
class Wanted(Generic[T]):
    """`kind` is what an answer is read as; `schema` says the same to the server, flat, as every server takes it."""

    name: str
    kind: type[T]
    schema: dict[str, Any]

    @property
    def form(self) -> dict[str, Any]:
        """What a request for it has beside its messages."""
        schema = {"name": self.name, "strict": True, "schema": self.schema}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one request. `text` is None where no answer came, and `trouble` says why; `raw` is all of it.

    `refused`: the server won't, however often it is asked.
    """

    text: str | None
    trouble: str = ""
    raw: str = ""
    tokens: int = 0
    took_s: float = 0.0
    refused: bool = False


@dataclass(frozen=True, slots=True)
class _Refused:
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Refusal:
    error: _Refused | str = ""


class Refused(WozError):  # noqa: N818
    """The server answers that it won't, with its status and its own words."""

    def __init__(self, host: str, error: urllib.error.HTTPError) -> None:
        super().__init__(
            f"The model's server at {host} refuses ({error.code} {error.reason}); see to the model's name"
            " and the key."
        )
        self.status = error.code
        try:
            self.words = _told(error.read(MOST_WORDS))
        except (OSError, http.client.HTTPException):
            self.words = ""

    @property
    def told(self) -> str:
        return f"status {self.status}: {self.words[:MOST_TOLD]}" if self.words else f"status {self.status}"


class Endpoint:
    """`url` as servers name it, up to `/v1`; the key is kept nowhere. Raises WozError for what is no address, and
    for no time to answer in.
    """

    def __init__(self, url: str, model: str, key: str = "", timeout_s: float = 60.0) -> None:
        if not 0 < timeout_s <= LONGEST_S:
            raise WozError("An answer may take more than 0 s and at most a day; give --timeout 60, say.")
        self.host = _host(url)
        self.model = model
        self._url = url.rstrip("/") + "/chat/completions"
        self._key = key.strip()
        self._timeout_s = timeout_s
        self.troubles: Counter[str] = Counter()
        """Why requests of `ask` got no answer, and how many."""
        self._silent = 0
        self._lock = threading.Lock()

    @property
    def local(self) -> bool:
        """Whether nothing leaves this computer."""
        return self.host in LOCAL

    def ask_for(self, messages: Sequence[Message], wanted: Wanted[T]) -> T | None:
        """An answer of the wanted kind, asked for twice at most; None where there is none.

        Raises WozError where the server isn't there, refuses, or has long been silent.
        """
        said = list(messages)
        for _ in range(2):
            text = self.ask(said, 512, wanted.form)
            if text is None:
                continue
            try:
                return read(bare(text), wanted.kind)
            except Unsound as error:
                said = [*messages, {"role": "assistant", "content": text[:2000]}]
                said.append({"role": "user", "content": f"That is not as wanted: {error}. Answer in JSON alone."})
        return None

    def ask(self, messages: Sequence[Message], most_tokens: int, more: dict[str, Any] | None = None) -> str | None:
        """What the model says; None where it says nothing in time, or not as the protocol has it.

        Raises WozError as `ask_for` does.
        """
        answered = self.answer({**self.body(messages, most_tokens), **(more or {})})
        self._count(answered)
        return answered.text or None

    def body(self, messages: Sequence[Message], most_tokens: int) -> dict[str, Any]:
        """A request, as it is sent."""
        return {
            "model": self.model,
            "messages": list(messages),
            "temperature": 0,
            "seed": 0,
            "max_tokens": most_tokens,
        }

    def answer(self, body: Mapping[str, Any]) -> Answered:
        """What comes of a request; may be called by several threads.

        Raises WozError where the server isn't there, or refuses all.
        """
        begun, raw = time.monotonic(), b""
        try:
            raw = self._post(json.dumps(body).encode())
            completion = _completion(raw)
            if not completion.choices:
                raise ValueError(_instead_of_an_answer(raw) or "its answer has no choice in it")
        except Refused as error:
            if error.status in REFUSES_ALL:
                raise
            return Answered(None, error.told, took_s=time.monotonic() - begun, refused=True)
        except (ValueError, TimeoutError) as error:
            return Answered(None, _why(error), raw.decode(errors="replace"), took_s=time.monotonic() - begun)
        said = completion.choices[0].message.content or ""
        tokens = completion.usage.all if completion.usage else 0
        return Answered(said, "", raw.decode(errors="replace"), tokens, time.monotonic() - begun)

    def _count(self, answered: Answered) -> None:
        """Raises WozError where nothing has come several times in a row."""
        with self._lock:
            self._silent = 0 if answered.text is not None else self._silent + 1
            self.troubles.update([answered.trouble] if answered.text is None else [])
            silent = self._silent
        if silent >= MOST_SILENT:
            raise WozError(
                f"The model's server at {self.host} has not answered {silent} times in a row"
                f" ({answered.trouble}); what it answered before is kept."
            )

    def _post(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {self._key}"} if self._key else {}
        request = urllib.request.Request(self._url, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=self._timeout_s) as answer:
                raw: bytes = answer.read(MOST_BYTES + 1)
        except urllib.error.HTTPError as error:
            refused = Refused(self.host, error)
            if error.code in (408, 429) or error.code >= 500:
                raise TimeoutError(refused.told) from error
            raise refused from error
        except TimeoutError:
            raise
        except http.client.HTTPException as error:
            raise ValueError("it broke off in the middle of its answer") from error
        except OSError as error:
            raise self._away(error) from error
        if len(raw) > MOST_BYTES:
            raise ValueError("its answer is too long")
        return raw

    def _away(self, error: OSError) -> Exception:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            return TimeoutError()
        return WozError(
            f"The model's server at {self.host} can't be reached ({reason}); start it, or name another with"
            " --endpoint."
        )


def _host(url: str) -> str:
    """Raises WozError for what is no address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.scheme in ("http", "https") and parts.port != 0 else None
    except ValueError:
        host = None
    if not host or _BLANK.search(url):
        raise WozError(f"“{url}” is no address of a model's server; http://127.0.0.1:8080/v1 is one, say.")
    return host


def _completion(raw: bytes) -> Completion:
    """Raises ValueError for what is no completion: half of one, a page, another form, an error with status 200."""
    try:
        return read(raw, Completion)
    except Unsound as error:
        told = _instead_of_an_answer(raw) or f"what it answers is no chat completion: {error}"
        raise ValueError(told) from None


def _instead_of_an_answer(raw: bytes) -> str:
    """Of an error with status 200, what it says; empty where it is none."""
    words = _error_of(raw)
    return f"it answers with an error: {words[:MOST_TOLD]}" if words else ""


def _told(said: bytes) -> str:
    """A refusal's own words, out of the form that most servers give them."""
    words = _error_of(said)
    return " ".join(said.decode(errors="replace").split()) if words is None else words


def _error_of(said: bytes) -> str | None:
    """None for what has not the form that most servers give an error."""
    try:
        error = read(said, _Refusal).error
    except Unsound:
        return None
    return " ".join((error if isinstance(error, str) else error.message).split())


def bare(text: str) -> str:
    """Without thoughts, and without the fence of a block of code; nothing where a thought has no end."""
    return _FENCE.sub("", (after_thoughts(text) or "").strip()).strip()


def _why(error: Exception) -> str:
    return str(error) or "it took too long"
