"""A device that is revoked is out at once, on every connection that it has open, whatever its desk does."""

import asyncio
from pathlib import Path

from provisioning.api import CLOSE_DEVICE_REVOKED, ProblemType
from tests.integration.desk.centre import CentreWithDoor
from tests.stage.centre import Person
from tests.stage.doors import close_doors, open_doors


async def test_every_open_door_is_closed(centre_with_edge: CentreWithDoor, agent: Person, tmp_path: Path) -> None:
    """No time is asserted here: a door that stays open ends the test. The benchmark says how long each takes."""
    centre = centre_with_edge
    code = await asyncio.to_thread(centre.code)
    async with open_doors(centre, agent, tmp_path / "pc", code) as doors:
        closed = await close_doors(doors, lambda device_id: asyncio.to_thread(centre.withdraw, device_id))
    assert closed.how == (
        ProblemType.DEVICE_REVOKED,
        CLOSE_DEVICE_REVOKED,
        "SIP/2.0 403 Credentials Withdrawn",
    )
