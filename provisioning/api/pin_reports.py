"""Reports of servers and edges that showed another key than the pinned ones."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from provisioning.api.common import Body
from provisioning.manifest import Pin


class PinFailure(Body):
    """Somebody answered in the place of the server or an edge, and was refused."""

    kind: Literal["https", "websocket", "sip"]
    host: str = Field(min_length=1, max_length=255, pattern=r"^[\w.:\[\]-]+$")
    """As the manifest says, and not where DNS led."""
    port: int = Field(ge=1, le=65535)
    seen: Pin
    """The pin of the key that was shown."""
    first_at: datetime
    last_at: datetime
    times: int = Field(ge=1, le=1_000_000)


class PinReport(Body):
    """What the device signs (`device_proof`, purpose `pin-report`)."""

    failures: tuple[PinFailure, ...] = Field(min_length=1, max_length=40)


class PinReportRequest(Body):
    """POST /devices/pin-reports: a `PinReport`, signed by the device key."""

    report: str = Field(max_length=32_768)
