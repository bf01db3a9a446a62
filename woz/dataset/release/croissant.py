"""A release as Croissant 1.0 JSON-LD, with fields of its responsible-AI vocabulary.

Source: https://docs.mlcommons.org/croissant/docs/croissant-spec.html.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from woz.dataset.release.card import title_of
from woz.dataset.release.fields import NUMBER, TEXT, WHOLE, YES_NO, fields_with
from woz.dataset.release.hiding import Hiding
from woz.dataset.release.recipe import Recipe
from woz.dataset.release.responsible import responsible
from woz.dataset.release.selection import LeftOut
from woz.dataset.release.summary import Summary
from woz.dataset.review.agreement import Judging

NAME = "croissant.json"
_TYPES = {TEXT: "sc:Text", WHOLE: "sc:Integer", NUMBER: "sc:Float", YES_NO: "sc:Boolean"}
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(
    recipe: Recipe,
    summary: Summary,
    left_out: LeftOut,
    hiding: Hiding,
    judging: Judging,
    files: Mapping[str, Mapping[str, object]],
) -> str:
    """`files` are those of the release, by name, with `sha256` and `bytes`."""
    data = {split: f"data/{split}.jsonl" for split in recipe.shares if summary.questions[split]}
    facts: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": recipe.name,
        "description": f"{title_of(recipe)}: question sets about guided tasks seen through smart glasses.",
        "conformsTo": ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
        "license": recipe.licence,
        "creator": _creators(recipe),
        "version": recipe.version,
        "citeAs": f"{''.join(f'{each}, ' for each in recipe.authors)}{title_of(recipe)}, version {recipe.version}",
        "distribution": [_file(name, files[name]) for name in data.values()],
        "recordSet": [_records(split, name, summary.more.get(split, set())) for split, name in data.items()],
        **responsible(recipe, summary, left_out, hiding, judging),
    }
    return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"


def _file(name: str, facts: Mapping[str, object]) -> dict[str, object]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{facts['bytes']} B",
        "encodingFormat": "application/jsonlines",
        "sha256": facts["sha256"],
    }


def _records(split: str, file: str, more: Collection[str]) -> dict[str, object]:
    """What no line of the file has isn't declared: a reader looks for its column."""
    return {
        "@type": "cr:RecordSet",
        "@id": split,
        "name": split,
        "key": {"@id": f"{split}/id"},
        "field": [_field(split, file, name, *told) for name, told in fields_with(more).items()],
    }


def _field(split: str, file: str, name: str, kind: str, several: bool, about: str) -> dict[str, object]:
    found: dict[str, object] = {
        "@type": "cr:Field",
        "@id": f"{split}/{name}",
        "name": name,
        "description": about,
        "dataType": _TYPES[kind],
        "source": {"fileObject": {"@id": file}, "extract": {"column": name}},
    }
    return found | ({"repeated": True} if several else {})


def _creators(recipe: Recipe) -> list[dict[str, str]]:
    """As CITATION.cff names them; an author may be a group as well as a person, which nobody said."""
    named = [{"@type": "sc:Person", "name": each} for each in recipe.authors]
    return named or [{"@type": "sc:Organization", "name": f"The authors of {title_of(recipe)}"}]
