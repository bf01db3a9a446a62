"""What a store's fault means: it is away, it refuses the keys, or there is none of this name."""

from __future__ import annotations

import errno
from enum import Enum, auto

KEYS = {
    *("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "TokenRetrievalError"),
    *("ProfileNotFound", "SSOTokenLoadError", "UnauthorizedSSOTokenError", "PermissionError"),
}
AWAY = {
    *("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ConnectionClosedError"),
    *("HTTPClientError", "ConnectionError", "TimeoutError", "FSTimeoutError", "ClientConnectionError"),
    *("ClientPayloadError", "IncompleteRead", "ResponseParserError", "IncompleteReadError"),
}
"""Names of classes of botocore, aiohttp and urllib3, which are not imported where there is no store."""
AWAY_NUMBERS = {
    *(errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.ETIMEDOUT),
    *(errno.ESTALE, errno.EIO, errno.EREMOTEIO, errno.ENOTCONN, errno.EBUSY),
}


class Fault(Enum):
    AWAY = auto()
    KEYS = auto()
    EXPIRED = auto()
    ABSENT = auto()
    OTHER = auto()


def fault_of(error: BaseException) -> Fault:
    names = {kind.__name__ for kind in type(error).__mro__}
    if "expired" in str(error).lower() or "ExpiredToken" in str(error):
        return Fault.EXPIRED
    if names & KEYS:
        return Fault.KEYS
    if names & AWAY or (isinstance(error, OSError) and error.errno in AWAY_NUMBERS):
        return Fault.AWAY
    return Fault.ABSENT if isinstance(error, FileNotFoundError) else Fault.OTHER
