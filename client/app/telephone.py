"""The telephone: one engine under its supervisor, and ephemeral credentials fetched before the last ones expire."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from client.app.sound_choice import SoundChoice
from client.core import events
from client.core import telephony as tel
from client.core.events import Event
from client.security.trouble import problem_code
from client.sip.supervisor import EngineSupervisor
from provisioning.api import SipCredentialsReply
from provisioning.manifest import SipSection

_log = logging.getLogger("hearthline.desk")
_RENEW_AT = 0.75
"""Credentials are renewed when this part of their life is over."""
_RETRY_SECONDS = 5.0
_LONGEST_PAUSE = 60.0

FetchCredentials = Callable[[], Awaitable[SipCredentialsReply]]


def pause_before_renewal(refusals: int) -> float:
    """Return the seconds to wait before credentials are fetched, after so many in a row that the edge refused.

    None after the first refusal, which mostly means that they had expired. Then ever longer: an edge with another
    secret than the server's refuses all of them, and locks out whoever tries too often.
    """
    return 0.0 if refusals <= 1 else min(_LONGEST_PAUSE, 10.0 * 2.0 ** (refusals - 2))


def seconds_to_renewal(life: float) -> float:
    """Return the seconds to wait before credentials are renewed that end in so many seconds.

    Never less than a moment: on a PC whose clock is fast, all credentials seem to be over.
    """
    return max(_RETRY_SECONDS, life * _RENEW_AT)


class Supervisor(Protocol):
    """What runs the engine; see `EngineSupervisor`."""

    def start(self) -> None: ...
    def send(self, order: tel.Order, /) -> None: ...
    async def stop(self) -> None: ...


MakeSupervisor = Callable[[Callable[[tel.Report], None], Callable[[], Awaitable[tel.Register | None]]], Supervisor]


class Telephone:
    """Runs from sign-in to sign-out.

    Args:
        emit: takes the engine's reports for the core.
        make_supervisor: makes what runs the engine; tests put their own there.
        pause: seconds before credentials are fetched, after so many refusals in a row.
        on_mismatch: is told of whoever answers in an edge's place with another key.
    """

    def __init__(
        self,
        emit: Callable[[Event], None],
        make_supervisor: MakeSupervisor = EngineSupervisor,
        pause: Callable[[int], float] = pause_before_renewal,
        on_mismatch: Callable[[tel.EdgeNotPinned], None] = lambda _: None,
    ) -> None:
        self._emit = emit
        self._make_supervisor = make_supervisor
        self._pause = pause
        self._on_mismatch = on_mismatch
        self._sip: SipSection | None = None
        self._supervisor: Supervisor | None = None
        self._fetch: FetchCredentials | None = None
        self._due = asyncio.Event()
        self._changing = asyncio.Lock()
        """One engine ends before another begins: the second would take the first for one that was left to it."""
        self._refusals = 0
        self._expires_at = 0.0
        self._renewing: asyncio.Task[None] | None = None

    def take_back(self, sip: SipSection, sound: SoundChoice) -> None:
        """Take over the engine that an earlier desk has left, with its calls, before anybody signs in."""
        if self._supervisor is None:
            self._begin(sip, sound)

    async def start(self, sip: SipSection, sound: SoundChoice, fetch: FetchCredentials) -> None:
        """Start an engine for this line, and register as soon as the server gives credentials.

        One that was taken back is kept: its calls go on.
        """
        async with self._changing:
            await self._end_renewals()
            self._fetch = fetch
            self._refusals = 0
            self._expires_at = 0.0
            if self._supervisor is None:
                self._begin(sip, sound)
            else:
                self._configure(self._supervisor, sip, sound)
            self._due.set()
            self._renewing = asyncio.get_running_loop().create_task(self._keep_registered())

    def obey(self, sip: SipSection, sound: SoundChoice) -> None:
        """Take the edges and pins of a newer manifest, while somebody works; calls go on."""
        if self._supervisor is not None and sip != self._sip:
            self._configure(self._supervisor, sip, sound)

    async def stop(self) -> None:
        """Leave the edge and end the engine."""
        async with self._changing:
            supervisor, self._supervisor = self._supervisor, None
            self._fetch = None
            await self._end_renewals()
            if supervisor is not None:
                await supervisor.stop()

    def order(self, order: tel.Order) -> None:
        """Give the engine an order; one for an engine that is gone is dropped, for its calls are gone as well."""
        if self._supervisor is not None:
            self._supervisor.send(order)

    def renew(self) -> None:
        """Fetch fresh credentials, because the edge refused these: now, or later where it refuses all of them."""
        self._refusals += 1
        self._due.set()

    def _begin(self, sip: SipSection, sound: SoundChoice) -> None:
        self._supervisor = self._make_supervisor(self._take, self._credentials)
        self._configure(self._supervisor, sip, sound)
        self._supervisor.start()

    def _configure(self, supervisor: Supervisor, sip: SipSection, sound: SoundChoice) -> None:
        self._sip = sip
        supervisor.send(_configuration(sip, sound))

    async def _end_renewals(self) -> None:
        renewing, self._renewing = self._renewing, None
        if renewing is not None:
            renewing.cancel()
            await asyncio.wait([renewing])

    def _take(self, report: tel.Report) -> None:
        if isinstance(report, tel.EdgeNotPinned):
            self._on_mismatch(report)
            return
        if isinstance(report, tel.RegistrationChanged) and report.state is tel.RegistrationState.REGISTERED:
            self._refusals = 0
        self._emit(report)

    async def _keep_registered(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                left = seconds_to_renewal(self._expires_at - time.time()) if self._expires_at else None
                # Not wait_for, which on Python 3.11 loses a cancellation that comes together with the event.
                async with asyncio.timeout(left):
                    await self._due.wait()
            self._due.clear()
            await asyncio.sleep(self._pause(self._refusals))
            register = await self._credentials()
            if register is None:
                # The registration that stands goes on until its credentials expire; nobody is cut off.
                await asyncio.sleep(_RETRY_SECONDS)
                self._due.set()
            else:
                self.order(register)

    async def _credentials(self) -> tel.Register | None:
        if self._fetch is None:
            return None
        try:
            reply = await self._fetch()
        except Exception as error:  # Whatever it is, the line that stands goes on.
            code = problem_code(error)
            _log.info("credentials not fetched: %s", code)
            if time.time() >= self._expires_at:
                self._emit(events.Failed(code))
            return None
        self._expires_at = reply.expires_at.timestamp()
        return tel.Register(
            address_of_record=reply.address_of_record,
            username=reply.username,
            realm=reply.realm,
            password=reply.password,
        )


def _configuration(sip: SipSection, sound: SoundChoice) -> tel.Configure:
    return tel.Configure(
        domain=sip.domain,
        edges=tuple(tel.EdgeAddress(edge.host, edge.port, edge.pins) for edge in sip.edges),
        ca_pem=sip.ca_pem,
        codecs=sip.codecs,
        register_seconds=sip.register_seconds,
        capture=sound.capture,
        playback=sound.playback,
        ring=sound.ring,
        ear=sound.ear,
        noise_suppression=sip.noise_suppression,
        gain_control=sip.gain_control,
        real_time_text=sip.real_time_text,
        message_waiting=sip.message_waiting,
        ice=sip.ice,
        stun=sip.stun,
        turn=sip.turn,
    )
