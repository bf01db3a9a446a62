"""`woz agree`."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import as_seen_by, chosen_session
from woz.base.clock import SystemClock

if TYPE_CHECKING:
    from woz.annotation.measures.agreement import Doubled
    from woz.annotation.measures.differences import Difference
    from woz.annotation.measures.segment import Segment
    from woz.lab.agreeing import Agreement, Pair


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--tier-type", required=True, metavar="KEY", help="the type of tiers that are compared")
    parser.add_argument("--session", help="one session; all that two annotated where it is left out")
    parser.add_argument("--annotators", nargs="+", default=[], metavar="NAME", help="two or more, by pseudonym")
    parser.add_argument(
        "--tolerance", type=float, default=0.5, metavar="SECONDS", help="boundaries further apart are listed (0.5)"
    )
    parser.add_argument("--as", dest="viewer", default="", metavar="PSEUDONYM", help="what this annotator may see")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.agreeing import agreement

    with Project.open(arguments.project, SystemClock()) as project:
        session = chosen_session(project, arguments.session) if arguments.session else None
        found = agreement(as_seen_by(project, arguments.viewer), arguments.tier_type, session, arguments.annotators)
    tolerance_ns = round(arguments.tolerance * 1e9)
    if arguments.json:
        pairs = [_facts(found, pair, tolerance_ns) for pair in found.pairs]
        print(json.dumps({"tier_type": found.tier_type, "pairs": pairs}, ensure_ascii=False))
    else:
        print("\n\n".join(_words(found, pair, tolerance_ns) for pair in found.pairs))
    return 0


def _sentences(found: Agreement, pair: Pair) -> list[str]:
    from woz.annotation.measures.agreement_words import extra_sentence, label_sentences, offset_sentences

    def name(label: str) -> str:
        return found.names.get(label, label)

    said = label_sentences(pair.sessions, pair.one, pair.other, name)
    said.append(extra_sentence(pair.sessions, pair.one, pair.other, name))
    return [each for each in (*said, *offset_sentences(pair.sessions, pair.one, pair.other)) if each]


def _listed(pair: Pair, tolerance_ns: int) -> list[tuple[Doubled, Difference]]:
    return [(session, each) for session in pair.sessions for each in session.differences(tolerance_ns)]


def _words(found: Agreement, pair: Pair, tolerance_ns: int) -> str:
    from woz.annotation.measures.agreement import measures

    count = len(pair.sessions)
    lines = [f"{pair.one} and {pair.other}, {count} session{'' if count == 1 else 's'}"]
    lines += [f"  {sentence}" for sentence in _sentences(found, pair)]
    for name, figure in measures(pair.sessions).items():
        value = "not defined" if figure.value is None else f"{figure.value:.3f}"
        bounds = "" if figure.low is None else f"  ({figure.low:.3f} to {figure.high:.3f})"
        lines.append(f"  {name:20} {value}{bounds}")
    listed = _listed(pair, tolerance_ns)
    kinds = Counter(each.kind for _, each in listed)
    told = ", ".join(f"{n} {kind}" for kind, n in kinds.items())
    return "\n".join([*lines, f"  Differences: {told or 'none'} (--json lists them)."])


def _facts(found: Agreement, pair: Pair, tolerance_ns: int) -> dict[str, object]:
    from woz.annotation.measures.agreement import measures, offsets

    labels = sorted({s.label for session in pair.sessions for side in session.segments for s in side})
    by_label = {label: [session.of_label(label) for session in pair.sessions] for label in labels}
    return {
        "annotators": [pair.one, pair.other],
        "sessions": [session.session for session in pair.sessions],
        "words": _sentences(found, pair),
        "measures": {name: asdict(each) for name, each in measures(pair.sessions).items()},
        "labels": {
            found.names.get(label, label): {name: asdict(each) for name, each in measures(some).items()}
            for label, some in by_label.items()
        },
        "starts": asdict(offsets(pair.sessions, "start_ns")),
        "ends": asdict(offsets(pair.sessions, "end_ns")),
        "differences": [_difference(session.session, each) for session, each in _listed(pair, tolerance_ns)],
    }


def _difference(session: str, each: Difference) -> dict[str, object]:
    return {
        "session": session,
        "kind": each.kind,
        "what": each.what,
        "one": _segment(each.one),
        "other": _segment(each.other),
    }


def _segment(segment: Segment | None) -> dict[str, object] | None:
    return asdict(segment) if segment else None
