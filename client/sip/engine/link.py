"""The engine's end of the line to the desk: a local socket, one desk at a time.

The engine listens and the desk connects, so that the engine and its calls outlive a desk that crashes. The socket's
directory belongs to the user alone, the peer must run as the same user where the OS can say so, and must present the
token that the engine was started with. A later desk with the token takes the place of an earlier one.
"""

import hmac
import os
import selectors
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from client.core.telephony import Order, Report
from client.sip.engine.log_lines import warn
from client.sip.protocol import MAX_LINE, Hello, Ping, Pong, ProtocolError, decode_order, encode

HELLO_SECONDS = 5.0
MOST_STRANGERS = 8
SEND_SECONDS = 1.0

Deliver = Callable[[Callable[[], None]], None]


class Desk:
    """One connection. Strangers are connections that have not shown the token yet."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.deadline = time.monotonic() + HELLO_SECONDS
        self.trusted = False
        self._received = b""

    def lines(self) -> list[bytes] | None:
        """Read what has arrived; the complete lines of it, or None at the end of the connection.

        Raises:
            ProtocolError: a line is too long.
        """
        try:
            chunk = self.connection.recv(65_536)
        except TimeoutError:
            return []
        except OSError:
            return None
        if not chunk:
            return None
        *lines, self._received = (self._received + chunk).split(b"\n")
        if len(self._received) > MAX_LINE:
            raise ProtocolError("a line is too long")
        return lines


class Link:
    """Listens for the desk on a thread of its own, and hands its messages to the engine's main loop.

    `joined`, `left` and `received` are called by the main loop, through `deliver`, and never by the thread.
    """

    def __init__(self, listener: socket.socket, token: str, deliver: Deliver) -> None:
        self.joined: Callable[[], None] = lambda: None
        self.left: Callable[[], None] = lambda: None
        self.received: Callable[[Order | Ping], None] = lambda _: None
        self._listener = listener
        self._token = token
        self._deliver = deliver
        self._desk: Desk | None = None
        self._selector = selectors.DefaultSelector()
        self._thread = threading.Thread(target=self._serve, name="desk-link", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._thread.start()

    @property
    def has_desk(self) -> bool:
        """Whether a desk is connected."""
        return self._desk is not None

    def send(self, message: Report | Pong) -> None:
        """Send a message to the desk, if there is one. A desk that does not read for a second is dropped."""
        if self._desk is None:
            return
        try:
            self._desk.connection.sendall(encode(message))
        except OSError:
            self._drop(self._desk)

    # --- On the thread ------------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        strangers: set[Desk] = set()
        while True:
            for key, _ in self._selector.select(1.0 if strangers else None):
                if key.data is None:
                    self._accept(strangers)
                else:
                    self._read(key.data, strangers)
            for late in [desk for desk in strangers if desk.deadline < time.monotonic()]:
                self._forget(late, strangers)

    def _accept(self, strangers: set[Desk]) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        if len(strangers) >= MOST_STRANGERS or not same_user(connection):
            connection.close()
            return
        connection.settimeout(SEND_SECONDS)
        desk = Desk(connection)
        strangers.add(desk)
        self._selector.register(connection, selectors.EVENT_READ, desk)

    def _read(self, desk: Desk, strangers: set[Desk]) -> None:
        try:
            lines = desk.lines()
            for line in lines or []:
                self._understand(desk, line)
        except ProtocolError as error:
            warn(f"the desk's connection was closed: {error}")
            lines = None
        if desk.trusted:
            strangers.discard(desk)
        if lines is None:
            self._forget(desk, strangers)

    def _understand(self, desk: Desk, line: bytes) -> None:
        message = decode_order(line)
        if isinstance(message, Hello):
            if desk.trusted or not hmac.compare_digest(message.token.encode(), self._token.encode()):
                raise ProtocolError("a token was presented twice, or a wrong one")
            desk.trusted = True
            self._deliver(lambda: self._adopt(desk))
        elif desk.trusted:
            self._deliver(lambda: self._obey(desk, message))
        else:
            raise ProtocolError("an order came before the token")

    def _forget(self, desk: Desk, strangers: set[Desk]) -> None:
        strangers.discard(desk)
        self._selector.unregister(desk.connection)
        if desk.trusted:
            self._deliver(lambda: self._gone(desk))
        else:
            desk.connection.close()

    # --- On the main loop ---------------------------------------------------------------------------------------------

    def _adopt(self, desk: Desk) -> None:
        if self._desk is not None:
            self._drop(self._desk)
        self._desk = desk
        self.joined()

    def _obey(self, desk: Desk, message: Order | Ping) -> None:
        if desk is self._desk:
            self.received(message)

    def _gone(self, desk: Desk) -> None:
        desk.connection.close()
        if desk is self._desk:
            self._desk = None
            self.left()

    def _drop(self, desk: Desk) -> None:
        # Shutting down wakes the thread, which then unregisters the connection; closing it here would race with that.
        try:
            desk.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            # The desk was quicker.
            return


def listen(directory: Path) -> tuple[socket.socket, str]:
    """Open the engine's socket and return it with its address, `unix:PATH` or, on Windows, `tcp:HOST:PORT`.

    Raises:
        OSError: the directory is not ours alone, or the socket cannot be made in it.
    """
    if sys.platform == "win32":
        listener = socket.create_server(("127.0.0.1", 0))
        return listener, f"tcp:127.0.0.1:{listener.getsockname()[1]}"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = directory.lstat()
    if facts.st_uid != os.getuid() or facts.st_mode & 0o077 or directory.is_symlink():
        raise PermissionError(f"{directory} is open to others; remove it, or run: chmod 700 {directory}")
    path = directory / f"engine-{os.getpid()}.sock"
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(4)
    return listener, f"unix:{path}"


def same_user(connection: socket.socket) -> bool:
    """Whether the other end runs as the same user, as far as the OS can tell; the token decides in any case."""
    if sys.platform != "linux":
        return True
    size = struct.calcsize("3i")
    _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return bool(uid == os.getuid())
