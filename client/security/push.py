"""The WebSocket to the server: presence goes out, calls and notices come in. It comes back by itself."""

import asyncio
import collections
import contextlib
import random
from collections.abc import AsyncGenerator, AsyncIterator

from pydantic import ValidationError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from client.security.link import Link
from client.security.trouble import problem_code
from provisioning import api

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 30.0
_OUT_WAITING = 64
"""Messages that wait for a connection; presence is sent anew on each one, so older ones may be dropped."""

_CALLS_AGAIN = 32
"""A connection that dies takes what was just written into it along, unnoticed. So the latest reports of calls are told
again on the next one: the server takes each once."""


class LinkUp:
    """The socket is open."""


class LinkDown:
    """The socket closed or could not be opened; `code` is the problem."""

    def __init__(self, code: str) -> None:
        self.code = code


class SessionOver(Exception):
    """The server will not have this session any more; `code` is the problem."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_FINAL = {
    api.CLOSE_SESSION_ENDED: "session-required",
    api.CLOSE_DEVICE_REVOKED: "device-revoked",
    api.CLOSE_REPLACED: "signed-in-elsewhere",
}
_UNAUTHORIZED, _FORBIDDEN = 401, 403


class Push:
    """One desk's socket, opened again for as long as the session lasts."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._out: asyncio.Queue[str] = asyncio.Queue(_OUT_WAITING)
        self._calls: collections.deque[str] = collections.deque(maxlen=_CALLS_AGAIN)
        self._pause = _FIRST_PAUSE

    def send(self, message: api.FromDesk) -> None:
        """Send a message when there is a connection."""
        text = message.model_dump_json()
        if isinstance(message, api.CallProgress):
            self._calls.append(text)
        if self._out.full():
            self._out.get_nowait()
        self._out.put_nowait(text)

    async def messages(self) -> AsyncGenerator[api.FromServer | LinkUp | LinkDown, None]:
        """Yield what the server sends, and the comings and goings of the connection.

        Raises:
            SessionOver: there is no use in connecting again.
        """
        while True:
            try:
                async with connect(
                    self._link.websocket_url,
                    ssl=self._link.context,
                    additional_headers=self._link.authorization,
                    proxy=None,
                    compression=None,
                    open_timeout=5,
                    ping_interval=5,
                    ping_timeout=10,
                    close_timeout=2,
                ) as socket:
                    self._pause = _FIRST_PAUSE
                    for text in tuple(self._calls):
                        await socket.send(text)
                    yield LinkUp()
                    async with _sending(socket, self._out):
                        async for received in socket:
                            with contextlib.suppress(ValidationError):
                                yield api.from_server.validate_json(received)
                yield LinkDown(self._closed(socket.close_code))
            except ConnectionClosed as closed:
                yield LinkDown(self._closed(closed.rcvd.code if closed.rcvd else None))
            except InvalidStatus as refused:
                if refused.response.status_code in {_UNAUTHORIZED, _FORBIDDEN}:
                    raise SessionOver(_refused_code(refused)) from None
                yield LinkDown("unavailable")
            except (OSError, TimeoutError, WebSocketException) as error:
                yield LinkDown(problem_code(error))
            await self._wait()

    @staticmethod
    def _closed(close_code: int | None) -> str:
        if close_code in _FINAL:
            raise SessionOver(_FINAL[close_code])
        return "server-unreachable"

    async def _wait(self) -> None:
        # Spread, so that a server that comes back is not met by every desk in the same second.
        await asyncio.sleep(self._pause * random.uniform(0.5, 1.5))  # noqa: S311 -- not a secret
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)


def _refused_code(refused: InvalidStatus) -> str:
    try:
        return api.Problem.model_validate_json(refused.response.body).problem_type.value
    except ValidationError:
        return "session-required"


@contextlib.asynccontextmanager
async def _sending(socket: ClientConnection, out: asyncio.Queue[str]) -> AsyncIterator[None]:
    async def pump() -> None:
        while True:
            message = await out.get()
            await socket.send(message)

    task = asyncio.create_task(pump())
    try:
        yield
    finally:
        task.cancel()
        # Not `await task`: whoever suppresses its cancellation suppresses our own along with it.
        await asyncio.wait([task])
        if not task.cancelled():
            # A socket that closed is told of by its reading side.
            task.exception()
