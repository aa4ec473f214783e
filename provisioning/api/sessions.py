"""Signing in, and the credentials for the edge."""

from datetime import datetime

from pydantic import Field

from provisioning.api.common import Body, Name, Role
from provisioning.trust import TrustDecision, WorkType


class SignInRequest(Body):
    """POST /session."""

    name: Name
    password: str = Field(min_length=1, max_length=256, repr=False)
    totp: str = Field(pattern=r"^[0-9]{6}$", repr=False)
    posture: str = Field(max_length=32_768)
    """A `provisioning.posture.Posture`, signed by the device (`device_proof`, purpose 'posture')."""


class PersonView(Body):
    """Who is signed in."""

    name: Name
    display_name: str
    role: Role
    team: str
    work_type: WorkType


class SignInReply(Body):
    """An access token bound to the device's certificate (RFC 8705), and what the desk was found to be."""

    token: str = Field(repr=False)
    expires_at: datetime
    person: PersonView
    trust: TrustDecision


class WithdrawnReply(Body):
    """GET /edge/withdrawn: SIP credentials, by their user names, that must not be taken any more."""

    names: tuple[str, ...]
    until: str
    """What to ask from next time, as seconds since 1970."""


class SipCredentialsReply(Body):
    """POST /sip/credentials: ephemeral digest credentials for the edge."""

    username: str
    password: str = Field(repr=False)
    realm: str
    address_of_record: str
    expires_at: datetime
