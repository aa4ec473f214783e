"""Everything that a running server consists of, put together in one place."""

from provisioning.admin.audit_keys import CheckpointKeys
from provisioning.organisation import Organisation
from server.audit.checkpoints import Checkpoints
from server.audit.service import AuditLog
from server.calls.quality import Qualities
from server.calls.service import Calls
from server.clock import Clock, system_clock
from server.customers.published import PublishedPolicy
from server.customers.service import Cards
from server.customers.source import SqlCustomers, phone_digester
from server.database import Database
from server.devices.attestation import Attestation
from server.devices.service import Devices
from server.dialling.service import Dialling
from server.digits.service import SealedDigits
from server.enrolment.service import Enrolment
from server.leases.service import Leases
from server.payments.http import payments_of
from server.people.service import People
from server.people.sessions import Sessions
from server.posture.reports import Reports
from server.posture.service import Postures
from server.push.hub import Hub
from server.recordings.gaps import RecordingGaps
from server.sealing import Digester
from server.settings import Settings
from server.supervision.presence import MemoryPresence
from server.supervision.wall import Wall


class Services:
    """The parts, built over one database, one clock and one organisation."""

    def __init__(
        self, settings: Settings, organisation: Organisation, database: Database, clock: Clock = system_clock
    ) -> None:
        key = organisation.data_key
        self.settings = settings
        self.organisation = organisation
        self.database = database
        self.clock = clock
        self.hub = Hub()
        self.audit = AuditLog(database, clock, Checkpoints(CheckpointKeys(organisation)))
        self.devices = Devices(database, clock, organisation, self.audit)
        self.attestation = Attestation(database, clock, organisation, self.audit)
        self.enrolment = Enrolment(database, clock, organisation, self.devices, self.audit)
        self.sessions = Sessions(database, clock, settings, self.hub)
        reports = Reports(clock, organisation)
        self.people = People(
            database=database,
            clock=clock,
            organisation=organisation,
            sessions=self.sessions,
            reports=reports,
            hub=self.hub,
            audit=self.audit,
        )
        self.published = PublishedPolicy(organisation)
        source = SqlCustomers(database, phone_digester(key))
        cards = Cards(source, self.published, Digester(key, "customer token"))
        self.calls = Calls(
            database=database,
            clock=clock,
            settings=settings,
            organisation=organisation,
            cards=cards,
            sessions=self.sessions,
            hub=self.hub,
            audit=self.audit,
        )
        self.qualities = Qualities(database, clock, self.calls)
        self.dialling = Dialling(
            database=database,
            clock=clock,
            settings=settings,
            organisation=organisation,
            cards=cards,
            audit=self.audit,
        )
        self.leases = Leases(
            database=database,
            clock=clock,
            settings=settings,
            policy=self.published.now,
            source=source,
            hub=self.hub,
            audit=self.audit,
        )
        self.sessions.on_end.append(self.leases.session_over)
        self.calls.on_end.append(self.leases.call_over)
        self.gaps = RecordingGaps(clock, self.audit)
        self.digits = SealedDigits(
            database=database,
            clock=clock,
            settings=settings,
            calls=self.calls,
            hub=self.hub,
            audit=self.audit,
            gaps=self.gaps,
            payments=payments_of(settings),
        )
        self.sessions.on_end.append(self.digits.session_over)
        self.calls.on_end.append(self.digits.call_over)
        self.wall = Wall(database, clock, self.hub, MemoryPresence())
        self.postures = Postures(
            database=database,
            clock=clock,
            reports=reports,
            sessions=self.sessions,
            hub=self.hub,
            audit=self.audit,
            wall=self.wall,
            end_leases=self.leases.end_for_session,
        )

    async def sweep(self) -> None:
        """End and delete what is over; done every some seconds."""
        await self.sessions.sweep()
        await self.postures.sweep()
        await self.leases.sweep()
        await self.dialling.sweep()
        await self.audit.sweep()
