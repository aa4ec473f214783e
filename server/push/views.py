"""One WebSocket a desk. OpenAPI does not describe WebSockets; provisioning.api does."""

import asyncio
import contextlib

from fastapi import APIRouter, WebSocket
from pydantic import ValidationError
from starlette.websockets import WebSocketDisconnect

from provisioning.api import CallProgress, LeaseEnd, Presence, PresenceChanged, Role, from_desk
from server import identity
from server.logs import get_logger
from server.people.sessions import SignedIn
from server.problems import Refused, respond
from server.push.hub import Close, Connection
from server.services import Services
from server.supervision.presence import PresenceState

router = APIRouter()
_CLOSE_BAD_MESSAGE = 1008


@router.websocket("/desk")
async def desk(websocket: WebSocket) -> None:
    """Serve a desk's socket for as long as it is open. The upgrade is refused with a problem detail, as routes do."""
    parts = identity.services(websocket)
    try:
        signed_in = await identity.session(websocket)
    except Refused as refused:
        await websocket.send_denial_response(respond(refused))
        return
    connection = Connection(signed_in.session_id, signed_in.person, signed_in.role, signed_in.team)
    # Before the socket opens, so that its desk misses nothing from then on.
    parts.hub.add(connection)
    try:
        # Once more, because a session that ended before `add` could not be told so through the hub.
        await identity.session(websocket)
        await parts.leases.connected(signed_in.session_id)
        await websocket.accept()
        get_logger().info("desk connected", person=signed_in.person, role=signed_in.role, device=signed_in.device_id)
        if signed_in.role is Role.SUPERVISOR:
            connection.send(await parts.wall.whole(signed_in.team))
            for asked in await parts.leases.approvals.waiting_for(signed_in):
                connection.send(asked)
        parts.wall.report(signed_in, PresenceState(Presence.NOT_READY, parts.clock()))
        await _serve(websocket, connection, signed_in, parts)
    except Refused as refused:
        await websocket.send_denial_response(respond(refused))
    finally:
        if parts.hub.remove(connection):
            parts.wall.gone(signed_in)
            await parts.leases.end_for_session(signed_in.session_id, LeaseEnd.CONNECTION_LOST)
            await parts.sessions.touch_closed(signed_in.session_id)
        get_logger().info("desk disconnected", person=signed_in.person, device=signed_in.device_id)


async def _serve(websocket: WebSocket, connection: Connection, signed_in: SignedIn, parts: Services) -> None:
    """Read and write until the socket is closed, by whichever side.

    Reading is never cut short: it may be in the middle of a transaction, and it hears of the end by itself.
    """
    writing = asyncio.create_task(_write(websocket, connection))
    try:
        await _read(websocket, connection, signed_in, parts)
    finally:
        writing.cancel()
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect):
            await writing


async def _write(websocket: WebSocket, connection: Connection) -> None:
    while True:
        item = await connection.queue.get()
        if isinstance(item, Close):
            await websocket.close(item.code)
            return
        await websocket.send_text(item)


async def _read(websocket: WebSocket, connection: Connection, signed_in: SignedIn, parts: Services) -> None:
    while True:
        received = await websocket.receive()
        if received["type"] == "websocket.disconnect":
            return
        try:
            message = from_desk.validate_json(received.get("text") or "")
        except ValidationError:
            connection.close(_CLOSE_BAD_MESSAGE)
            continue
        if connection.closing:
            continue
        if isinstance(message, PresenceChanged):
            ref = message.call_ref
            if ref is not None and not await parts.calls.owns(signed_in, ref):
                ref = None
            # How far the desk is trusted may have changed since its socket opened.
            now = await parts.sessions.current(signed_in.session_id) or signed_in
            parts.wall.report(now, PresenceState(message.presence, message.since, ref))
        elif isinstance(message, CallProgress):
            await parts.calls.progress(signed_in, message)
        else:
            await parts.leases.shown(signed_in, message)
