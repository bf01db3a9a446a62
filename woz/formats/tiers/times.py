"""Session time in texts: exact, without a binary fraction in between."""

from __future__ import annotations

from decimal import Decimal

from woz.base.interval import NS_PER_S


def seconds_text(ns: int) -> str:
    """Seconds with as many decimal places as it takes, "12.5"."""
    whole, rest = divmod(abs(ns), NS_PER_S)
    places = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{'-' if ns < 0 else ''}{whole}{places}"


def nearest(ns: int, step: int) -> int:
    """How many whole steps, rounded half up."""
    return (2 * ns + step) // (2 * step)


def whole_ns(seconds: str) -> int:
    """Seconds, as they stand in a file, as the nearest ns. Raises ValueError for no number of seconds."""
    try:
        value = Decimal(seconds)
    except ArithmeticError as error:
        raise ValueError(f"{seconds!r} is no number") from error
    if not value.is_finite() or abs(value) > 10**9:
        raise ValueError(f"{seconds!r} is no time in seconds")
    return int((value * NS_PER_S).to_integral_value())
