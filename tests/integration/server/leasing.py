"""A desk that may reveal fields, and what the audit log says of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import httpx2
from pydantic import BaseModel
from sqlalchemy import select

from client.security.device_key import SoftwareDeviceKey
from provisioning import lease_seal
from provisioning.api import CallOffered, CallProgress, CallRef, LeaseAsk, LeaseId, LeaseView
from provisioning.device_proof import Purpose, prove
from provisioning.pki import key_pem
from provisioning.posture import Posture
from server.audit.models import AuditEntry
from server.leases.models import LeaseRow
from tests.integration.server.people import Desk, It, Socket, TheEdge
from tests.integration.server.running import RunningServer
from tests.stage.posture import kept_well

Kind = TypeVar("Kind", bound=BaseModel)


@dataclass
class Asked:
    """An ask that was signed, and the key that opens its answer."""

    ask: LeaseAsk
    key: lease_seal.PrivateKey = field(repr=False)
    signed: str

    def open(self, lease: LeaseView) -> str:
        """Open the value."""
        bound = lease_seal.bound(lease.lease, self.ask.ref, self.ask.field)
        return lease_seal.open_sealed(lease.sealed, self.key, bound).decode()


@dataclass
class LeaseDesk(Desk):
    """A desk whose screen nobody can capture: T2."""

    def posture(self, **changes: Any) -> Posture:
        report = {"reported_at": self.server.clock(), "key_storage": "os-key-store"}
        return kept_well(**(report | changes))

    def sign_ask(
        self,
        ref: CallRef,
        name: str,
        *,
        key: tuple[lease_seal.PrivateKey, str] | None = None,
        at: datetime | None = None,
        purpose: Purpose = "lease",
    ) -> Asked:
        private, public = key or lease_seal.generate()
        ask = LeaseAsk(ref=ref, field=name, key=public, asked_at=at or self.server.clock())
        return Asked(ask, private, self.sign(ask.model_dump_json().encode(), purpose))

    def sign(self, payload: bytes, purpose: Purpose = "lease") -> str:
        return prove(SoftwareDeviceKey(key_pem(self.key)), purpose, payload)

    async def request(self, ref: CallRef, asked: Asked | str, **reason: str) -> httpx2.Response:
        """Send an ask."""
        signed = asked if isinstance(asked, str) else asked.signed
        body = {"ask": signed} | (reason or {"reason": "identity-check"})
        return await self.send("POST", f"/calls/{ref}/leases", body)

    async def reveal(self, ref: CallRef, name: str = "phone", **reason: str) -> tuple[Asked, LeaseView]:
        """Ask for what is to be given, or to be waited for."""
        asked = self.sign_ask(ref, name)
        response = await self.request(ref, asked, **reason)
        assert response.status_code == 201, response.text
        return asked, LeaseView.model_validate_json(response.content)

    async def hide(self, ref: CallRef, lease: LeaseId, why: str = "hidden", seconds: float = 0) -> None:
        body = {"reason": why, "shown_seconds": seconds}
        response = await self.send("PUT", f"/calls/{ref}/leases/{lease}/end", body)
        assert response.status_code == 204, response.text

    async def look(self, ref: CallRef, lease: LeaseId) -> LeaseView:
        response = await self.send("GET", f"/calls/{ref}/leases/{lease}")
        assert response.status_code == 200, response.text
        return LeaseView.model_validate_json(response.content)


async def new_desk(server: RunningServer, it: It) -> LeaseDesk:
    made = LeaseDesk(server)
    await made.enrol(await it.code())
    return made


async def connected(edge: TheEdge, socket: Socket, agent: str, phone: str) -> CallRef:
    """A call with a customer that the agent has answered. The server has then heard all that the desk said before."""
    ref = await edge.call(agent, phone)
    await offered(socket, ref)
    await answer(socket, ref)
    return ref


async def answer(socket: Socket, ref: CallRef) -> None:
    """Report the answer of a call that was offered, and wait for what the server shows then."""
    await socket.say(CallProgress(ref=ref, state="answered", at=socket.server.clock()))
    await offered(socket, ref)


async def offered(socket: Socket, ref: CallRef) -> None:
    """Wait until a call's customer is shown."""
    while (await until(socket, CallOffered)).card.ref != ref:
        pass


async def until(socket: Socket, kind: type[Kind]) -> Kind:
    """Return the next message of a kind."""
    while True:
        message = await socket.next()
        if isinstance(message, kind):
            return message


def lines(server: RunningServer, *actions: str) -> list[dict[str, Any]]:
    """What the audit log says of leases, in order."""
    engine = server.database()
    table = AuditEntry.__table__
    with engine.connect() as connection:
        query = select(table).where(table.c.action.like("lease.%")).order_by(table.c.seq)
        rows = [dict(row) for row in connection.execute(query).mappings()]
    engine.dispose()
    return [row for row in rows if not actions or row["action"] in actions]


def ends(server: RunningServer) -> list[str]:
    """Why leases ended, in order."""
    return [line["details"]["why"] for line in lines(server, "lease.ended")]


def rows(server: RunningServer) -> list[dict[str, Any]]:
    """The leases as the database has them."""
    engine = server.database()
    with engine.connect() as connection:
        found = [dict(row) for row in connection.execute(select(LeaseRow.__table__)).mappings()]
    engine.dispose()
    return found
