"""Run in VLMEvalKit's environment: a release's four tables, asked of the stub and scored by exact matching.

`python check_vlmevalkit.py NAME URL`, with LMUData set.
"""

from __future__ import annotations

import base64
import json
import sys
import urllib.request
from pathlib import Path
from typing import Any


def ask(url: str, prompt: list[dict[str, str]]) -> str:
    content = [_part(each) for each in prompt]
    body = json.dumps({"model": "stub", "messages": [{"role": "user", "content": content}]}).encode()
    request = urllib.request.Request(f"{url}/chat/completions", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return str(json.load(answer)["choices"][0]["message"]["content"])


def _part(part: dict[str, str]) -> dict[str, Any]:
    if part["type"] == "text":
        return {"type": "text", "text": part["value"]}
    data = base64.b64encode(Path(part["value"]).read_bytes()).decode()
    return {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{data}"}}


def main() -> None:
    from vlmeval.dataset import build_dataset

    name, url = sys.argv[1:]
    for part in ("", "_text", "_options", "_circular"):
        data = build_dataset(name + part)
        table = data.data.copy()
        table["prediction"] = [ask(url, data.build_prompt(i)) for i in range(len(data))]
        file = Path(f"stub_{name}{part}.xlsx")
        table.to_excel(file, index=False)
        print(type(data).__name__, len(data), data.evaluate(str(file), model="exact_matching"), sep="\n")


if __name__ == "__main__":
    main()
