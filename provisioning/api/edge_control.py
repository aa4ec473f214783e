"""What the server and an edge's digit keeper say to each other over /edge/control (a WebSocket, mTLS, edge role)."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from provisioning.api.common import Body
from provisioning.api.digits import DigitsId

TONE = r"^[0-9*#]$"
SealRefusal = Literal["no-call", "no-events", "failed"]


class Seal(Body):
    """To the keeper: from now on the customer's tones in this call go to the server and not to the desk."""

    type: Literal["seal"] = "seal"
    digits: DigitsId
    call_id: str = Field(min_length=1, max_length=256)


class Unseal(Body):
    """To the keeper: let tones through again, as soon as none came for `quiet_seconds`; until then they are dropped."""

    type: Literal["unseal"] = "unseal"
    digits: DigitsId
    quiet_seconds: float = Field(ge=0, le=60)


class Sealed(Body):
    """From the keeper: no tone of this call reaches the desk any more."""

    type: Literal["sealed"] = "sealed"
    digits: DigitsId


class SealRefused(Body):
    """From the keeper: the call is not sealed, because it is not this edge's, has no telephone events, or it failed."""

    type: Literal["refused"] = "refused"
    digits: DigitsId
    reason: SealRefusal


class ToneHeard(Body):
    """From the keeper: the customer pressed a key."""

    type: Literal["tone"] = "tone"
    digits: DigitsId
    tone: str = Field(pattern=TONE, repr=False)


class Unsealed(Body):
    """From the keeper: tones pass again."""

    type: Literal["unsealed"] = "unsealed"
    digits: DigitsId


class EdgeTone(Body):
    """POST /edge/digits/{digits}/tones, from the edge: the customer pressed a key, told by SIP INFO."""

    tone: str = Field(pattern=TONE, repr=False)


ToKeeper = Seal | Unseal
FromKeeper = Sealed | SealRefused | ToneHeard | Unsealed
to_keeper: TypeAdapter[ToKeeper] = TypeAdapter(Annotated[ToKeeper, Field(discriminator="type")])
from_keeper: TypeAdapter[FromKeeper] = TypeAdapter(Annotated[FromKeeper, Field(discriminator="type")])
