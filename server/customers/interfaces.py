"""Where customers come from: our own tables, or a bank's CRM behind the same interface."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from provisioning.api import Contact, Script
from provisioning.trust import WorkType


@dataclass(frozen=True)
class Customer:
    """A customer in clear. It never leaves the server: see `policy.visible_fields`."""

    id: str
    values: Mapping[str, str] = field(repr=False)
    """By the names of the policy's fields."""


class CustomerSource(Protocol):
    """Looks customers up."""

    async def find_by_phone(self, e164: str) -> str | None:
        """Return the id of the one customer with this number; None when there is none, or more than one."""
        ...

    async def get(self, ids: frozenset[str]) -> Mapping[str, Customer]:
        """Return the customers of these ids, without those that are gone."""
        ...

    async def contacts(self, customer_id: str) -> tuple[Contact, ...]:
        """Return a customer's latest contacts, the newest first."""
        ...

    async def script(self, work_type: WorkType) -> Script | None:
        """Return the guided conversation for a kind of work, where there is one."""
        ...
