"""Sealed digits over HTTP for the desk, and one WebSocket for each edge's digit keeper."""

import asyncio
import contextlib

from fastapi import APIRouter, WebSocket
from pydantic import ValidationError
from starlette.websockets import WebSocketDisconnect

from provisioning.api import CallRef, DigitsId, DigitsRequest, DigitsView, ProblemType
from provisioning.api.edge_control import EdgeTone, from_keeper
from server import identity
from server.digits.keepers import Keeper
from server.identity import PEER_PROBLEMS, SESSION_PROBLEMS, Edge, Parts, Session
from server.logs import get_logger
from server.problems import Refused, declare, respond
from server.services import Services

router = APIRouter(tags=["digits"])
_CLOSE_BAD_MESSAGE = 1008
_CLOSE_TOO_SLOW = 1013


@router.post(
    "/calls/{ref}/digits",
    responses=declare(
        *SESSION_PROBLEMS, ProblemType.NOT_FOUND, ProblemType.DIGITS_RUNNING, ProblemType.DIGITS_UNAVAILABLE
    ),
)
async def ask(ref: CallRef, request: DigitsRequest, signed_in: Session, parts: Parts) -> DigitsView:
    """Let the customer of one's own connected call key in a card, unseen and unheard."""
    return await parts.digits.ask(signed_in, ref, request)


@router.delete(
    "/calls/{ref}/digits/{digits}", status_code=204, responses=declare(*SESSION_PROBLEMS, ProblemType.NOT_FOUND)
)
async def cancel(ref: CallRef, digits: DigitsId, signed_in: Session, parts: Parts) -> None:
    """Stop it; stopping it again is harmless."""
    await parts.digits.cancel(signed_in, ref, digits)


@router.post("/edge/digits/{digits}/tones", status_code=204, responses=declare(*PEER_PROBLEMS))
async def tone(digits: DigitsId, body: EdgeTone, _who: Edge, parts: Parts) -> None:
    """Tell of a key that a customer pressed, where SIP INFO told the edge; what nobody waits for is forgotten."""
    parts.digits.tone(digits, body.tone, "info")


@router.websocket("/edge/control")
async def control(websocket: WebSocket) -> None:
    """Serve a digit keeper's socket for as long as it is open."""
    parts = identity.services(websocket)
    try:
        who = identity.edge(websocket)
    except Refused as refused:
        await websocket.send_denial_response(respond(refused))
        return
    await websocket.accept()
    keeper = Keeper(who.identity)
    parts.digits.keepers.add(keeper)
    get_logger().info("digit keeper connected", role=who.role)
    writing = asyncio.create_task(_write(websocket, keeper))
    try:
        await _read(websocket, keeper, parts)
    finally:
        parts.digits.keeper_gone(keeper)
        writing.cancel()
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect):
            await writing
        get_logger().info("digit keeper disconnected", role=who.role)


async def _read(websocket: WebSocket, keeper: Keeper, parts: Services) -> None:
    while True:
        received = await websocket.receive()
        if received["type"] == "websocket.disconnect":
            return
        try:
            message = from_keeper.validate_json(received.get("text") or "")
        except ValidationError:
            # Its text is not told to anybody: it may be a key.
            await websocket.close(_CLOSE_BAD_MESSAGE)
            return
        parts.digits.heard(keeper, message)


async def _write(websocket: WebSocket, keeper: Keeper) -> None:
    while (message := await keeper.queue.get()) is not None:
        await websocket.send_text(message.model_dump_json())
    await websocket.close(_CLOSE_TOO_SLOW)
