"""IT's command line."""

from datetime import datetime

from pydantic import Field

from provisioning.api.common import LINE, Body, Name, Role
from provisioning.data_policy import Clearance, ClearanceWord
from provisioning.trust import WorkType


class NewPerson(Body):
    """POST /admin/people. The password and the TOTP secret are shown once and kept only as a hash and sealed."""

    name: Name
    display_name: str = Field(min_length=1, max_length=80, pattern=LINE)
    role: Role
    team: Name
    work_type: WorkType = WorkType.SERVICE
    clearance: ClearanceWord = Clearance.STANDARD


class NewClearance(Body):
    """PUT /admin/people/{name}/clearance: how far a person is trusted with customers' data from now on."""

    clearance: ClearanceWord


class NewPersonReply(Body):
    """First credentials of a person."""

    name: Name
    password: str = Field(repr=False)
    totp_uri: str = Field(repr=False)


class NewEnrolmentCode(Body):
    """POST /admin/enrolment-codes."""

    minutes: int = Field(default=60, ge=1, le=7 * 24 * 60)
    note: str = Field(default="", max_length=120, pattern=LINE)


class NewEnrolmentCodeReply(Body):
    """A code, shown once."""

    code: str = Field(repr=False)
    link: str = Field(repr=False)
    expires_at: datetime


class DeviceView(Body):
    """A device as IT sees it."""

    id: str
    name: str
    enrolled_at: datetime
    certificate_expires_at: datetime
    revoked_at: datetime | None
    key_hardware: str | None = None
    """The maker of the hardware that was proven to hold the device's key."""
    pin_failures: int = 0
    """How often the device met a server or an edge whose key is not pinned, by its own reports."""
    pin_failed_at: datetime | None = None


class DevicesReply(Body):
    """GET /admin/devices."""

    devices: tuple[DeviceView, ...]
