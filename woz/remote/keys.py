"""What a package is encrypted to, and what opens it: a passphrase, or a key of age.

https://age-encryption.org/v1; the fewest letters of a passphrase that is used as a key are our own choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyrage import DecryptError, IdentityError, RecipientError, passphrase, x25519

from woz.base.errors import WozError

FEWEST_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Lock:
    """One of both: a passphrase, or a recipient as `age-keygen` prints it."""

    passphrase: str = ""
    recipient: str = ""

    def __post_init__(self) -> None:
        """Raises WozError for both, for neither, and for a passphrase that is guessed too soon."""
        if bool(self.passphrase) == bool(self.recipient):
            raise WozError("Say what the package is encrypted to: a passphrase, or a recipient; not both.")
        if self.passphrase and len(self.passphrase) < FEWEST_LETTERS:
            raise WozError(f"The passphrase is too short: use {FEWEST_LETTERS} letters at least, as four words.")


@dataclass(frozen=True, slots=True)
class Opener:
    """A passphrase, or the text of a file with an age identity."""

    passphrase: str = ""
    identity: str = ""


def new_identity() -> str:
    return str(x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    return str(x25519.Identity.from_str(identity).to_public())


def recipient(text: str) -> Any:
    """Raises WozError for what is none."""
    try:
        return x25519.Recipient.from_str(text.strip())
    except RecipientError as error:
        raise WozError(
            f"“{text[:80]}” is no recipient of age; it begins with age1, as age-keygen prints it."
        ) from error


def identities_in(text: str) -> list[Any]:
    """Those of a file as `age-keygen` writes it. Raises WozError where there is none."""
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("AGE-SECRET-KEY-1")]
    try:
        found = [x25519.Identity.from_str(line) for line in lines]
    except IdentityError as error:
        raise WozError(f"The identity can't be read ({error}); use the file that age-keygen wrote.") from error
    if not found:
        raise WozError("The file holds no identity of age; use the one that age-keygen wrote.")
    return found


def sealed_identity(identity: str, words: str) -> bytes:
    """An identity, encrypted to a passphrase."""
    return bytes(passphrase.encrypt(identity.encode(), words))


def opened_identity(sealed: bytes, words: str) -> str:
    """Raises WozError for another passphrase, and for what was changed."""
    try:
        return bytes(passphrase.decrypt(sealed, words)).decode()
    except (DecryptError, UnicodeDecodeError) as error:
        raise WozError("The passphrase doesn't open it, or the file was changed on the way.") from error


def secret_in(path: Path) -> str:
    """The first line of a file that holds a passphrase. Raises WozError where it can't be read, or is empty."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WozError(f"{path} can't be read as a passphrase; name a text file with one line.") from error
    if not lines or not lines[0].strip():
        raise WozError(f"{path} is empty; write the passphrase in its first line.")
    return lines[0].strip()
