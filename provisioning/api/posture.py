"""What a device reports of itself while somebody is signed in."""

from pydantic import Field

from provisioning.api.common import Body
from provisioning.trust import TrustDecision


class PostureUpdate(Body):
    """PUT /session/posture: a `Posture`, signed by the device (purpose 'posture')."""

    posture: str = Field(max_length=32_768)


class PostureReply(Body):
    """What the desk is found to be now, and when the next report is due at the latest."""

    trust: TrustDecision
    next_seconds: int = Field(ge=1)
