"""A project's own list of names, and what people decided on the forms in which they were found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from woz.base.errors import WozError


class NameKind(StrEnum):
    PERSON = "person"
    PLACE = "place"
    FIRM = "firm"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Name:
    """A name that is not to leave the lab; `stands` is what takes its place, unique in its list."""

    text: str
    kind: NameKind
    stands: str


@dataclass(frozen=True, slots=True)
class NameList:
    """`names` in the order in which they were entered.

    `forms` has, by a form (folded) in which a name was found, the text of the name that it is; empty where it is
    none and stays. What nobody decided on is replaced where it is like a name of the list. `proposed` are forms
    that a recogniser took for names, and that nobody has judged.
    """

    names: tuple[Name, ...] = ()
    forms: Mapping[str, str] = field(default_factory=dict)
    proposed: Mapping[str, NameKind] = field(default_factory=dict)
    applied: bool = False
    """Whether releases and exports that leave the lab replace them."""

    def named(self, text: str) -> Name:
        """Raises WozError for one that isn't in it."""
        wanted = folded(text)
        for name in self.names:
            if folded(name.text) == wanted:
                return name
        raise WozError(f"{text} is not in the list of names; add it with woz names list PROJECT --add.")

    def with_name(self, text: str, kind: NameKind) -> NameList:
        """Raises WozError for one that holds no letter, or is in it already."""
        if not folded(text):
            raise WozError("A name has at least one letter.")
        if any(folded(name.text) == folded(text) for name in self.names):
            raise WozError(f"{text} is in the list of names already.")
        numbers = (int(found[1]) for name in self.names if (found := re.search(r"_(\d+)\]$", name.stands)))
        stands = f"[{kind.upper()}_{max(numbers, default=0) + 1}]"
        others = {form: each for form, each in self.proposed.items() if form != folded(text)}
        return replace(self, names=(*self.names, Name(text.strip(), kind, stands)), proposed=others)

    def without(self, text: str) -> NameList:
        """Raises WozError for one that isn't in it."""
        gone = self.named(text)
        forms = {form: name for form, name in self.forms.items() if name != gone.text}
        return replace(self, names=tuple(name for name in self.names if name != gone), forms=forms)

    def decided(self, form: str, name: str | None) -> NameList:
        """That a form is a name of the list, or (None) none at all. Raises WozError for another name."""
        others = {each: kind for each, kind in self.proposed.items() if each != folded(form)}
        return replace(
            self, forms={**self.forms, folded(form): self.named(name).text if name else ""}, proposed=others
        )


@lru_cache(maxsize=100_000)
def folded(text: str) -> str:
    """Words alone, without case, accents or an English genitive, with one space between them."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(re.sub(r"['’]s?$", "", word) for word in re.findall(r"[\w'’]+", plain)).strip()
