"""A contact centre whose server has a door, and what IT and the edge do there, without a process for each deed."""

import contextlib
import sqlite3
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2

from provisioning.admin.bodies import PublishedReply
from provisioning.admin.client import AdminClient
from provisioning.api import (
    EdgeCallReply,
    EdgeCallRequest,
    NewEnrolmentCode,
    NewEnrolmentCodeReply,
    NewPerson,
    NewPersonReply,
    Role,
)
from provisioning.organisation import Identity
from provisioning.pinned_tls import pinned_context
from provisioning.pki import Authority, generate_key, key_pem, load_key
from tests.integration.desk.door import Door
from tests.integration.server.server_process import ServerProcess
from tests.stage.centre import TEAM, Centre, Person
from tests.stage.customers import read_customers
from tests.stage.ports import HOST, free_port


class CentreWithDoor(Centre):
    """The server is behind a door; desks, edge and IT all go through it."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, customers=20)
        behind = free_port()
        self.door = Door(self.server_port, behind)
        self.server = ServerProcess(self.organisation_directory, f"sqlite:///{self.database_file}", behind)

    def start_server(self) -> None:
        """See Centre."""
        super().start_server()
        self.door.open()

    def stop(self) -> None:
        """See Centre."""
        super().stop()
        self.door.close()

    # --- What IT does -------------------------------------------------------------------------------------------------

    def hire(self, role: Role = Role.AGENT, name: str = "") -> Person:
        """Let somebody new sign in."""
        name = name or f"p{uuid.uuid4().hex[:8]}"
        with AdminClient(self.organisation) as client:
            made = client.post(
                "/admin/people", NewPerson(name=name, display_name="林月", role=role, team=TEAM), NewPersonReply
            )
        return Person(name, "林月", made.password, made.totp_uri)

    def dismiss(self, person: Person) -> None:
        """Let somebody sign in no more."""
        with AdminClient(self.organisation) as client:
            client.do(f"/admin/people/{person.name}/disable")

    def withdraw(self, device_id: str) -> None:
        """Revoke a device."""
        with AdminClient(self.organisation) as client:
            client.do(f"/admin/devices/{device_id}/revoke")

    def code(self) -> str:
        """Make an enrolment code."""
        with AdminClient(self.organisation) as client:
            return client.post("/admin/enrolment-codes", NewEnrolmentCode(), NewEnrolmentCodeReply).code

    def publish(self) -> int:
        """Publish the manifest anew, and tell the desks; returns its version."""
        self.organisation.publish_manifest()
        with AdminClient(self.organisation) as client:
            return client.post("/admin/manifest/published", None, PublishedReply).version

    # --- What the edge does -------------------------------------------------------------------------------------------

    def announce_call(self, agent: Person) -> str:
        """Announce a customer's call, as the edge would, and return its reference."""
        organisation = self.organisation
        context = pinned_context(organisation.ca_pem, organisation.server_pins, organisation.edge_client.pair)
        caller = read_customers(self.database_file)[0].phone
        body = EdgeCallRequest(call_id=uuid.uuid4().hex, agent=agent.name, caller=caller)
        with httpx2.Client(base_url=f"https://{self.server_address}", verify=context, trust_env=False) as client:
            answer = client.post("/edge/calls", json=body.model_dump())
        return EdgeCallReply.model_validate_json(answer.content).ref

    # --- What can be looked up ----------------------------------------------------------------------------------------

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """What the server's database says."""
        with contextlib.closing(sqlite3.connect(self.database_file, timeout=30)) as connection, connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values).fetchall()]

    def call(self, ref: str) -> dict[str, Any]:
        """One call of the database."""
        (row,) = self.rows("SELECT * FROM calls WHERE ref = ?", ref)
        return row


@dataclass(frozen=True)
class Certificates:
    """Certificates with something wrong, made with the organisation's own authority."""

    centre: Centre

    def server(self, *, hosts: tuple[str, ...] = (HOST,), days: int = 1, pinned: bool = True) -> Identity:
        """One for the server: with its own, pinned key, or with another."""
        return self._identity(self.centre.organisation.server, hosts, days, pinned=pinned)

    def edge(self, *, hosts: tuple[str, ...] = (HOST,), days: int = 1, pinned: bool = True) -> Identity:
        """One for the edge."""
        return self._identity(self.centre.organisation.edge, hosts, days, pinned=pinned)

    def strangers(self) -> Identity:
        """One of another authority."""
        key = generate_key()
        certificate = Authority.create("Harbour Bank").issue_server(key.public_key(), (HOST,), timedelta(days=1))
        return Identity(certificate, key_pem(key))

    def _identity(self, real: Identity, hosts: tuple[str, ...], days: int, *, pinned: bool) -> Identity:
        if pinned:
            return _with_key(self.centre, real.key_pem, hosts, days)
        return _with_key(self.centre, key_pem(generate_key()), hosts, days)


def _with_key(centre: Centre, key: bytes, hosts: tuple[str, ...], days: int) -> Identity:
    certificate = centre.organisation.authority.issue_server(load_key(key).public_key(), hosts, timedelta(days=days))
    return Identity(certificate, key)
