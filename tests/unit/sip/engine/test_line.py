"""The line's patience: who waits for the next try goes on at once when the network is back."""

import queue
import socket
from collections.abc import Callable
from typing import NoReturn

import pytest

from client.core.telephony import (
    Configure,
    EdgeAddress,
    EdgeNotPinned,
    LineFault,
    Register,
    RegistrationChanged,
    RegistrationState,
)
from client.sip.engine.line import Line
from client.sip.engine.timers import Timers

EDGE = EdgeAddress("edge.invalid", 5061, ())
CONFIGURE = Configure("example.invalid", (EDGE,), "", (), 300)
REGISTER = Register("sip:agent@example.invalid", "agent", "example.invalid", "password")


class Rehearsal:
    """A line whose edge has no address, with its reports, and the main loop's inbox."""

    def __init__(self) -> None:
        self.states: list[RegistrationState] = []
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.line = Line(Timers(lambda: 0.0), self._take, lambda *_: None, self._inbox.put, lambda _: None)
        self.line.configure(CONFIGURE, -1)
        self.line.register(REGISTER)

    def _take(self, report: RegistrationChanged | EdgeNotPinned) -> None:
        assert isinstance(report, RegistrationChanged)
        self.states.append(report.state)

    def next_answer(self) -> None:
        """Let the line have what its next look-up found."""
        self._inbox.get(timeout=20)()

    @property
    def is_looking_up(self) -> bool:
        return not self._inbox.empty()


@pytest.fixture
def rehearsal(monkeypatch: pytest.MonkeyPatch) -> Rehearsal:
    def nothing(*_: object) -> NoReturn:
        raise socket.gaierror

    monkeypatch.setattr("client.sip.engine.line.socket.getaddrinfo", nothing)
    return Rehearsal()


def test_when_the_network_is_back_the_line_does_not_wait_any_longer(rehearsal: Rehearsal) -> None:
    rehearsal.next_answer()
    assert rehearsal.states == [RegistrationState.REGISTERING, RegistrationState.FAILED]
    rehearsal.line.check()
    assert rehearsal.states[-1] is RegistrationState.REGISTERING
    rehearsal.next_answer()
    assert rehearsal.states[-1] is RegistrationState.FAILED


def test_refused_credentials_are_not_tried_again_for_that(rehearsal: Rehearsal) -> None:
    rehearsal.line._failed(LineFault.CREDENTIALS, 403)
    before = list(rehearsal.states)
    rehearsal.line.check()
    assert rehearsal.states == before == [RegistrationState.REGISTERING, RegistrationState.FAILED]


def test_without_credentials_there_is_nothing_to_see(rehearsal: Rehearsal) -> None:
    rehearsal.next_answer()
    rehearsal.line.unregister()
    rehearsal.line.check()
    assert rehearsal.states[-1] is RegistrationState.UNREGISTERED
    assert not rehearsal.is_looking_up
