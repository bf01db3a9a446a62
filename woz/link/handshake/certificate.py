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
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
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
        return fingerprint_of(self.der)

    @property
    def der(self) -> bytes:
        return ssl.PEM_cert_to_DER_cert(self.pem.decode())

    def sign(self, what: bytes) -> bytes:
        """A signature that only the holder of the key can make (ECDSA over SHA-256)."""
        key = serialization.load_pem_private_key(self.key_pem, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key.sign(what, ec.ECDSA(hashes.SHA256()))

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


def fingerprint_of(der: bytes) -> bytes:
    return hashlib.sha256(der).digest()


def has_signed(der: bytes, what: bytes, signature: bytes) -> bool:
    """Whether the holder of a certificate's key has signed this; False too for what is no certificate of ours."""
    try:
        key = x509.load_der_x509_certificate(der).public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            return False
        key.verify(signature, what, ec.ECDSA(hashes.SHA256()))
    except (ValueError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


class WrongCertificateError(ssl.SSLCertVerificationError):
    """The other side of a TLS connection shows another certificate than it should."""


def client_context(fingerprint: bytes) -> ssl.SSLContext:
    """TLS for a client that goes on only with whom shows the certificate with this fingerprint.

    That is checked as the handshake's last step: whoever shows another one gets no more than TLS's first message.
    Raises WrongCertificateError from the handshake.
    """

    class Pinned(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            shown = self.getpeercert(binary_form=True)
            if shown is None or not hmac.compare_digest(fingerprint_of(shown), fingerprint):
                raise WrongCertificateError("not the certificate that was invited")

    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.sslobject_class = Pinned
    return context
