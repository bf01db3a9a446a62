"""A server with OpenAI's chat completions that always takes A, and writes down what it was shown."""

from __future__ import annotations

import argparse
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Shown(BaseHTTPRequestHandler):
    """Answers `/TOOL/v1/models` and `/TOOL/v1/chat/completions`; a line of `log` for each request says who asked.

    Where a prompt asks for it, the letter has `ANSWER:` before it.
    """

    log = Path("stub_model.jsonl")

    def do_GET(self) -> None:
        self._answer({"object": "list", "data": [{"id": "stub", "object": "model"}]})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        shown = {"asked_by": self.path.split("/")[1], **shown_in(asked)}
        with self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(shown) + "\n")
        wanted = "ANSWER: A" if "ANSWER:" in shown["text"] else "A"
        message = {"role": "assistant", "content": wanted}
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        self._answer({"id": "1", "object": "chat.completion", "created": 0, "model": "stub", "choices": [choice],
                      "usage": usage})  # fmt: skip

    def _answer(self, data: dict[str, Any]) -> None:
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error."""


def shown_in(asked: dict[str, Any]) -> dict[str, Any]:
    """How many pictures a request holds, and its text."""
    parts = [part for message in asked["messages"] for part in _parts(message["content"])]
    kinds = [part["type"] for part in parts]
    text = "\n".join(part["text"] for part in parts if part["type"] == "text")
    return {"pictures": kinds.count("image_url"), "other": sorted(set(kinds) - {"image_url", "text"}), "text": text}


def _parts(content: Any) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("log", type=Path)
    arguments = parser.parse_args()
    Shown.log = arguments.log
    ThreadingHTTPServer(("127.0.0.1", arguments.port), Shown).serve_forever()


if __name__ == "__main__":
    main()
