"""The words that a procedure's people use: its glossary, as edits, and what it suggests."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from woz.annotation.edits import Edit
from woz.annotation.word_times import parts
from woz.base.errors import WozError
from woz.model.ids import ProcedureId, TermId
from woz.model.transcript import Term

NEAR = 0.6
"""How alike, 0 to 1, a term must be to a word to be suggested for it (difflib's ratio)."""


def add_term(terms: Iterable[Term], term_id: TermId, procedure_id: ProcedureId | None, text: str) -> Edit:
    """Raises WozError for an empty term, one that is there already, or a session without a procedure."""
    plain = " ".join(text.split())
    if procedure_id is None:
        raise WozError("This session has no procedure, so there is no glossary for it.")
    if not plain:
        raise WozError("Type the term first.")
    if any(term.text.casefold() == plain.casefold() for term in terms):
        raise WozError(f"“{plain}” is in the glossary already.")
    return Edit("New term", (), (Term(term_id, procedure_id, plain),))


def remove_term(term: Term) -> Edit:
    return Edit("Remove term", (term,), ())


def near_terms(word: str, terms: Iterable[Term], count: int = 3) -> list[str]:
    """Terms that a misheard word may stand for, the nearest first; not the word itself."""
    core = parts(word)[1].casefold()
    by_key = {term.text.casefold(): term.text for term in terms if term.text.casefold() != core}
    return [by_key[key] for key in get_close_matches(core, by_key, count, NEAR)]
