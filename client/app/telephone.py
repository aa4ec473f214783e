"""The telephone: one engine under its supervisor, and ephemeral credentials fetched before the last ones expire."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable

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

FetchCredentials = Callable[[], Awaitable[SipCredentialsReply]]


class Telephone:
    """Runs from sign-in to sign-out.

    Args:
        emit: takes the engine's reports for the core.
        make_supervisor: makes what runs the engine; tests put their own there.
    """

    def __init__(
        self,
        emit: Callable[[Event], None],
        make_supervisor: Callable[..., EngineSupervisor] = EngineSupervisor,
    ) -> None:
        self._emit = emit
        self._make_supervisor = make_supervisor
        self._supervisor: EngineSupervisor | None = None
        self._fetch: FetchCredentials | None = None
        self._due = asyncio.Event()
        self._expires_at = 0.0
        self._renewing: asyncio.Task[None] | None = None

    async def start(self, sip: SipSection, fetch: FetchCredentials) -> None:
        """Start an engine for this line, and register as soon as the server gives credentials."""
        await self.stop()
        self._fetch = fetch
        self._supervisor = self._make_supervisor(self._emit, self._credentials)
        self._supervisor.send(_configuration(sip))
        self._supervisor.start()
        self._due.set()
        self._renewing = asyncio.get_running_loop().create_task(self._keep_registered())

    async def stop(self) -> None:
        """Leave the edge and end the engine."""
        supervisor, self._supervisor = self._supervisor, None
        renewing, self._renewing = self._renewing, None
        if renewing is not None:
            renewing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await renewing
        if supervisor is not None:
            await supervisor.stop()

    def order(self, order: tel.Order) -> None:
        """Give the engine an order; one for an engine that is gone is dropped, for its calls are gone as well."""
        if self._supervisor is not None:
            self._supervisor.send(order)

    def renew(self) -> None:
        """Fetch fresh credentials now."""
        self._due.set()

    async def _keep_registered(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                left = (self._expires_at - time.time()) * _RENEW_AT if self._expires_at else None
                await asyncio.wait_for(self._due.wait(), left)
            self._due.clear()
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


def _configuration(sip: SipSection) -> tel.Configure:
    return tel.Configure(
        domain=sip.domain,
        edges=tuple(tel.EdgeAddress(edge.host, edge.port, edge.pins) for edge in sip.edges),
        ca_pem=sip.ca_pem,
        codecs=sip.codecs,
        register_seconds=sip.register_seconds,
    )
