"""The people and machines of the story, as the server meets them: IT, the edge, and desks."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pyotp
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import BaseModel
from sqlalchemy import update
from websockets.asyncio.client import ClientConnection, connect

from provisioning.api import (
    CallRef,
    EdgeCallReply,
    EnrolHello,
    EnrolHelloReply,
    EnrolRedeem,
    EnrolRedeemReply,
    FromDesk,
    FromServer,
    NewEnrolmentCodeReply,
    NewPersonReply,
    PostureReply,
    Problem,
    ProblemType,
    SignInReply,
    WrapUpRequest,
    from_server,
)
from provisioning.enrolment import EnrolmentCode, device_proof, new_nonce, same_proof, server_proof
from provisioning.organisation import Identity
from provisioning.pinned_tls import pinned_context, unverified_context
from provisioning.pins import certificate_pin
from provisioning.pki import csr_der, generate_key, key_pem, make_csr
from provisioning.posture import Posture
from server.devices.models import Device as DeviceRow
from tests.integration.server.running import RunningServer
from tests.stage.posture import kept_well, signed

REPORT_EVERY = timedelta(seconds=60)
NO_LIMIT: dict[str, Any] = {"timeout": 60, "trust_env": False}


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Caller:
    """Somebody who talks to the server; every answer is kept in `server.received`."""

    server: RunningServer
    identity: Identity | None = None
    token: str = ""

    async def send(self, method: str, path: str, body: BaseModel | dict[str, Any] | None = None) -> httpx2.Response:
        pair = self.identity.pair if self.identity else None
        organisation = self.server.organisation
        content = body.model_dump(mode="json") if isinstance(body, BaseModel) else body
        async with httpx2.AsyncClient(
            verify=pinned_context(organisation.ca_pem, organisation.server_pins, pair),
            base_url=self.server.url,
            **NO_LIMIT,
        ) as client:
            headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
            response = await client.request(method, path, json=content, headers=headers)
        self.server.received.append(response.text)
        return response

    async def refused(
        self, method: str, path: str, body: BaseModel | dict[str, Any] | None = None
    ) -> tuple[int, ProblemType]:
        """Send what is to be refused, and return how it was."""
        response = await self.send(method, path, body)
        return response.status_code, problem_of(response).problem_type


def problem_of(response: httpx2.Response) -> Problem:
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem = Problem.model_validate_json(response.content)
    assert problem.status == response.status_code
    return problem


@dataclass
class It(Caller):
    """IT, with the admin certificate."""

    async def add(
        self, name: str, *, team: str = "cards", role: str = "agent", work: str = "service"
    ) -> NewPersonReply:
        new = {"name": name, "display_name": f"Display {name}", "role": role, "team": team, "work_type": work}
        response = await self.send("POST", "/admin/people", new)
        assert response.status_code == 201, response.text
        return NewPersonReply.model_validate_json(response.content)

    async def code(self, minutes: int = 60) -> EnrolmentCode:
        response = await self.send("POST", "/admin/enrolment-codes", {"minutes": minutes})
        assert response.status_code == 201, response.text
        return EnrolmentCode.parse(NewEnrolmentCodeReply.model_validate_json(response.content).code)


@dataclass
class TheEdge(Caller):
    """The edge, with its client certificate."""

    async def call(self, agent: str, caller: str, call_id: str = "") -> CallRef:
        body = {"call_id": call_id or b64(new_nonce()), "agent": agent, "caller": caller}
        response = await self.send("POST", "/edge/calls", body)
        assert response.status_code == 200, response.text
        return EdgeCallReply.model_validate_json(response.content).ref

    async def ended(self, ref: CallRef, reason: str = "bye-customer") -> None:
        response = await self.send("POST", f"/edge/calls/{ref}/ended", {"reason": reason, "code": 200})
        assert response.status_code == 204, response.text


@dataclass
class Desk(Caller):
    """A device, and whoever is signed in on it."""

    device_id: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=generate_key)
    manifest: str = ""
    signing_keys: tuple[str, ...] = ()
    reported_at: datetime | None = None
    """When this desk last reported, by the server's clock; None for one that does not report by itself."""

    async def send(self, method: str, path: str, body: BaseModel | dict[str, Any] | None = None) -> httpx2.Response:
        """See Caller. Before it asks for anything of a call, it reports its state when that is due, as a desk does."""
        now = self.server.clock()
        if path.startswith("/calls") and self.reported_at is not None and now - self.reported_at >= REPORT_EVERY:
            self.reported_at = now
            await super().send("PUT", "/session/posture", {"posture": self.statement()})
        return await super().send(method, path, body)

    def posture(self, **changes: Any) -> Posture:
        """What this desk reports: a PC that is kept well, on whose screen anybody could look."""
        report = {
            "reported_at": self.server.clock(),
            "os": "linux",
            "os_version": "Debian 12",
            "display": "x11",
            "capture_protection": "none",
            "key_storage": "os-key-store",
        }
        return kept_well(**(report | changes))

    def statement(self, **changes: Any) -> str:
        """The same, signed."""
        return signed(self.posture(**changes), self.key)

    async def report(self, **changes: Any) -> PostureReply:
        """Report now."""
        self.reported_at = self.server.clock()
        response = await self.send("PUT", "/session/posture", {"posture": self.statement(**changes)})
        assert response.status_code == 200, response.text
        return PostureReply.model_validate_json(response.content)

    def put_key_into_hardware(self) -> None:
        """Make the server know that this desk's key is in hardware, without any."""
        engine = self.server.database()
        with engine.begin() as connection:
            query = update(DeviceRow).where(DeviceRow.id == self.device_id)
            connection.execute(query.values(key_hardware="tpm2"))
        engine.dispose()

    async def hello(self, code: EnrolmentCode) -> tuple[httpx2.Response, bytes, str]:
        """Begin to enrol; returns the answer, our nonce, and the pin that we saw."""
        nonce, seen = new_nonce(), list[str]()
        context = unverified_context(lambda der: seen.append(certificate_pin(der)))
        async with httpx2.AsyncClient(verify=context, base_url=self.server.url, **NO_LIMIT) as client:
            body = EnrolHello(code_id=code.id, device_nonce=b64(nonce)).model_dump()
            response = await client.post("/enrolment/hello", json=body)
        self.server.received.append(response.text)
        return response, nonce, seen[0]

    async def redeem(self, code: EnrolmentCode, *, key: bytes = b"", pin: str = "") -> httpx2.Response:
        """Enrol as the exchange says; `key` and `pin` stand for what a liar or a man in the middle would use."""
        response, nonce, seen = await self.hello(code)
        if response.status_code != 200:
            return response
        reply = EnrolHelloReply.model_validate_json(response.content)
        assert same_proof(server_proof(code.key(), seen, nonce, unb64(reply.server_nonce)), unb64(reply.proof)), (
            "the server did not prove itself"
        )
        csr = make_csr(self.key, "desk").decode()
        proof = device_proof(key or code.key(), pin or seen, nonce, unb64(reply.server_nonce), csr_der(csr))
        body = EnrolRedeem(
            code_id=code.id,
            server_nonce=reply.server_nonce,
            proof=b64(proof),
            csr_pem=csr,
            device_name="A desk",
        )
        context = unverified_context(lambda _der: None)
        async with httpx2.AsyncClient(verify=context, base_url=self.server.url, **NO_LIMIT) as client:
            response = await client.post("/enrolment/redeem", json=body.model_dump())
        self.server.received.append(response.text)
        return response

    async def enrol(self, code: EnrolmentCode) -> None:
        response = await self.redeem(code)
        assert response.status_code == 200, response.text
        reply = EnrolRedeemReply.model_validate_json(response.content)
        self.device_id, self.manifest, self.signing_keys = reply.device_id, reply.manifest, reply.signing_keys
        self.identity = Identity(reply.certificate_pem, key_pem(self.key))

    def sign_in_body(self, who: NewPersonReply, **changes: str) -> dict[str, Any]:
        """What a sign-in sends, with the code that the authenticator shows now."""
        totp = pyotp.parse_uri(who.totp_uri)
        assert isinstance(totp, pyotp.TOTP)
        body = {
            "name": who.name,
            "password": who.password,
            "totp": totp.at(self.server.clock()),
            "posture": self.statement(),
        }
        return body | changes

    async def sign_in(self, who: NewPersonReply, **posture: Any) -> SignInReply:
        body = self.sign_in_body(who) | {"posture": self.statement(**posture)}
        response = await self.send("POST", "/session", body)
        assert response.status_code == 201, response.text
        reply = SignInReply.model_validate_json(response.content)
        self.token, self.reported_at = reply.token, self.server.clock()
        return reply

    async def wrap_up(self, ref: CallRef, notes: str = "全程文字。", code: str = "answered") -> httpx2.Response:
        body = WrapUpRequest(code=code, notes=notes, written_at=datetime(2026, 11, 24, 14, tzinfo=UTC))
        return await self.send("PUT", f"/calls/{ref}/wrap-up", body)

    @asynccontextmanager
    async def socket(self) -> AsyncIterator["Socket"]:
        """Open the desk's WebSocket."""
        assert self.identity is not None
        organisation = self.server.organisation
        context = pinned_context(organisation.ca_pem, organisation.server_pins, self.identity.pair)
        async with connect(
            f"wss://localhost:{self.server.port}/desk",
            ssl=context,
            additional_headers={"Authorization": f"Bearer {self.token}"},
            compression=None,
            proxy=None,
        ) as websocket:
            yield Socket(self.server, websocket)


@dataclass
class Socket:
    """A desk's end of its WebSocket."""

    server: RunningServer
    websocket: ClientConnection

    async def next(self) -> FromServer:
        text = await self.websocket.recv()
        assert isinstance(text, str)
        self.server.received.append(text)
        return from_server.validate_json(text)

    async def say(self, message: FromDesk) -> None:
        await self.websocket.send(message.model_dump_json())

    async def closed(self) -> int | None:
        """Wait for the end, and return the close code."""
        await self.websocket.wait_closed()
        return self.websocket.close_code

    async def finish(self) -> None:
        """Wait until the server has dealt with all that was said: it reads in order, and nonsense makes it close."""
        await self.websocket.send("{}")
        assert await self.closed() == 1008
