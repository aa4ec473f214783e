"""Adding, disabling, and signing people in."""

import asyncio

from limits import RateLimitItemPerMinute
from sqlalchemy import select, update

from provisioning.admin.bodies import PersonRow
from provisioning.api import NewPerson, NewPersonReply, PersonView, ProblemType, Role, SignInReply, SignInRequest
from provisioning.data_policy import Clearance, read_clearance, word
from provisioning.organisation import Organisation
from provisioning.trust import WorkType
from server.audit.service import Action, AuditLog
from server.clock import Clock
from server.database import Database
from server.devices.service import KnownDevice
from server.people.credentials import (
    hash_password,
    new_password,
    new_totp_secret,
    password_is_right,
    totp_step,
    totp_uri,
)
from server.people.models import Person, Session
from server.people.sessions import Sessions, SignedIn
from server.posture.reports import Reports
from server.problems import Refused
from server.push.hub import Hub
from server.sealing import Sealer
from server.throttle import Throttle

_PER_NAME = RateLimitItemPerMinute(5, 5)
"""Five attempts in five minutes for one name, whether it exists or not."""
_PER_ADDRESS = RateLimitItemPerMinute(30, 5)
"""Thirty attempts in five minutes from one address, which several people may share."""
_NO_SUCH_PERSON = "There is no such person; hearthline-admin person list shows all."


class People:
    """Everybody who may sign in."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        organisation: Organisation,
        sessions: Sessions,
        reports: Reports,
        hub: Hub,
        audit: AuditLog,
    ) -> None:
        self._database = database
        self._clock = clock
        self._organisation = organisation
        self._sessions = sessions
        self._reports = reports
        self._hub = hub
        self._audit = audit
        self._by_name = Throttle(_PER_NAME, ProblemType.SIGN_IN_TOO_OFTEN)
        self._by_address = Throttle(_PER_ADDRESS, ProblemType.SIGN_IN_TOO_OFTEN)
        # Each check of a password takes 64 MiB: so many at once, and the rest wait.
        self._checks = asyncio.Semaphore(4)
        self._sealer = Sealer(organisation.data_key, "totp")
        # What an unknown name's code is compared with.
        self._nobodys_totp = new_totp_secret()

    async def add(self, new: NewPerson, actor: str) -> NewPersonReply:
        """Add a person, and return their first credentials, which are not kept.

        Raises:
            Refused: the name is taken, be it by a disabled person, because audit and history keep names.
        """
        password, secret = new_password(), new_totp_secret()
        details = {"role": str(new.role), "clearance": word(new.clearance)}
        async with self._checks:
            password_hash = await asyncio.to_thread(hash_password, password)
        async with self._database.write() as session:
            if await session.get(Person, new.name) is not None:
                raise Refused(ProblemType.CONFLICT, "There is, or was, a person of this name. Choose another name.")
            session.add(
                Person(
                    name=new.name,
                    display_name=new.display_name,
                    role=new.role,
                    team=new.team,
                    work_type=new.work_type,
                    clearance=word(new.clearance),
                    password_hash=password_hash,
                    sealed_totp=self._sealer.seal(secret.encode(), new.name),
                    last_totp_step=0,
                    added_at=self._clock(),
                    disabled_at=None,
                )
            )
            await self._audit.append(session, actor, Action.PERSON_ADDED, f"person:{new.name}", **details)
        organisation = self._organisation.file.name
        return NewPersonReply(name=new.name, password=password, totp_uri=totp_uri(secret, new.name, organisation))

    async def list_all(self) -> tuple[PersonRow, ...]:
        """Return everybody, by name."""
        async with self._database.read() as session:
            rows = (await session.execute(select(Person).order_by(Person.name))).scalars().all()
        return tuple(
            PersonRow(
                name=row.name,
                display_name=row.display_name,
                role=Role(row.role),
                team=row.team,
                work_type=WorkType(row.work_type),
                clearance=read_clearance(row.clearance),
                disabled_at=row.disabled_at,
            )
            for row in rows
        )

    async def set_clearance(self, name: str, clearance: Clearance, actor: str) -> None:
        """Trust a person more or less with customers' data; it holds for the next thing that they ask for.

        Raises:
            Refused: there is no such person.
        """
        async with self._database.write() as session:
            person = await session.get(Person, name)
            if person is None:
                raise Refused(ProblemType.NOT_FOUND, _NO_SUCH_PERSON)
            if person.clearance != word(clearance):
                details = {"before": person.clearance, "after": word(clearance)}
                person.clearance = word(clearance)
                await self._audit.append(session, actor, Action.CLEARANCE_CHANGED, f"person:{name}", **details)

    async def disable(self, name: str, actor: str) -> None:
        """Let a person sign in no more, and end their sessions at once.

        Raises:
            Refused: there is no such person.
        """
        ended: tuple[str, ...] = ()
        async with self._database.write() as session:
            person = await session.get(Person, name)
            if person is None:
                raise Refused(ProblemType.NOT_FOUND, _NO_SUCH_PERSON)
            if person.disabled_at is None:
                person.disabled_at = self._clock()
                ended = await self._sessions.end_in(session, "person-disabled", Session.person == name)
                await self._audit.append(session, actor, Action.PERSON_DISABLED, f"person:{name}")
        for session_id in ended:
            self._hub.end_session(session_id, "person-disabled")

    async def sign_in(self, request: SignInRequest, device: KnownDevice, address: str) -> SignInReply:
        """Check name, password and code, and start a session. Every failure has the same answer.

        Raises:
            Refused: something is wrong, or was wrong too often.
        """
        await self._by_address.attempt(address)
        await self._by_name.attempt(request.name)
        report = self._reports.read(device, request.posture)
        async with self._database.read() as session:
            person = await session.get(Person, request.name)
        step = await self._check(person, request)
        if person is None or step is None:
            # The name is not recorded: people type passwords into name fields.
            known = f"person:{person.name}" if person is not None else "person:unknown"
            await self._audit.record(f"device:{device.id}", Action.SIGN_IN_REFUSED, known)
            raise Refused(ProblemType.SIGN_IN_WRONG, "Check all three; a code from the authenticator works once.")
        async with self._database.write() as session:
            # The condition makes the use of a code atomic: of two requests with one code, one finds no row.
            query = update(Person).where(
                Person.name == person.name, Person.last_totp_step < step, Person.disabled_at.is_(None)
            )
            used = await session.execute(query.values(last_totp_step=step))
            if used.rowcount != 1:  # type: ignore[attr-defined]
                raise Refused(ProblemType.SIGN_IN_WRONG, "Check all three; a code from the authenticator works once.")
            await self._reports.accept(session, device, report)
            ended = await self._sessions.end_in(session, "signed-in-elsewhere", Session.person == person.name)
            token, signed_in = await self._sessions.start(session, person, device, report)
            await self._audit.append(
                session,
                f"person:{person.name}",
                Action.SIGNED_IN,
                f"device:{device.id}",
                trust=f"T{int(signed_in.trust.level)}",
            )
        for session_id in ended:
            self._hub.end_session(session_id, "signed-in-elsewhere")
        # Only failures add up.
        await self._by_name.forgive(request.name)
        return SignInReply(
            token=token, expires_at=signed_in.expires_at, person=person_view(signed_in), trust=signed_in.trust
        )

    async def _check(self, person: Person | None, request: SignInRequest) -> int | None:
        """Do the same work whoever is asked for, and return the code's time step when all is right."""
        usable = person is not None and person.disabled_at is None
        async with self._checks:
            password_right = await password_is_right(request.password, person.password_hash if person else None)
        secret = self._sealer.open(person.sealed_totp, person.name).decode() if person else self._nobodys_totp
        step = totp_step(secret, request.totp, self._clock())
        fresh = step is not None and step > (person.last_totp_step if person else 0)
        return step if usable and password_right and fresh else None

    async def sign_out(self, signed_in: SignedIn) -> None:
        """End a session because its person says so."""
        async with self._database.write() as session:
            await self._sessions.end_in(session, "signed-out", Session.id == signed_in.session_id)
            await self._audit.append(
                session, f"person:{signed_in.person}", Action.SIGNED_OUT, f"device:{signed_in.device_id}"
            )
        self._hub.end_session(signed_in.session_id, "signed-out")


def person_view(signed_in: SignedIn) -> PersonView:
    """Return a signed-in person as the contract shows them."""
    return PersonView(
        name=signed_in.person,
        display_name=signed_in.display_name,
        role=signed_in.role,
        team=signed_in.team,
        work_type=signed_in.work_type,
    )
