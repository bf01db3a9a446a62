"""Agreement as a page: sentences, figures, attributes and links; each number is a link to its list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from woz.annotation.adjudication.link_agreement import LinkAgreement
from woz.annotation.measures.attributes import AttributeAgreement
from woz.annotation.measures.cards import Card
from woz.annotation.measures.drift import Week
from woz.annotation.measures.intervals import Estimate, estimate_text, figure_text
from woz.annotation.measures.several import TOGETHER
from woz.base.counts import counted
from woz.base.interval import hundredths
from woz.lab.agreement_report import (
    Figure,
    Report,
    alpha_sum,
)
from woz.lab.sentences import Cards, Said, Sentence

CONFUSED = 2
"""So many pairs of labels are named of a week."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a link opens: places, what they are called, how they add up to the number that was pressed, and whether
    they are of all annotators together, else of the pair.
    """

    name: str
    cards: Cards
    sum: str = ""
    together: bool = False


class Page:
    """`html` is shown; `lists` has what each link opens, by its address."""

    def __init__(
        self, report: Report, weeks: Sequence[Week], notes: Sequence[str], together: Sequence[Figure] = ()
    ) -> None:
        self._report = report
        self.lists: dict[str, Listed] = {}
        parts = [f"<p>{escape(note)}</p>" for note in notes]
        parts += [f"<p>{self._of_all(each)}</p>" for each in together]
        parts += [f"<p>{self._sentence(each)}</p>" for each in report.sentences]
        parts += [self._figures(), self._attributes(), self._links(), self._weeks(weeks)]
        self.html = "".join(parts)

    def _link(self, text: str, name: str, cards: Cards) -> str:
        return self._opening(text, Listed(name, cards))

    def _opening(self, text: str, listed: Listed) -> str:
        address = f"list:{len(self.lists)}"
        self.lists[address] = listed
        return f'<a href="{address}">{escape(text)}</a>'

    def _of_all(self, figure: Figure) -> str:
        name = f"{TOGETHER[figure.name]} of all"
        number = self._opening(
            figure_text(figure.estimate.value), Listed(name, figure.cards, figure.sum, together=True)
        )
        bounds = _interval(figure.estimate)
        return f"{escape(name)}, {escape(figure.unit)}: {number}{f' ({bounds})' if bounds else ''}"

    def _sentence(self, sentence: Sentence) -> str:
        return "".join(
            self._link(said.text, heading_of(sentence, at), said.cards) if said.cards else _part(said)
            for at, said in enumerate(sentence)
        )

    def _figures(self) -> str:
        rows = [
            _row(
                escape(each.name),
                self._opening(figure_text(each.estimate.value), Listed(each.name, each.cards, each.sum)),
                _interval(each.estimate),
                escape(each.unit),
            )
            for each in self._report.figures
        ]
        return f"<h4>Measures</h4><table cellpadding=3>{''.join(rows)}</table>"

    def _attributes(self) -> str:
        rows = [
            _row(
                escape(each.key),
                f"the same in {self._same(each, each.key)}, {estimate_text(each.share)}",
                self._link(f"{len(each.cards)} not", f"Attribute {each.key}", _these(each.cards)),
                f"alpha ({each.level}) {self._alpha(each)}",
            )
            for each in self._report.attributes
        ]
        return f"<h4>Attributes</h4><table cellpadding=3>{''.join(rows)}</table>" if rows else ""

    def _same(self, found: AttributeAgreement | LinkAgreement, name: str) -> str:
        """As "5 of 7", of which each opens its list."""
        alike = self._link(str(found.same), f"{name}, the same", _these(found.alike))
        every = self._link(str(found.pairs), f"{name}, all pairs", _these((*found.alike, *found.cards)))
        return f"{alike} of {every}"

    def _alpha(self, found: AttributeAgreement) -> str:
        told = Listed(f"Alpha of {found.key}", _these(found.apart), alpha_sum(found))
        bounds = _interval(Estimate(found.alpha, found.low, found.high))
        return self._opening(figure_text(found.alpha), told) + (f" ({bounds})" if bounds else "")

    def _links(self) -> str:
        rows = [
            f"<p>{escape(each.type)}: the same in {self._same(each, each.type)}, {estimate_text(each.share)}, "
            + self._link(f"{len(each.cards)} not", f"Links {each.type}", _these(each.cards))
            + "</p>"
            for each in self._report.links
        ]
        return f"<h4>Links</h4>{''.join(rows)}" if rows else ""

    def _weeks(self, weeks: Sequence[Week]) -> str:
        """How the second one changes."""
        rows = [self._week(each) for each in weeks]
        pair = self._report.pair
        head = f"<h4>{escape(pair.other)} by week, against {escape(pair.one)}</h4>"
        return f"{head}<table cellpadding=3>{''.join(rows)}</table>" if rows else ""

    def _week(self, week: Week) -> str:
        """Below its figures what exceeds what was agreed, in bold, and what was called otherwise."""
        pairs = self._link(counted(week.pairs, "pair"), week.week, _these(week.cards))
        others = self._link(
            f"{len(week.others)} with another label", f"{week.week}, another label", _these(week.others)
        )
        figures = f"{pairs}: starts {_later(week.start_ns)}, ends {_later(week.end_ns)}; {others}"
        told = f"<b>⚠ {escape(week.told)}</b>" if week.told else ""
        below = "; ".join(filter(None, (told, self._confused(week))))
        return _row(week.week, "<br>".join(filter(None, (figures, below))))

    def _confused(self, week: Week) -> str:
        """As "3 Fit gear called Insert axle", the most frequent first."""
        name = self._report.name
        return ", ".join(
            f"{count} {_label(name(one))} called {_label(name(other))}"
            for (one, other), count in week.confused.most_common(CONFUSED)
        )


def apart_words(apart_ns: int) -> str:
    """As "0.20 s apart"."""
    return f"{abs(apart_ns) / 1e9:.2f} s apart" if hundredths(apart_ns) else "alike"


def _later(apart_ns: float) -> str:
    """As "0.20 s late"."""
    word = "late" if apart_ns > 0 else "early"
    return f"{abs(apart_ns) / 1e9:.2f} s {word}" if hundredths(apart_ns) else "alike"


def heading_of(sentence: Sentence, at: int) -> str:
    """What the figure at this place counts: its own clause, after what the sentence is of, or that alone. Labels'
    names part no clauses.
    """
    before, after = sentence[:at], sentence[at:]
    told = [said.text for said in before if not said.label]
    end = "; " if any(", " in text or "; " in text for text in told) else ", |; "
    clause = _since_last(before, "; ") + _until(after, end).removesuffix(".")
    later = any("; " in text for text in told)
    return f"{_until(before, ', |; ')}, {clause}" if later else clause


def _until(sentence: Sentence, end: str) -> str:
    """The text to the first place that a regular expression matches."""
    text = ""
    for said in sentence:
        part, *more = [said.text] if said.label else re.split(end, said.text, maxsplit=1)
        text += part
        if more:
            break
    return text


def _since_last(sentence: Sentence, end: str) -> str:
    text = ""
    for said in reversed(sentence):
        _, found, part = ("", "", said.text) if said.label else said.text.rpartition(end)
        text = part + text
        if found:
            break
    return text


def _part(said: Said) -> str:
    return _label(said.text) if said.label else escape(said.text)


def _label(name: str) -> str:
    """Set apart from the words around it."""
    return f"<i>{escape(name)}</i>"


def _row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}&nbsp;&nbsp;</td>' for cell in cells)}</tr>"


def _these(cards: Sequence[Card]) -> Cards:
    return lambda: list(cards)


def _interval(estimate: Estimate) -> str:
    return "" if estimate.low is None else f"{estimate.low:.3f} to {estimate.high:.3f}"
