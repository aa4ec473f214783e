"""Answers of the admin API that only hearthline-admin reads."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from provisioning.api import Name, Role
from provisioning.data_policy import ClearanceWord
from provisioning.trust import WorkType


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PersonRow(_Body):
    """A person as IT sees them."""

    name: Name
    display_name: str
    role: Role
    team: str
    work_type: WorkType
    clearance: ClearanceWord
    disabled_at: datetime | None


class PeopleReply(_Body):
    """GET /admin/people."""

    people: tuple[PersonRow, ...]


class AuditReply(_Body):
    """GET /admin/audit/verification: whether the audit log is whole, or where it breaks and why."""

    entries: int
    broken_at: int | None
    why: str


class PublishedReply(_Body):
    """POST /admin/manifest/published: the version that desks were told of."""

    version: int
