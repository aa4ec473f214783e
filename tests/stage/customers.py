"""The bank's synthetic customers, read from its database: what must never be seen at home, and who can call."""

import contextlib
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from provisioning.default_policy import default_policy
from provisioning.trust import DataClass


@dataclass(frozen=True)
class Customer:
    """One synthetic customer, in clear."""

    token: str
    fields: dict[str, str] = field(repr=False)

    @property
    def phone(self) -> str:
        """The number that this customer calls from."""
        return self.fields["phone"]

    @property
    def name(self) -> str:
        """The full name."""
        return self.fields["name"]

    @property
    def secrets(self) -> dict[str, str]:
        """What must never be readable at home, by field: everything of class C2 and C3."""
        return {name: value for name, value in self.fields.items() if name in _SECRET and value}


_SECRET = frozenset({rule.name for rule in default_policy().fields if rule.data_class in {DataClass.C2, DataClass.C3}})


def read_customers(database: Path) -> list[Customer]:
    """Read every customer from the server's SQLite file, in a stable order."""
    names = [rule.name for rule in default_policy().fields]
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        rows = connection.execute(f"SELECT id, {', '.join(names)} FROM customers ORDER BY id").fetchall()  # noqa: S608
    return [Customer(row[0], dict(zip(names, row[1:], strict=True))) for row in rows]
