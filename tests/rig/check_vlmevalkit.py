"""Run in VLMEvalKit's environment: a release's four tables, asked of the stub and scored by exact matching.

`python check_vlmevalkit.py NAME URL WANTED.JSON`, with LMUData set and what `harness_rows` printed. Exits with 1
where a table has other rows, or another score than replies of A have: in the circular one no question is right in
all its orders.
"""

from __future__ import annotations

import base64
import json
import sys
import urllib.request
from pathlib import Path
from typing import Any

ROTATION = 1_000_000
"""A row's index in the circular table is the question's and so many times the rotation's number."""


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

    name, url, file = sys.argv[1:]
    wanted = json.loads(Path(file).read_text(encoding="utf-8"))["vlmevalkit"]
    right, wrong = wanted["right"] / wanted["rows"], []
    for part, accuracy in {"": right, "_text": right, "_options": right, "_circular": 0.0}.items():
        data = build_dataset(name + part)
        table = data.data.copy()
        table["prediction"] = [ask(url, data.build_prompt(i)) for i in range(len(data))]
        answered = Path(f"stub_{name}{part}.xlsx")
        table.to_excel(answered, index=False)
        scores = data.evaluate(str(answered), model="exact_matching")
        print(type(data).__name__, len(data), scores, sep="\n")
        rows = len({int(index) % ROTATION for index in table["index"]})
        found = float(scores["Overall"].iloc[0])
        if rows != wanted["rows"] or abs(found - accuracy) > 1e-9:
            wrong.append(f"{name}{part}: {rows} rows, {found}; not {wanted['rows']}, {accuracy}")
    sys.exit("\n".join(wrong) or None)


if __name__ == "__main__":
    main()
