"""Certificates for a throw-away daemon: a CA, a server, and clients, in some milliseconds."""

import datetime as dt
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Authority:
    """A certificate authority that lives in a folder as ca.crt and ca.key."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def ca_file(self) -> Path:
        """Return the file to verify with."""
        return self.folder / "ca.crt"


def new_authority(folder: Path) -> Authority:
    """Make a CA in `folder` and return it."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _draft("Bridge test CA", "Bridge test CA", key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(folder / "ca", key, certificate)
    return Authority(folder, key, certificate)


def issue(authority: Authority, name: str) -> tuple[Path, Path]:
    """Return the files (certificate, key) for the common name `name`, valid for 127.0.0.1 too."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName(
        [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    certificate = (
        _draft(name, "Bridge test CA", key)
        .add_extension(names, critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    return _write(authority.folder / name, key, certificate)


def _draft(subject: str, issuer: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
    )


def _write(
    stem: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
) -> tuple[Path, Path]:
    crt, private = stem.with_name(f"{stem.name}.crt"), stem.with_name(f"{stem.name}.key")
    crt.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    private.chmod(0o600)
    return crt, private
