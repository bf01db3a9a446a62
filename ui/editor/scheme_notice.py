"""Says, for as long as it is so, that a tier is of a scheme's version which isn't known here."""

from __future__ import annotations

from ui.widgets.parts import Banner
from woz.annotation.document import Change, Document
from woz.model.tier import Tier


class SchemeNotice(Banner):
    """A tier of others may come with a version that was made after the window was opened."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._unsubscribe = document.subscribe(self._changed)
        self.tell(words(document))

    def close_notice(self) -> None:
        self._unsubscribe()

    def _changed(self, change: Change) -> None:
        if Tier in change.kinds:
            self.tell(words(self._document))


def words(document: Document) -> str:
    """Empty where all schemes are known."""
    lacking = [each for each in document.tiers if (each.scheme_id, each.scheme_version) not in document.schemes]
    if not lacking:
        return ""
    first, others = lacking[0], len(lacking) - 1
    which = f"tier {first.name} is" if not others else f"tiers {first.name} and {others} more are"
    return (
        f"The {which} of the scheme {first.scheme_id}, version {first.scheme_version}, which"
        " isn't known here: open the session again, and if this stays, take the scheme in with woz scheme import."
        f" What is in {'it' if not others else 'them'} stays as it is."
    )
