"""The telephone: when it registers, with what, and how patiently it asks for credentials."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from client.app import telephone as module
from client.app.sound_choice import SoundChoice
from client.app.telephone import Telephone, pause_before_renewal, seconds_to_renewal
from client.core import events
from client.core import telephony as tel
from client.core.events import Event
from provisioning.api import SipCredentialsReply
from tests.unit.security.fakes import Organisation


class FakeSupervisor:
    """Notes what it is told."""

    def __init__(
        self, on_report: Callable[[tel.Report], None], credentials: Callable[[], Awaitable[tel.Register | None]]
    ) -> None:
        self.report = on_report
        self.credentials = credentials
        self.told: list[tel.Order] = []
        self.started = self.stopped = False
        self.news = asyncio.Event()

    def start(self) -> None:
        self.started = True

    def send(self, order: tel.Order, /) -> None:
        self.told.append(order)
        self.news.set()

    async def stop(self) -> None:
        self.stopped = True

    async def registered_times(self, times: int) -> None:
        """Wait until so many `Register` were sent."""
        while sum(isinstance(order, tel.Register) for order in self.told) < times:
            self.news.clear()
            await self.news.wait()


class Server:
    """Gives credentials, each with a password of its own, or fails."""

    def __init__(self) -> None:
        self.given = 0
        self.life = timedelta(hours=1)
        self.failure: Exception | None = None
        self.asked = asyncio.Event()

    async def credentials(self) -> SipCredentialsReply:
        self.asked.set()
        if self.failure is not None:
            raise self.failure
        self.given += 1
        return SipCredentialsReply(
            username="1900000000:lin",
            password=f"password-{self.given}",
            realm="bank.example",
            address_of_record="sip:lin@bank.example",
            expires_at=datetime.now(UTC) + self.life,
        )


class Stage:
    """A telephone with everything around it."""

    def __init__(self) -> None:
        self.server = Server()
        self.seen: list[Event] = []
        self.supervisors: list[FakeSupervisor] = []
        self.pauses: list[int] = []
        self.telephone = Telephone(self.seen.append, self._make, self._pause)

    def _make(
        self, on_report: Callable[[tel.Report], None], credentials: Callable[[], Awaitable[tel.Register | None]]
    ) -> FakeSupervisor:
        self.supervisors.append(FakeSupervisor(on_report, credentials))
        return self.supervisors[-1]

    def _pause(self, refusals: int) -> float:
        self.pauses.append(refusals)
        return 0.0

    async def start(self) -> FakeSupervisor:
        await self.telephone.start(Organisation().manifest().sip, SoundChoice(), self.server.credentials)
        return self.supervisors[-1]


@pytest.fixture
async def stage(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.0)
    stage = Stage()
    yield stage
    await stage.telephone.stop()


async def test_it_configures_starts_and_registers(stage: Stage) -> None:
    engine = await stage.start()
    await engine.registered_times(1)
    assert engine.started
    configure, register = engine.told
    assert isinstance(configure, tel.Configure)
    assert (configure.domain, configure.edges[0].host, configure.edges[0].port) == ("bank.example", "127.0.0.1", 5061)
    assert configure.edges[0].pins
    assert configure.codecs
    assert register == tel.Register("sip:lin@bank.example", "1900000000:lin", "bank.example", "password-1")


async def test_credentials_that_cannot_be_had_are_told_and_asked_for_again(stage: Stage) -> None:
    stage.server.failure = httpx2.ConnectError("refused")
    engine = await stage.start()
    await stage.server.asked.wait()
    stage.server.failure = None
    await engine.registered_times(1)
    assert events.Failed("server-unreachable") in stage.seen


async def test_a_line_that_stands_is_not_disturbed_by_a_server_that_is_away(stage: Stage) -> None:
    engine = await stage.start()
    await engine.registered_times(1)
    stage.server.asked.clear()
    stage.server.failure = httpx2.ConnectError("refused")
    stage.telephone.renew()
    await stage.server.asked.wait()
    stage.server.failure = None
    await engine.registered_times(2)
    assert stage.seen == []


async def test_a_new_person_does_not_wait_for_the_last_ones_credentials_to_end(stage: Stage) -> None:
    engine = await stage.start()
    await engine.registered_times(1)
    await stage.telephone.stop()
    assert engine.stopped
    stage.server.failure = httpx2.ConnectError("refused")
    stage.server.asked.clear()
    engine = await stage.start()
    await stage.server.asked.wait()
    stage.server.failure = None
    await engine.registered_times(1)
    assert events.Failed("server-unreachable") in stage.seen


async def test_refused_credentials_are_fetched_anew_ever_more_patiently(stage: Stage) -> None:
    engine = await stage.start()
    await engine.registered_times(1)
    for number in (2, 3, 4):
        stage.telephone.renew()
        await engine.registered_times(number)
    assert stage.pauses == [0, 1, 2, 3]
    registered = tel.RegistrationChanged(tel.RegistrationState.REGISTERED)
    engine.report(registered)
    assert stage.seen == [registered]
    stage.telephone.renew()
    await engine.registered_times(5)
    assert stage.pauses[-1] == 1


def test_the_pause_is_none_at_first_and_then_grows_to_a_minute() -> None:
    pauses = [pause_before_renewal(refusals) for refusals in range(9)]
    assert pauses[:2] == [0.0, 0.0]
    assert sorted(pauses) == pauses
    assert pauses[2] >= 5
    assert pauses[-1] == 60


def test_credentials_are_renewed_before_they_end_and_not_in_a_hurry() -> None:
    assert seconds_to_renewal(3600) == 2700
    # A clock that is a day fast makes all credentials seem to be over.
    assert seconds_to_renewal(-86_400) == seconds_to_renewal(0) > 0


async def test_credentials_that_soon_end_are_renewed_by_themselves(stage: Stage) -> None:
    stage.server.life = timedelta(0)
    engine = await stage.start()
    await engine.registered_times(3)
    passwords = [order.password for order in engine.told if isinstance(order, tel.Register)]
    assert passwords[:3] == ["password-1", "password-2", "password-3"]


async def test_a_new_engine_gets_fresh_credentials(stage: Stage) -> None:
    engine = await stage.start()
    await engine.registered_times(1)
    fresh = await engine.credentials()
    assert fresh is not None
    assert fresh.password == "password-2"
    stage.server.failure = httpx2.ConnectError("refused")
    assert await engine.credentials() is None


async def test_orders_go_to_the_engine_while_there_is_one(stage: Stage) -> None:
    stage.telephone.order(tel.AnswerCall(1))
    engine = await stage.start()
    stage.telephone.order(tel.AnswerCall(2))
    await stage.telephone.stop()
    stage.telephone.order(tel.AnswerCall(3))
    assert [order for order in engine.told if isinstance(order, tel.AnswerCall)] == [tel.AnswerCall(2)]
    assert engine.stopped


async def test_stopping_in_the_moment_of_starting_ends(stage: Stage) -> None:
    engine = await stage.start()
    await asyncio.wait_for(stage.telephone.stop(), 10)
    assert engine.stopped


async def test_signing_in_while_an_engine_runs_keeps_it_and_its_calls(stage: Stage) -> None:
    stage.telephone.take_back(Organisation().manifest().sip, SoundChoice())
    engine = await stage.start()
    assert len(stage.supervisors) == 1
    assert not engine.stopped
    await engine.registered_times(1)


async def test_the_engine_before_has_ended_when_another_begins(stage: Stage) -> None:
    first = await stage.start()
    leaving = asyncio.create_task(stage.telephone.stop())
    await asyncio.sleep(0)
    second = await stage.start()
    await leaving
    assert first.stopped
    assert second is not first
    assert not second.stopped
