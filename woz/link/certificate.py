"""Self-signed certificates, known by their fingerprint, and the TLS settings around them."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

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

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 of the certificate (32 bytes)."""
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(self.pem.decode())).digest()

    def server_context(self) -> ssl.SSLContext:
        """TLS for a server that shows this certificate; the key is on the disk for a moment only, and encrypted."""
        password = secrets.token_bytes(32)
        key = serialization.load_pem_private_key(self.key_pem, None)
        sealed = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(password),
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "certificate.pem")
            path.write_bytes(self.pem + sealed)
            context.load_cert_chain(path, None, password)
        return context


def client_context() -> ssl.SSLContext:
    """TLS for a client that checks the certificate with `shows` before it says a word."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def shows(connection: ssl.SSLObject | None, fingerprint: bytes) -> bool:
    """Whether the other side of a TLS connection shows the certificate with this fingerprint."""
    shown = connection.getpeercert(binary_form=True) if connection else None
    return shown is not None and hmac.compare_digest(hashlib.sha256(shown).digest(), fingerprint)
