"""The token for gated models: in an environment variable or the system's keyring, nowhere else."""

from __future__ import annotations

import os

from woz.base.errors import WozError

VARIABLE = "HF_TOKEN"
SERVICE, ACCOUNT = "woz", "huggingface"


def token() -> str | None:
    """The token, or None where there is none or the system has no keyring."""
    named = os.environ.get(VARIABLE)
    if named:
        return named
    try:
        import keyring

        kept: str | None = keyring.get_password(SERVICE, ACCOUNT)
    except Exception:
        return None
    return kept


def keep_token(secret: str) -> None:
    """Raises WozError for what is no token, or where the system has no keyring."""
    if not secret.startswith("hf_") or not secret.isascii() or len(secret) < 10:
        raise WozError("That is no token of huggingface.co: they begin with hf_.")
    try:
        import keyring

        keyring.set_password(SERVICE, ACCOUNT, secret)
    except Exception as error:
        raise WozError(
            f"This system has no keyring that takes the token ({type(error).__name__}); set {VARIABLE} instead."
        ) from None
