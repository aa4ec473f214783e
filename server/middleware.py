"""What happens to every request: an id, a line in the log, a limit, safe headers, and an answer to every mistake.

Plain ASGI, because Starlette's BaseHTTPMiddleware buffers bodies and runs each request in a task of its own.
"""

import time
import uuid
from collections.abc import Awaitable

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from provisioning.api import ProblemType
from server.logs import get_logger
from server.problems import Refused, internal_error, respond

BODY_LIMIT = 64 * 1024
"""Bytes. The largest body that makes sense is a wrap-up's notes."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, socket, or lifespan."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, request_id = time.perf_counter(), uuid.uuid4().hex
        status = 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self._limited(scope, receive, send_guarded)
        except Exception as error:
            # The application answers its own mistakes and then raises them again; this is for those outside of it.
            if status == 0:
                await internal_error(error, request_id)(scope, receive, send_guarded)
        finally:
            # The route's pattern, not the path, and no method that there is not: what a stranger typed does not belong
            # in a log.
            route = getattr(scope.get("route"), "path", "unknown")
            method = scope["method"] if scope["method"] in _METHODS else "unknown"
            spent = round((time.perf_counter() - started) * 1000, 1)
            get_logger().info("request", method=method, route=route, status=status, ms=spent)

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdigit() and int(declared) > BODY_LIMIT:
            await self._too_large(scope, receive, send)
            return
        body = b""
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            if len(body) > BODY_LIMIT:
                await self._too_large(scope, receive, send)
                return
            if not message.get("more_body", False):
                break
        await self._app(scope, _replay(body, receive), send)

    @staticmethod
    def _too_large(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        refused = Refused(ProblemType.BODY_TOO_LARGE, f"The limit is {BODY_LIMIT} bytes.")
        # The rest of the body is not read, so the connection cannot be used again.
        return respond(refused, {"Connection": "close"})(scope, receive, send)


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def receive_again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
