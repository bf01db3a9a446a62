"""What a store's fault means: it is away or full, refuses the keys, or there is none of this name."""

from __future__ import annotations

import errno
from enum import Enum, auto

from woz.base import machine_faults

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
AWAY_NUMBERS = machine_faults.AWAY | {
    *(errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.ETIMEDOUT, errno.EBUSY),
}

EXPIRED = {"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"}
SKEWED = "RequestTimeTooSkewed"
NO_BUCKET = "NoSuchBucket"
FULL = {"QuotaExceeded", "XMinioStorageFull"}
"""Ceph's word and MinIO's."""
FULL_NUMBERS = {errno.ENOSPC, errno.EDQUOT}
WORDLESS = {"400", "403"}
"""What is left of an error where only the head of a file was asked for: such an answer has no words."""


class Fault(Enum):
    AWAY = auto()
    KEYS = auto()
    EXPIRED = auto()
    CLOCK = auto()
    FULL = auto()
    NO_BUCKET = auto()
    ABSENT = auto()
    OTHER = auto()


def fault_of(error: BaseException) -> Fault:
    names = {kind.__name__ for kind in type(error).__mro__}
    code = code_of(error)
    if code in EXPIRED or "expired" in str(error).lower():
        return Fault.EXPIRED
    if code == SKEWED:
        return Fault.CLOCK
    if code == NO_BUCKET:
        return Fault.NO_BUCKET
    if code in FULL or (isinstance(error, OSError) and error.errno in FULL_NUMBERS):
        return Fault.FULL
    if names & KEYS:
        return Fault.KEYS
    if names & AWAY or (isinstance(error, OSError) and error.errno in AWAY_NUMBERS):
        return Fault.AWAY
    return Fault.ABSENT if isinstance(error, FileNotFoundError) else Fault.OTHER


def code_of(error: BaseException | None) -> str:
    """S3's own word for an error; empty where it is none of S3's."""
    while error is not None:
        said = getattr(error, "response", None)
        if isinstance(said, dict):
            return str(said.get("Error", {}).get("Code", ""))
        error = error.__cause__
    return ""
