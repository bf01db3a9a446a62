"""PostgreSQL's faults in plain sentences."""

from __future__ import annotations

import re

from sqlalchemy import URL

_BY_STATE = {
    "53100": "The disk of {name} is full, so the change was not kept; ask whoever runs the server to make room.",
    "53200": "The server of {name} has no memory left, so the change was not kept; try again.",
    "53300": "The server of {name} takes no more connections; close woz on a computer that doesn't need it.",
    "55P03": "{name} is in use by another program, which has been writing for long; try again.",
    "40P01": "{name} is in use by another program; try again.",
    "40001": "{name} is in use by another program; try again.",
    "25006": "{name} can only be read; ask whoever runs the server.",
    "42501": "{user} may not do this in {name}; ask whoever runs the server to give you the rights.",
}
"""By https://www.postgresql.org/docs/current/errcodes-appendix.html"""
REFUSED = "WOZ01"
"""Of what the project's own rules refuse; the server's words are a sentence for people."""
_LOST = "The connection to {name} was lost; check the network, and that the server runs."
_GONE = "server closed|terminating|is closed|connection is lost"
_BY_WORDS = (
    ("no password supplied", "{name} wants a password of {user}; put it into ~/.pgpass or PGPASSWORD."),
    (
        "authentication failed",
        "{name} refuses the password of {user}; put the right one into ~/.pgpass or PGPASSWORD.",
    ),
    (r'role ".*" does not exist', "The server of {name} knows no {user}; ask whoever runs it to add you."),
    (r'database ".*" does not exist', "There is no database {database} on {host}; make it with createdb."),
    ("not permitted to log in", "{user} may no longer log in at {name}; ask a manager of the project."),
    ("pg_hba.conf", "The server of {name} doesn't let {user} in from here; ask whoever runs it (pg_hba.conf)."),
    ("too many (connections|clients)|connection slots", _BY_STATE["53300"]),
    ("starting up|shutting down", "The server of {name} is starting or stopping; try again in a minute."),
    ("resolve host|translate host|Name or service", "There is no computer {host} in this network; check the name."),
    (
        "refused|No such file|timeout expired|timed out|unreachable|No route",
        "{host} doesn't answer; check the network, and that PostgreSQL runs there.",
    ),
)
"""A server that lets nobody in gives no code; these are its English words and libpq's."""


_UNMADE = ("connection failed", "connection is bad", "connection timeout expired")
"""How psycopg's words begin where it could make no connection."""


def no_connection(fault: BaseException) -> bool:
    import psycopg

    return isinstance(fault, psycopg.OperationalError) and str(fault).startswith(_UNMADE)


def connection_lost(fault: BaseException) -> bool:
    import psycopg

    return (
        isinstance(fault, psycopg.OperationalError)
        and not no_connection(fault)
        and _known(fault, _words(fault)) == _LOST
    )


def postgresql_sentence(url: URL, name: str, fault: BaseException) -> str | None:
    """None for what is a fault of the program, as a statement that the server doesn't understand."""
    import psycopg

    if not isinstance(fault, psycopg.Error):
        return None
    if fault.sqlstate == REFUSED:
        return str(fault.diag.message_primary)
    words = _words(fault)
    known = _BY_STATE.get(fault.sqlstate or "") or _known(fault, words)
    facts = {
        "name": name,
        "host": url.host or "this computer",
        "database": url.database,
        "user": url.username or "you",
        "words": words,
    }
    sentence = known.format(**facts) if known else None
    return sentence[0].upper() + sentence[1:] if sentence else None


def _words(fault: BaseException) -> str:
    return " ".join(str(fault).split())


def _known(fault: BaseException, words: str) -> str | None:
    import psycopg

    if not isinstance(fault, psycopg.OperationalError):
        return None
    state = fault.sqlstate or ""
    if state.startswith(("08", "57P")) or re.search(_GONE, words):
        return _LOST
    for pattern, sentence in _BY_WORDS:
        if re.search(pattern, words):
            return sentence
    return _LOST if not state and "connection" in words else "{name} can't be used ({words})."
