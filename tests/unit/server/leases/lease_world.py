"""The real lease service over a real database, a clock that may be moved, and customers who do not exist."""

import asyncio
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select, update

from client.security.device_key import SoftwareDeviceKey
from provisioning import lease_seal
from provisioning.api import Contact, LeaseAsk, LeaseChanged, Role, Script, from_server
from provisioning.data_policy import Access, Clearance, DataPolicy, FieldRule, LeaseReason, LeaseTerms
from provisioning.device_proof import prove
from provisioning.local_text import LocalText
from provisioning.pki import generate_key, key_pem
from provisioning.trust import DataClass, TrustDecision, TrustLevel, WorkType
from server.audit.models import AuditEntry, AuditHead
from server.audit.service import AuditLog
from server.calls.models import Call, Direction
from server.customers.interfaces import Customer
from server.database import Base, Database
from server.devices.models import Device
from server.devices.service import KnownDevice, public_pem
from server.leases.models import LeaseRow
from server.leases.service import Leases
from server.people.models import Person, Session
from server.people.sessions import SignedIn
from server.push.hub import Close, Connection, Hub
from server.settings import Settings

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
VALUES = {"phone": "+8613912345678", "card": "6225881234561234", "branch": "上海", "answer": "桂林"}
Result = TypeVar("Result")


def _rule(name: str, data_class: DataClass, access: Access, lease: LeaseTerms) -> FieldRule:
    return FieldRule(name=name, data_class=data_class, mask="covered", work={WorkType.SERVICE: access}, lease=lease)


POLICY = DataPolicy(
    fields=(
        _rule("phone", DataClass.C2, Access.REVEALABLE, LeaseTerms(seconds=20, per_hour=3)),
        _rule("card", DataClass.C2, Access.REVEALABLE, LeaseTerms(seconds=10, per_hour=3, approval=True)),
        _rule("branch", DataClass.C1, Access.CLEAR, LeaseTerms()),
        _rule("answer", DataClass.C3, Access.CLEAR, LeaseTerms()),
    ),
    reasons=(LeaseReason(id="check", label=LocalText(en="Check", zh="核对")),),
)


class _Source:
    """One customer, in memory."""

    async def find_by_phone(self, e164: str) -> str | None:
        raise NotImplementedError

    async def get(self, ids: frozenset[str]) -> Mapping[str, Customer]:
        return {each: Customer(each, VALUES) for each in ids}

    async def contacts(self, customer_id: str) -> tuple[Contact, ...]:
        raise NotImplementedError

    async def script(self, work_type: WorkType) -> Script | None:
        raise NotImplementedError


class World:
    """An agent, Lina, with two calls of hers and one of somebody else's; supervisors of her team and of another."""

    def __init__(self, directory: Path) -> None:
        self.now = START
        self._runner = asyncio.Runner()
        self._database = Database.connect(f"sqlite:///{directory / 'leases.db'}")
        self.hub = Hub()
        key = generate_key()
        self._device_key = SoftwareDeviceKey(key_pem(key))
        self.device = KnownDevice("device", "thumbprint", public_pem(key.public_key()))
        self.connection: Connection | None = None
        self.pushed: list[Any] = []
        self.run(self._make())
        settings = Settings(organisation=directory)
        self.leases = Leases(
            database=self._database,
            clock=lambda: self.now,
            settings=settings,
            policy=lambda: POLICY,
            source=_Source(),
            hub=self.hub,
            audit=AuditLog(self._database, lambda: self.now),
        )

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return self._runner.run(coroutine)

    def close(self) -> None:
        self.run(self._database.close())
        self._runner.close()

    async def _make(self) -> None:
        engine = self._database._engine
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with self._database.write() as session:
            session.add(AuditHead(id=1, seq=0, hash="0" * 64))
            session.add(
                Device(
                    id="device",
                    name="PC",
                    enrolled_at=START,
                    certificate_expires_at=START,
                    revoked_at=None,
                    pin_failures=0,
                )
            )
            for name in ("lina", "zhao"):
                session.add(
                    Person(
                        name=name,
                        display_name=name,
                        role="agent",
                        team="cards",
                        work_type="service",
                        clearance="standard",
                        password_hash="",
                        sealed_totp=b"",
                        added_at=START,
                    )
                )
            await session.flush()
            session.add(
                Session(
                    id="session",
                    token_hash="",
                    person="lina",
                    device_id="device",
                    thumbprint="",
                    posture={},
                    trust_level=2,
                    trust_reasons=[],
                    trust_until=START + timedelta(days=9),
                    started_at=START,
                    last_used_at=START,
                    expires_at=START + timedelta(days=9),
                )
            )
            for ref, agent in (("c_first_call", "lina"), ("c_other_call", "lina"), ("c_zhaos_call", "zhao")):
                session.add(
                    Call(
                        ref=ref,
                        call_id=ref,
                        direction=Direction.INCOMING,
                        agent=agent,
                        customer_id="1",
                        offered_at=START,
                        answered_at=START if agent == "zhao" else None,
                    )
                )

    # --- what happens around a lease ----------------------------------------------------------------------------------

    @property
    def lina(self) -> SignedIn:
        trust = TrustDecision(level=TrustLevel.T0)
        # What a request saw at its beginning says the least on purpose: what counts is what is so at that moment.
        return self._signed_in("lina", "session", Role.AGENT, "cards", trust)

    def supervisor(self, name: str, team: str) -> SignedIn:
        return self._signed_in(name, f"{name}s", Role.SUPERVISOR, team, TrustDecision(level=TrustLevel.T0))

    def _signed_in(self, name: str, session_id: str, role: Role, team: str, trust: TrustDecision) -> SignedIn:
        return SignedIn(
            session_id=session_id,
            person=name,
            display_name=name,
            role=role,
            team=team,
            work_type=WorkType.SERVICE,
            clearance=Clearance.STANDARD,
            device_id="device",
            trust=trust,
            expires_at=START + timedelta(days=9),
        )

    def open_socket(self) -> None:
        self.connection = Connection("session", "lina", Role.AGENT, "cards")
        self.hub.add(self.connection)
        self.run(self.leases.connected("session"))

    def read_pushes(self) -> list[LeaseChanged]:
        """Return what the desk was told since the last time."""
        told: list[LeaseChanged] = []
        while self.connection is not None and not self.connection.queue.empty():
            item = self.connection.queue.get_nowait()
            if not isinstance(item, Close) and isinstance(message := from_server.validate_json(item), LeaseChanged):
                told.append(message)
        return told

    def set_trust(self, level: int) -> None:
        async def change() -> None:
            async with self._database.write() as session:
                await session.execute(update(Session).values(trust_level=level))

        self.run(change())

    def set_call(self, ref: str, **changes: datetime | None) -> None:
        async def change() -> None:
            async with self._database.write() as session:
                await session.execute(update(Call).where(Call.ref == ref).values(**changes))
                if changes.get("ended_at") is not None:
                    await self.leases.call_over(session, ref)

        self.run(change())

    def sign(self, ref: str, field: str, at: datetime, pair: tuple[lease_seal.PrivateKey, str]) -> str:
        ask = LeaseAsk(ref=ref, field=field, key=pair[1], asked_at=at)
        return prove(self._device_key, "lease", ask.model_dump_json().encode())

    # --- what is left of it -------------------------------------------------------------------------------------------

    def rows(self) -> list[LeaseRow]:
        async def read() -> list[LeaseRow]:
            async with self._database.read() as session:
                return list((await session.execute(select(LeaseRow))).scalars())

        return self.run(read())

    def log(self) -> list[AuditEntry]:
        async def read() -> list[AuditEntry]:
            async with self._database.read() as session:
                return list((await session.execute(select(AuditEntry).order_by(AuditEntry.seq))).scalars())

        return self.run(read())
