"""The web application over a server's parts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.types import ASGIApp

from provisioning.api import Problem
from server.audit.views import router as audit
from server.calls.views import router as calls
from server.devices.views import router as devices
from server.dialling.views import router as dialling
from server.digits.views import router as digits
from server.enrolment.views import router as enrolment
from server.health.views import router as health
from server.leases.views import router as leases
from server.logs import describe, get_logger
from server.middleware import Guard
from server.people.views import router as people
from server.posture.views import router as posture
from server.problems import install
from server.push.views import router as push
from server.services import Services
from server.sip.views import router as sip

_SWEEP_SECONDS = 5
"""A desk that falls silent is told within this time that its trust is gone."""


def build_api(services: Services) -> FastAPI:
    """Return the application with all routes."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        sweeping = asyncio.create_task(_sweep(services))
        yield
        sweeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sweeping
        await services.digits.close()

    app = FastAPI(
        title="Hearthline server",
        version="1",
        # The interactive pages load scripts from elsewhere; the description itself is enough.
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.services = services
    install(app)
    for router in (health, enrolment, devices, people, posture, sip, calls, leases, dialling, digits, audit, push):
        app.include_router(router)
    app.openapi = lambda: _describe(app)  # type: ignore[method-assign]
    return app


def build_app(services: Services) -> ASGIApp:
    """Return the application with everything that guards it."""
    return Guard(build_api(services))


async def _sweep(services: Services) -> None:
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        try:
            await services.sweep()
        except Exception as error:
            # The next round may do better; without this the sweeping would end for good, and nobody would know.
            error_type, where = describe(error)
            get_logger().error("sweep failed", error_type=error_type, where=where)


def _describe(app: FastAPI) -> dict[str, object]:
    """Return the OpenAPI description, with the problem detail that every route refers to."""
    if not app.openapi_schema:
        schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        app.openapi_schema = schema
    return app.openapi_schema
