"""`woz agree`."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import as_seen_by, chosen_session
from ui.cli.pseudonyms import add_pseudonym
from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.model.ids import SessionId

if TYPE_CHECKING:
    from collections.abc import Callable

    from woz.annotation.adjudication.link_agreement import LinkAgreement
    from woz.annotation.measures.attributes import AttributeAgreement
    from woz.annotation.measures.differences import Difference
    from woz.annotation.measures.drift import Week
    from woz.annotation.measures.segment import Segment
    from woz.lab.agreeing import Agreement, Pair
    from woz.lab.agreement_report import Figure


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument(
        "--tier-type",
        required=True,
        metavar="KEY",
        help="the type of tiers that are compared; SCHEME/KEY keeps to one scheme",
    )
    parser.add_argument("--session", help="one session; all that two annotated where it is left out")
    parser.add_argument(
        "--annotators",
        nargs="+",
        default=[],
        metavar="NAME",
        help="two or more, by pseudonym; gold for the gold, a machine by its name, one tier by its id (woz tiers)",
    )
    parser.add_argument("--month", default="", metavar="YYYY-MM", help="sessions of this month only")
    parser.add_argument(
        "--tolerance", type=float, default=0.5, metavar="SECONDS", help="boundaries further apart are listed (0.5)"
    )
    add_pseudonym(parser, "--as", "viewer", "what this annotator may see")
    parser.add_argument("--window", action="store_true", help="in a window, where each number opens its list")
    parser.add_argument("--shot", type=Path, help="save a picture of the window and close it")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")
    parser.add_argument(
        "--lists",
        action="store_true",
        help="with --json: of each measure the places that lower it, with their shares",
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.window or arguments.shot:
        return _window(arguments)
    from storage import Project
    from woz.lab.agreeing import agreement
    from woz.lab.agreement_report import together_figures, together_words
    from woz.lab.drift_agreed import limits_facts

    with Project.open(arguments.project, SystemClock()) as project:
        session = chosen_session(project, arguments.session) if arguments.session else None
        span = _month(arguments.month) if arguments.month else None
        seen = as_seen_by(project, arguments.viewer)
        found = agreement(seen, arguments.tier_type, session, arguments.annotators, span)
    tolerance_ns = round(arguments.tolerance * 1e9)
    together = together_figures(found.together) if found.together else []
    if arguments.json:
        told = {
            "tier_type": found.tier_type,
            "drift_agreed": limits_facts(found.drift_limits),
            "pairs": [_facts(found, pair, tolerance_ns, arguments.lists) for pair in found.pairs],
            "together": {each.name: _figure(each, arguments.lists) for each in together},
        }
        print(json.dumps(told, ensure_ascii=False))
    else:
        parts = [_words(found, pair, tolerance_ns) for pair in found.pairs]
        parts += ["\n".join(f"{together_words(each)}." for each in together)] if together else []
        print("\n\n".join(parts))
    return 0


def _window(arguments: argparse.Namespace) -> int:
    from ui.application.opening import opening

    with opening("Opening the agreement", arguments.theme, hidden=arguments.shot is not None):
        from ui.agreement.run import run_agreement

        session = SessionId(arguments.session) if arguments.session else None
        return run_agreement(
            arguments.project,
            arguments.tier_type,
            session,
            tuple(arguments.annotators),
            arguments.viewer,
            round(arguments.tolerance * NS_PER_S),
            arguments.theme,
            arguments.shot,
            _month(arguments.month) if arguments.month else None,
        )


def _month(text: str) -> tuple[int, int]:
    """From its first moment to the next month's, UTC in ns. Raises WozError for what is no month."""
    try:
        first = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC)
    except ValueError as error:
        raise WozError(f"A month is a year and a month, as 2026-03; “{text}” is not.") from error
    after = (first + timedelta(days=32)).replace(day=1)
    return round(first.timestamp()) * NS_PER_S, round(after.timestamp()) * NS_PER_S


def _words(found: Agreement, pair: Pair, tolerance_ns: int) -> str:
    from woz.annotation.measures.intervals import Estimate, estimate_text
    from woz.lab.agreement_report import report
    from woz.lab.sentences import sentence_text

    told = report(found, pair, tolerance_ns)
    count = len(pair.sessions)
    lines = [f"{pair.one} and {pair.other}, {counted(count, 'session')}"]
    if len(found.versions) > 1:
        lines.append(f"  Their tiers are in versions {', '.join(map(str, found.versions))} of the scheme.")
    lines += [f"  {sentence_text(sentence)}" for sentence in told.sentences]
    for figure in told.figures:
        lines.append(f"  {figure.name:20} {estimate_text(figure.estimate):28} {figure.unit}")
    for each in told.attributes:
        share, alpha = estimate_text(each.share), estimate_text(Estimate(each.alpha, each.low, each.high))
        lines.append(
            f"  {each.key}: the same in {each.same} of {each.pairs}, {share}; alpha ({each.level}) {alpha}"
        )
    lines += [
        f"  links {each.type}: the same in {each.same} of {each.pairs}, {estimate_text(each.share)}"
        for each in told.links
    ]
    lines += [f"  {week.week}, {pair.other}: {week.told}" for week in _weeks(found, pair) if week.told]
    kinds = Counter(str(each.kind) for session in pair.sessions for each in session.differences(tolerance_ns))
    kinds.update(str(card.kind) for each in told.links for card in each.cards)
    differing = ", ".join(f"{n} {kind}" for kind, n in kinds.items())
    return "\n".join([*lines, f"  Differences: {differing or 'none'} (--json lists them)."])


def _weeks(found: Agreement, pair: Pair) -> list[Week]:
    from woz.annotation.measures.drift import drift

    return drift(pair.sessions, found.drift_limits)


def _figure(figure: Figure, lists: bool) -> dict[str, object]:
    """With the places that it counts, where these are asked for."""
    from woz.lab.agreement_report import card_facts

    told = asdict(figure.estimate) | {"unit": figure.unit, "adds_up": figure.sum}
    return told | ({"list": [card_facts(card) for card in figure.cards()]} if lists else {})


def _facts(found: Agreement, pair: Pair, tolerance_ns: int, lists: bool) -> dict[str, object]:
    from woz.annotation.measures.agreement import measures, offsets
    from woz.lab.agreement_report import card_facts, report, tiers_compared, unsubmitted_sessions
    from woz.lab.drift_words import drift_told
    from woz.lab.sentences import sentence_text

    told = report(found, pair, tolerance_ns)
    by_label = {label: [session.of_label(label) for session in pair.sessions] for label in told.labels}
    listed = [(session, each) for session in pair.sessions for each in session.differences(tolerance_ns)]
    return {
        "annotators": [pair.one, pair.other],
        "sessions": [session.session for session in pair.sessions],
        "tiers": {who: tiers_compared(found, pair, who) for who in (pair.one, pair.other)},
        "scheme_versions": found.versions,
        "unsubmitted": {who: unsubmitted_sessions(found, pair, who) for who in (pair.one, pair.other)},
        "words": [sentence_text(sentence) for sentence in told.sentences],
        "measures": {figure.name: _figure(figure, lists) for figure in told.figures},
        "labels": {
            told.name(label): {name: asdict(each) for name, each in measures(some).items()}
            for label, some in by_label.items()
        },
        "starts": asdict(offsets(pair.sessions, "start_ns")),
        "ends": asdict(offsets(pair.sessions, "end_ns")),
        "confusion": _confusion(told.confusion, told.name),
        "attributes": [_apart(each) for each in told.attributes],
        "links": [_apart(each) for each in told.links],
        "drift": [
            {name: value for name, value in asdict(week).items() if name not in ("cards", "beyond")}
            | {"confusion": _confusion(week.confused, told.name)}
            for week in _weeks(found, pair)
        ],
        "drifting": [
            asdict(drift_told(each, pair.other, pair.one, found.tier_type, told.name, found.drift_limits))
            for each in told.drifts
        ],
        "differences": [
            *(_difference(session.session, each) for session, each in listed),
            *(card_facts(card) for each in told.links for card in each.cards),
        ],
    }


def _apart(found: AttributeAgreement | LinkAgreement) -> dict[str, object]:
    """Without the places where they agree."""
    return {name: value for name, value in asdict(found).items() if name != "alike"}


def _confusion(found: Counter[tuple[str, str]], name: Callable[[str], str]) -> list[dict[str, object]]:
    """The most frequent first; without a name where one of them has nothing."""
    return [{"one": name(a), "other": name(b), "count": count} for (a, b), count in found.most_common()]


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
