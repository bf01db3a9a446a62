"""As whom a project is read."""

from __future__ import annotations

from dataclasses import dataclass

from woz.annotation.tier_states import KEEPERS
from woz.base.errors import WozError
from woz.model.annotator import Annotator


@dataclass(frozen=True, slots=True)
class Viewer:
    """`id` is an annotator's; nobody's, where it is empty, who is blind to nothing. `login` is whoever logs in on
    the project's server; None for its owner, and in a file.
    """

    id: str = ""
    login: Annotator | None = None

    def reads_as(self, other: str) -> str:
        """For whom a question is answered: this one, or `other` where that is not empty.

        Raises WozError for a login whose roles don't let it look as somebody else: only a curator's and a manager's
        do, who also say who is blind to what.
        """
        own = self.login
        if own and other not in ("", own.id) and not KEEPERS & set(own.roles):
            raise WozError(
                f"You log in as {own.pseudonym}, and are shown what {own.pseudonym} may see; only a curator or a"
                " manager looks at a project as somebody else."
            )
        return other or self.id
