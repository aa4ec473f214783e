"""Ephemeral SIP credentials over HTTP."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from provisioning.api import SipCredentialsReply, WithdrawnReply
from provisioning.edge.credentials import ephemeral_credentials, ephemeral_name
from server.audit.service import Action
from server.identity import PEER_PROBLEMS, SESSION_PROBLEMS, Edge, Parts, Session
from server.problems import declare

router = APIRouter(tags=["sip"])
_YEAR_10000 = 253_402_300_800
"""Where datetime ends."""
_OVERLAP_SECONDS = 30
"""Asked for once more each time: a transaction may be seen only some time after the moment that stands in it."""


@router.post("/sip/credentials", responses=declare(*SESSION_PROBLEMS))
async def credentials(signed_in: Session, parts: Parts) -> SipCredentialsReply:
    """Return credentials for the edge that end when the session does, with no database at the edge."""
    made = ephemeral_credentials(signed_in.person, parts.organisation.sip_secret, signed_in.expires_at)
    domain = parts.organisation.manifest.sip.domain
    await parts.audit.record(f"person:{signed_in.person}", Action.SIP_CREDENTIALS, f"device:{signed_in.device_id}")
    return SipCredentialsReply(
        username=made.username,
        password=made.password,
        realm=domain,
        address_of_record=f"sip:{signed_in.person}@{domain}",
        expires_at=signed_in.expires_at,
    )


@router.get("/edge/withdrawn", responses=declare(*PEER_PROBLEMS))
async def withdrawn(_who: Edge, parts: Parts, since: Annotated[int, Query(ge=0, lt=_YEAR_10000)] = 0) -> WithdrawnReply:
    """Return the credentials that were withdrawn since then and would still be good; each edge asks every second."""
    until = int(parts.clock().timestamp()) - _OVERLAP_SECONDS
    sessions = await parts.sessions.withdrawn(datetime.fromtimestamp(since, UTC))
    return WithdrawnReply(names=tuple(ephemeral_name(*session) for session in sessions), until=str(max(until, 0)))
