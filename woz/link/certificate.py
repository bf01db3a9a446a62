"""Self-signed certificates, known by their fingerprint, and the TLS settings around them."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import os
import secrets
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from woz.errors import WozError

VALID = datetime.timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its private key, both PEM."""

    pem: bytes
    key_pem: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Certificate:
        """A fresh P-256 key and a certificate that says nothing about its owner."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "woz")])
        now = datetime.datetime.now(datetime.UTC)
        made = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + VALID)
            .sign(key, hashes.SHA256())
        )
        encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
        return cls(
            made.public_bytes(encoding),
            key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain),
        )

    @classmethod
    def kept_in(cls, path: Path) -> Certificate:
        """The one kept in a file that its owner alone can read; made where there is none. Raises WozError."""
        try:
            if path.exists():
                pem, divider, key = path.read_bytes().partition(b"-----BEGIN PRIVATE KEY-----")
                return cls(pem, divider + key)
            made = cls.new()
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(made.pem + made.key_pem)
            return made
        except OSError as error:
            raise WozError(f"The certificate {path} can't be kept ({error.strerror}).") from error

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 of the certificate (32 bytes)."""
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(self.pem.decode())).digest()

    def server_context(self) -> ssl.SSLContext:
        """TLS for a server that shows this certificate. Raises WozError where it is none."""
        password = secrets.token_bytes(32)
        try:
            key = serialization.load_pem_private_key(self.key_pem, None)
            sealed = key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.BestAvailableEncryption(password),
            )
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "certificate.pem")
                path.write_bytes(self.pem + sealed)
                return server_context(path, None, password)
        except ValueError as error:
            raise WozError("The certificate is damaged; remove its file, and a new one is made.") from error


def server_context(chain: Path, key: Path | None, password: bytes | None = None) -> ssl.SSLContext:
    """TLS for a server from files. Raises WozError where they hold no certificate with its key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        context.load_cert_chain(chain, key, password)
    except (OSError, ssl.SSLError) as error:
        raise WozError(f"{chain} can't be used as a certificate ({error.strerror or error}).") from error
    return context


def client_context(pinned: bool) -> ssl.SSLContext:
    """TLS for a client. Pinned, the certificate is to be checked with `shows` before a word is said."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    if pinned:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def shows(connection: ssl.SSLObject | None, fingerprint: bytes) -> bool:
    """Whether the other side of a TLS connection shows the certificate with this fingerprint."""
    shown = connection.getpeercert(binary_form=True) if connection else None
    return shown is not None and hmac.compare_digest(hashlib.sha256(shown).digest(), fingerprint)
