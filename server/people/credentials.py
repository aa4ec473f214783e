"""Passwords (argon2id) and one-time codes (TOTP, RFC 6238)."""

import asyncio
import secrets
from datetime import datetime

import argon2
import pyotp

from provisioning.enrolment import ALPHABET

STEP_SECONDS = 30
_WINDOW = (0, -1, 1)
"""A clock at home may be a step off, to either side."""

# RFC 9106's second recommended choice, which is argon2-cffi's default: 64 MiB, three passes, four lanes.
_HASHER = argon2.PasswordHasher()
# What is checked for a name that does not exist, so that its answer takes as long and costs as much.
_NOBODY = _HASHER.hash(secrets.token_hex(16))


def new_password() -> str:
    """Return a first password: 16 characters that are not mistaken for each other, 80 bits."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))


def hash_password(password: str) -> str:
    """Return the argon2id hash, with its parameters and salt."""
    return _HASHER.hash(password)


async def password_is_right(password: str, password_hash: str | None) -> bool:
    """Check a password; without a hash, do the same work for nothing."""
    return await asyncio.to_thread(_check, password, password_hash)


def _check(password: str, password_hash: str | None) -> bool:
    try:
        _HASHER.verify(password_hash or _NOBODY, password)
    except argon2.exceptions.VerificationError:
        return False
    return password_hash is not None


def new_totp_secret() -> str:
    """Return a new TOTP secret in base32."""
    return pyotp.random_base32()


def totp_uri(secret: str, name: str, organisation: str) -> str:
    """Return the otpauth:// link that an authenticator reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=organisation)


def _code(totp: pyotp.TOTP, step: int) -> bytes:
    return totp.generate_otp(step).encode()


def totp_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step whose code this is, or None when it is no code of about now.

    The caller refuses a step that is not later than the last one used (RFC 6238, section 5.2).
    """
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    # As bytes: of two strings, compare_digest takes ASCII alone.
    shown = code.encode()
    steps = [step for shift in _WINDOW if secrets.compare_digest(_code(totp, step := current + shift), shown)]
    return max(steps, default=None)
