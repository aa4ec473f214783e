"""Health and readiness, for whoever watches over the server."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from provisioning.api import ProblemType
from server.database import DatabaseError
from server.identity import Parts
from server.problems import Refused, declare

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The server answers."""

    status: Literal["ok"] = "ok"


@router.get("/healthz", responses=declare())
async def health() -> Health:
    """Say that the process lives."""
    return Health()


@router.get("/readyz", responses=declare(ProblemType.UNAVAILABLE))
async def ready(parts: Parts) -> Health:
    """Say that the database answers, too."""
    try:
        await parts.database.ping()
    except DatabaseError as error:
        raise Refused(ProblemType.UNAVAILABLE, "The database does not answer.") from error
    return Health()
