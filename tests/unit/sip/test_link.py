"""The engine's end of the line: who may speak to it, and what becomes of those who may not."""

import queue
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from client.core.telephony import HangUp, Order, Unregister
from client.sip.engine.link import Link, listen
from client.sip.protocol import Hello, Message, Ping, Pong, decode_report, encode

TOKEN = "the right token"


class Engine:
    """A link with a main loop that turns as often as a test asks for."""

    def __init__(self, directory: Path) -> None:
        self.received: list[Order | Ping] = []
        self.joins = 0
        self.leaves = 0
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        listener, self.address = listen(directory)
        self.link = Link(listener, TOKEN, self._inbox.put)
        self.link.joined, self.link.left, self.link.received = self._joined, self._left, self.received.append
        self.link.start()

    def _joined(self) -> None:
        self.joins += 1

    def _left(self) -> None:
        self.leaves += 1

    def turn(self) -> None:
        """Wait for one thing to happen, and let it."""
        self._inbox.get(timeout=20)()

    def connect(self, *messages: Message) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(20)
        connection.connect(self.address.removeprefix("unix:"))
        for message in messages:
            connection.sendall(encode(message))
        return connection


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path / "run")


def is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_the_desk_gives_orders_and_gets_answers(engine: Engine) -> None:
    with engine.connect(Hello(TOKEN), Ping(1)) as desk:
        engine.turn()
        engine.turn()
        assert (engine.joins, engine.received) == (1, [Ping(1)])
        engine.link.send(Pong(1))
        assert decode_report(desk.recv(100)) == Pong(1)


@pytest.mark.parametrize(
    "lines",
    [
        encode(Hello("a wrong token")),
        encode(Unregister()),
        b"noise\n",
        b"x" * 300_000,
    ],
)
def test_a_stranger_is_turned_away(engine: Engine, lines: bytes) -> None:
    with engine.connect() as stranger:
        stranger.sendall(lines)
        assert is_closed(stranger)
    assert (engine.joins, engine.received) == (0, [])


def test_a_later_desk_takes_over(engine: Engine) -> None:
    with engine.connect(Hello(TOKEN)) as first:
        engine.turn()
        with engine.connect(Hello(TOKEN), HangUp(2)) as second:
            engine.turn()
            assert engine.joins == 2
            assert is_closed(first)
            while not engine.received:
                engine.turn()
            assert engine.received == [HangUp(2)]
            engine.link.send(Pong(3))
            assert decode_report(second.recv(100)) == Pong(3)
            assert engine.leaves == 0


def test_the_end_of_the_desk_is_noticed(engine: Engine) -> None:
    engine.connect(Hello(TOKEN)).close()
    engine.turn()
    engine.turn()
    assert engine.leaves == 1
    assert not engine.link.has_desk
    engine.link.send(Pong(1))


def test_the_directory_is_the_users_alone(tmp_path: Path) -> None:
    listen(tmp_path / "run")[0].close()
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700


def test_a_directory_open_to_others_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run").chmod(0o755)
    with pytest.raises(PermissionError, match="chmod 700"):
        listen(tmp_path / "run")
