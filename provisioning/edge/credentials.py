"""SIP credentials that expire by themselves, so that the edge needs no database of agents.

The user name says until when it is good; the password proves that whoever knows the shared secret made it. This is the
scheme of Kamailio's auth_ephemeral, and of coturn's REST API for TURN (draft-uberti-behave-turn-rest-00).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from provisioning.api import NAME


class CredentialError(ValueError):
    """Raised when no credentials can be made from what was given."""


@dataclass(frozen=True, slots=True)
class EphemeralCredentials:
    """A digest user name and its password; the password never shows in a repr."""

    username: str
    password: str = field(repr=False)


def ephemeral_name(agent: str, expires_at: datetime) -> str:
    """Return the user name of an agent's credentials that end at this moment."""
    return f"{int(expires_at.astimezone(UTC).timestamp())}:{agent}"


def ephemeral_credentials(agent: str, secret: str, expires_at: datetime) -> EphemeralCredentials:
    """Make the credentials with which `agent` may register until `expires_at`.

    The user name is `EXPIRY:agent`, EXPIRY in whole seconds since 1970; the password is
    base64(HMAC-SHA1(secret, user name)). `expires_at` must carry a time zone.

    Raises CredentialError when the agent's name cannot stand in a SIP address, or the time has no zone.
    """
    if not re.fullmatch(NAME, agent):
        raise CredentialError(
            f"{agent!r} cannot be an agent's name at the edge. "
            "Use up to 40 small letters, digits, dots, dashes and underscores."
        )
    if expires_at.tzinfo is None:
        raise CredentialError("The time of expiry has no time zone, so it could be hours off. Give it one.")
    username = ephemeral_name(agent, expires_at)
    # SHA-1 is what auth_ephemeral and coturn agree on; HMAC does not rest on its collision resistance.
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return EphemeralCredentials(username, base64.b64encode(digest).decode())
