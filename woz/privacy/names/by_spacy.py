"""Names by spaCy (the extra `names`): a pipeline for each language, in the folder of models or installed.

A pipeline of the folder of models is a folder `names-LANGUAGE`; installed ones are the packages of spaCy's makers,
or others in their form (`en_core_web_lg`). Of those that are here the largest is asked; the folder's goes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from woz.base.errors import WozError
from woz.privacy.names.listing import NameKind
from woz.privacy.names.recognised import Recognised, UnknownLanguageError

PREFIX = "names-"
"""Of a pipeline's folder in the folder of models; its language follows."""
MARK = "meta.json"
SIZES = ("sm", "md", "lg", "trf")
ASKED = frozenset({"tok2vec", "transformer", "ner"})
"""The parts of a pipeline that run; what parses or lemmatises isn't needed."""
KINDS: Mapping[str, NameKind] = {
    "PERSON": NameKind.PERSON,
    "PER": NameKind.PERSON,
    "GPE": NameKind.PLACE,
    "LOC": NameKind.PLACE,
    "FAC": NameKind.PLACE,
    "ORG": NameKind.FIRM,
}
"""By the labels of OntoNotes and of WikiNER; what has another one (a date, a number, a title) is no name here."""


class SpacyNames:
    """Loads each language's pipeline when a text in it comes. Raises WozError where spaCy is not installed."""

    def __init__(self, models: Path) -> None:
        try:
            import spacy
        except ImportError as error:
            raise WozError("spaCy is not here; run: woz add names") from error
        self._spacy = spacy
        self._known = _pipelines(models, spacy.util.get_installed_models())
        self._loaded = dict[str, Callable[[str], Any]]()

    def __call__(self, text: str, language: str) -> Sequence[Recognised]:
        """Where the language of a text is not known, all pipelines are asked.

        Raises UnknownLanguageError where there is none for it, WozError for one that can't be loaded.
        """
        plain = language.partition("-")[0].casefold()
        asked = [plain] if plain else sorted(self._known)
        if not asked or any(each not in self._known for each in asked):
            raise UnknownLanguageError(
                f"No pipeline of spaCy for {plain or 'any language'} is here; fetch it (woz models fetch"
                f" {PREFIX}en for English), or install one of its makers'."
            )
        return tuple({found: None for each in asked for found in self._names(self._pipeline(each)(text))})

    def _pipeline(self, language: str) -> Callable[[str], Any]:
        if language not in self._loaded:
            where = self._known[language]
            try:
                made = self._spacy.load(where)
                made.select_pipes(enable=[name for name in made.pipe_names if name in ASKED])
            except Exception as error:  # spaCy's loading raises what its parts raise
                raise WozError(f"spaCy can't load {where} ({error}); fetch or install it again.") from error
            self._loaded[language] = made
        return self._loaded[language]

    @staticmethod
    def _names(doc: Any) -> Iterator[Recognised]:
        for entity in doc.ents:
            if entity.label_ in KINDS:
                yield Recognised(entity.start_char, entity.end_char, KINDS[entity.label_])


def _pipelines(models: Path, installed: Sequence[str]) -> dict[str, Path | str]:
    """Where each language's pipeline is: a folder, or the name of an installed package."""
    packages = sorted(installed, key=_size)
    found: dict[str, Path | str] = {name.partition("_")[0]: name for name in packages}
    folders = (path for path in sorted(models.glob(f"{PREFIX}*")) if (path / MARK).is_file())
    return found | {path.name.removeprefix(PREFIX): path for path in folders}


def _size(package: str) -> int:
    end = package.rpartition("_")[2]
    return SIZES.index(end) if end in SIZES else -1
