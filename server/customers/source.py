"""Customers in our own tables."""

from collections.abc import Mapping
from typing import cast

from sqlalchemy import select

from provisioning.api import Contact, Script
from provisioning.local_text import LocalText
from provisioning.trust import WorkType
from server.customers.interfaces import Customer
from server.customers.models import ContactRow, CustomerRow, ScriptRow
from server.database import Database
from server.sealing import Digester

_CONTACTS = 10
# Whatever a policy says of security_answer, it is not even read from its table.
_READ = (
    "name",
    "phone",
    "email",
    "id_card",
    "billing_address",
    "card_number",
    "available_credit",
    "opening_date",
    "branch",
    "value_score",
)


def phone_digester(data_key: bytes) -> Digester:
    """Return what turns a number (E.164) into the digest under which its customer is found."""
    return Digester(data_key, "customer phone")


class SqlCustomers:
    """A CustomerSource over our tables."""

    def __init__(self, database: Database, digester: Digester) -> None:
        self._database = database
        self._digester = digester

    async def find_by_phone(self, e164: str) -> str | None:
        """See CustomerSource. A number that several share names nobody: the wrong person's data must not be shown."""
        query = select(CustomerRow.id).where(CustomerRow.phone_digest == self._digester.digest(e164)).limit(2)
        async with self._database.read() as session:
            found = (await session.execute(query)).scalars().all()
        return found[0] if len(found) == 1 else None

    async def get(self, ids: frozenset[str]) -> Mapping[str, Customer]:
        """See CustomerSource."""
        columns = [getattr(CustomerRow, name) for name in _READ]
        query = select(CustomerRow.id, *columns).where(CustomerRow.id.in_(ids))
        async with self._database.read() as session:
            rows = (await session.execute(query)).all()
        return {row[0]: Customer(row[0], dict(zip(_READ, row[1:], strict=True))) for row in rows}

    async def contacts(self, customer_id: str) -> tuple[Contact, ...]:
        """See CustomerSource."""
        query = select(ContactRow).where(ContactRow.customer_id == customer_id)
        async with self._database.read() as session:
            rows = (await session.execute(query.order_by(ContactRow.at.desc()).limit(_CONTACTS))).scalars().all()
        return tuple(
            Contact.model_validate(
                {"at": row.at, "channel": row.channel, "summary": LocalText(en=row.summary_en, zh=row.summary_zh)}
            )
            for row in rows
        )

    async def script(self, work_type: WorkType) -> Script | None:
        """See CustomerSource."""
        async with self._database.read() as session:
            row = await session.get(ScriptRow, work_type)
        return Script.model_validate(cast(object, row.script)) if row is not None else None
