"""The line: registered with one edge, or on the way to one.

PJSIP's own retry knows neither a second edge nor a pin, so the retries are ours. Edges are tried in the manifest's
order; when all have failed, the next round waits a random time whose bound doubles up to two minutes, so that an edge
that comes back is not trampled by all desks at once.
"""

import random
import socket
import threading
import time
from collections.abc import Callable

import pjsua2 as pj

from client.core.telephony import (
    Configure,
    EdgeAddress,
    EdgeNotPinned,
    LineFault,
    Register,
    RegistrationChanged,
    RegistrationState,
)
from client.sip.engine import settings
from client.sip.engine.log_lines import warn
from client.sip.engine.pins import is_pinned, pin_of_or_none
from client.sip.engine.timers import Timer, Timers

ATTEMPT_SECONDS = 10.0
FIRST_RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 120.0

GRAVITY = (
    LineFault.UNREACHABLE,
    LineFault.REFUSED,
    LineFault.CREDENTIALS,
    LineFault.CERTIFICATE,
    LineFault.PIN_MISMATCH,
)
"""When edges fail in different ways, the gravest is the one to tell."""

_CREDENTIAL_STATUSES = (401, 403, 407)
_NO_ANSWER = 408
_BUSY = 171_001  # PJSIP_EBUSY


def retry_delay(rounds: int, spread: Callable[[float, float], float] = random.uniform) -> float:
    """Return the seconds until the next round of attempts, after so many rounds that failed."""
    if rounds == 0:
        return spread(0.0, FIRST_RETRY_SECONDS)
    return spread(FIRST_RETRY_SECONDS, min(LONGEST_RETRY_SECONDS, 4.0 * 2.0**rounds))


class LineAccount(pj.Account):  # type: ignore[misc]
    """PJSIP's account; hands its callbacks to the line and to the calls."""

    def __init__(
        self,
        on_registration: Callable[[pj.OnRegStateParam], None],
        on_call: Callable[[int, str], None],
        on_messages: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._on_registration = on_registration
        self._on_call = on_call
        self._on_messages = on_messages

    def start_over(self, config: pj.AccountConfig) -> None:
        """Have PJSIP forget the REGISTER whose answer it waits for: for half a minute it would send no other one.

        It does so only for a change of the registration, so there is one, and it is taken back before anything is sent.
        """
        config.regConfig.contactParams = ";over"
        self.modify(config)
        config.regConfig.contactParams = ""
        self.modify(config)

    def onRegState(self, prm: pj.OnRegStateParam) -> None:  # noqa: N802
        """Called by PJSIP when a REGISTER is answered, or given up."""
        self._on_registration(prm)

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:  # noqa: N802
        """Called by PJSIP for an INVITE that passed its checks."""
        self._on_call(prm.callId, prm.rdata.wholeMsg)

    def onMwiInfo(self, prm: pj.OnMwiInfoParam) -> None:  # noqa: N802
        """Called by PJSIP for a NOTIFY of the voice mailbox."""
        self._on_messages(prm.rdata.wholeMsg)


class Line:
    """Keeps the desk registered.

    `resolve` looks a host up and may take long; it runs on a thread of its own, and its answer is handed to the main
    loop through `deliver`.
    """

    def __init__(
        self,
        timers: Timers,
        report: Callable[[RegistrationChanged | EdgeNotPinned], None],
        on_call: Callable[[int, str], None],
        deliver: Callable[[Callable[[], None]], None],
        on_messages: Callable[[str], None],
    ) -> None:
        self.state = RegistrationChanged(RegistrationState.UNREGISTERED)
        self.account: LineAccount | None = None
        self.is_leaving = False
        """Whether the edge has yet to confirm that we left."""
        self._timers = timers
        self._report = report
        self._on_call = on_call
        self._deliver = deliver
        self._on_messages = on_messages
        self._configuration: Configure | None = None
        self._credentials: Register | None = None
        self._transport = -1
        self._edge = 0
        self._attempt = 0
        """Counts up, so that what belongs to an attempt given up can be told apart."""
        self._rounds = 0
        self._faults: list[tuple[LineFault, int]] = []
        self._connection = 0
        self._used_before = 0
        """The connection that there was already when the latest REGISTER was sent."""
        self._connection_fault: LineFault | None = None
        self._timer: Timer | None = None
        self._away_since = time.monotonic()
        self.edge_address = ""
        """The edge's IP address, when it was last looked up."""

    # --- Orders -------------------------------------------------------------------------------------------------------

    def configure(self, configuration: Configure, transport: int) -> None:
        """Set the edges, and the TLS transport with their authority. The line registers when it has credentials."""
        self._configuration = configuration
        self._transport = transport
        self._edge = 0
        if self._credentials is not None:
            self._begin()

    def register(self, credentials: Register) -> None:
        """Register with these credentials, at once."""
        self._credentials = credentials
        if self._configuration is not None:
            self._rounds = 0
            self._faults.clear()
            self._begin()

    def reconnect(self) -> None:
        """The network is another one: leave the connection, which may be dead without knowing it, and register anew."""
        if self._credentials is None:
            return
        self._leave_connection()
        self._change(RegistrationChanged(RegistrationState.REGISTERING, self.edge_name))
        self._rounds = 0
        self._faults.clear()
        self._begin()

    def _leave_connection(self) -> None:
        if self._connection:
            try:
                pj.Endpoint.instance().transportShutdown(self._connection)
            except pj.Error as error:
                # It has ended by itself just now.
                warn(f"the connection could not be shut down: status {error.status}")
            self._connection = 0

    def check(self) -> None:
        """The network was away and is back: see at once whether the edge still has us, instead of when the time comes.

        Who is registered stays so meanwhile. Refused credentials are not tried again; the desk sends fresh ones.
        """
        if self._credentials is None or (self.state.state is RegistrationState.FAILED and self._timer is None):
            return
        self._rounds = 0
        self._faults.clear()
        self._begin()

    def unregister(self) -> None:
        """Leave the edge and forget the credentials."""
        self._credentials = None
        self._attempt += 1
        self._cancel_timer()
        if self.state.state in (RegistrationState.REGISTERED, RegistrationState.REGISTERING):
            self._leave()
        self._change(RegistrationChanged(RegistrationState.UNREGISTERED))

    def _leave(self) -> None:
        if self.account is None:
            return
        self.is_leaving = True
        try:
            self.account.setRegistration(False)
        except pj.Error as error:
            # A REGISTER is still under way: we leave when it has been answered.
            self.is_leaving = error.status == _BUSY

    # --- One attempt --------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        configuration, credentials = self._configuration, self._credentials
        self._cancel_timer()
        if configuration is None or credentials is None or not configuration.edges:
            return
        self._attempt += 1
        attempt, edge = self._attempt, configuration.edges[self._edge]
        self._connection_fault = None
        if self.state.state is not RegistrationState.REGISTERED:
            self._change(RegistrationChanged(RegistrationState.REGISTERING, _name(edge)))
        self._timer = self._timers.after(ATTEMPT_SECONDS, lambda: self._given_up(attempt))

        def look_up() -> None:
            # PJSIP looks the name up again, on the main loop; by then the OS has shown that it can.
            try:
                addresses = socket.getaddrinfo(edge.host, edge.port, socket.AF_INET, socket.SOCK_STREAM)
                found = str(addresses[0][4][0])
            except OSError:
                found = ""
            self._deliver(lambda: self._looked_up(attempt, found))

        threading.Thread(target=look_up, name="look-up", daemon=True).start()

    def _looked_up(self, attempt: int, found: str) -> None:
        if attempt != self._attempt or self._configuration is None or self._credentials is None:
            return
        if not found:
            self._failed(LineFault.UNREACHABLE, 0)
            return
        self.edge_address = found
        edge = self._configuration.edges[self._edge]
        config = settings.account_config(self._configuration, self._credentials, edge, self._transport)
        try:
            if self.account is None:
                self.account = LineAccount(self._on_registration, self._on_call, self._on_messages)
                self.account.create(config, True)
            else:
                self.account.modify(config)
            self._used_before = self._connection
            self._send(self.account, config)
        except pj.Error as error:
            warn(f"the registration could not be sent: status {error.status}")
            self._failed(self._connection_fault or LineFault.UNREACHABLE, 0)

    def _send(self, account: LineAccount, config: pj.AccountConfig) -> None:
        try:
            account.setRegistration(True)
        except pj.Error as error:
            if error.status != _BUSY:
                raise
            account.start_over(config)
            account.setRegistration(True)

    def _given_up(self, attempt: int) -> None:
        if attempt != self._attempt:
            return
        # Without an answer, a connection that stands may be dead without knowing it: the kernel would go on sending for
        # a quarter of an hour.
        was_used_before = self._connection != 0 and self._connection == self._used_before
        self._leave_connection()
        if was_used_before:
            self._change(RegistrationChanged(RegistrationState.REGISTERING, self.edge_name))
            self._begin()
        else:
            self._failed(self._connection_fault or LineFault.UNREACHABLE, 0)

    def _on_registration(self, prm: pj.OnRegStateParam) -> None:
        if self._credentials is None:
            self.is_leaving = False
            if 200 <= prm.code < 300 and prm.expiration > 0:
                self._leave()
            return
        if 200 <= prm.code < 300 and prm.status == 0:
            if prm.expiration == 0:
                return
            self._cancel_timer()
            self._rounds = 0
            self._faults.clear()
            self._change(RegistrationChanged(RegistrationState.REGISTERED, self.edge_name, status=prm.code))
        elif not prm.rdata.wholeMsg:
            # PJSIP answers itself, with 503 or 408, when there is no connection or no answer.
            if prm.code == _NO_ANSWER:
                self._leave_connection()
            self._failed(self._connection_fault or LineFault.UNREACHABLE, 0)
        elif prm.code in _CREDENTIAL_STATUSES:
            self._failed(LineFault.CREDENTIALS, prm.code)
        else:
            self._failed(LineFault.REFUSED, prm.code)

    def _failed(self, fault: LineFault, status: int) -> None:
        configuration = self._configuration
        if configuration is None:
            return
        self._attempt += 1
        self._cancel_timer()
        self._faults.append((fault, status))
        self._edge = (self._edge + 1) % len(configuration.edges)
        if len(self._faults) < len(configuration.edges):
            # The current report may still say "registered", which is no longer so.
            if self.state.state is RegistrationState.REGISTERED:
                self._change(RegistrationChanged(RegistrationState.REGISTERING, self.edge_name))
            self._begin()
            return
        gravest, its_status = max(self._faults, key=lambda one: GRAVITY.index(one[0]))
        self._faults.clear()
        self._change(RegistrationChanged(RegistrationState.FAILED, self.edge_name, gravest, its_status))
        if gravest is LineFault.CREDENTIALS:
            # The same credentials would be refused again, and the edge might lock us out. The desk sends fresh ones.
            return
        self._rounds += 1
        self._timer = self._timers.after(retry_delay(self._rounds), self._begin)

    # --- Connections --------------------------------------------------------------------------------------------------

    def on_connected(self, connection: int, certificate_pem: str) -> bool:
        """A TLS connection stands, and nothing has been sent over it yet. Whether it may be used: only with a pin."""
        edge = self._current_edge()
        if edge is not None and is_pinned(certificate_pem, edge.pins):
            self._connection = connection
            return True
        others = self._configuration.edges if self._configuration is not None else ()
        if not any(is_pinned(certificate_pem, other.pins) for other in others):
            self._connection_fault = LineFault.PIN_MISMATCH
            if edge is not None and (seen := pin_of_or_none(certificate_pem)) is not None:
                self._report(EdgeNotPinned(edge.host, edge.port, seen))
        return False

    def on_disconnected(self, connection: int, certificate_refused: bool) -> None:
        """A TLS connection is gone, or did not come about."""
        if certificate_refused:
            self._connection_fault = LineFault.CERTIFICATE
        if connection == self._connection and connection:
            self._connection = 0
            if self.state.state is RegistrationState.REGISTERED:
                self._change(RegistrationChanged(RegistrationState.REGISTERING, self.edge_name))
                self._attempt += 1
                self._cancel_timer()
                self._timer = self._timers.after(retry_delay(0), self._begin)

    @property
    def away_for(self) -> float:
        """For how many seconds we have not been registered; 0 while we are."""
        registered = self.state.state is RegistrationState.REGISTERED
        return 0.0 if registered else time.monotonic() - self._away_since

    @property
    def edge_name(self) -> str:
        """The edge in use, as `host:port`; empty before there is one."""
        edge = self._current_edge()
        return "" if edge is None else _name(edge)

    def _current_edge(self) -> EdgeAddress | None:
        if self._configuration is None or not self._configuration.edges:
            return None
        return self._configuration.edges[self._edge]

    def _change(self, state: RegistrationChanged) -> None:
        if state != self.state:
            if self.state.state is RegistrationState.REGISTERED:
                self._away_since = time.monotonic()
            self.state = state
            self._report(state)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _name(edge: EdgeAddress) -> str:
    return f"{edge.host}:{edge.port}"
