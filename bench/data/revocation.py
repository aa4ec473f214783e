"""Time from revocation to a closed door: IT revokes a device, and each of its open connections is watched."""

import asyncio
import statistics
import tempfile
from pathlib import Path

from provisioning.admin.client import AdminClient
from tests.stage.centre import Centre
from tests.stage.doors import Closing, close_doors, open_doors


def measure_revocation(runs: int = 5) -> dict[str, float]:
    """Return the seconds from IT's request to each closed door: the medians, and the longest of all.

    HTTPS is asked every 20 ms over one connection, so is SIP; the WebSocket is listened to.
    """
    with tempfile.TemporaryDirectory(prefix="hearthline-bench-") as directory, Centre(Path(directory)) as centre:
        closings = [asyncio.run(_one(centre, Path(directory) / f"pc{number}", number)) for number in range(runs)]
    every = [(one.https_seconds, one.websocket_seconds, one.sip_seconds) for one in closings]
    https, websocket, sip = (statistics.median(door) for door in zip(*every, strict=True))
    return {"https": https, "websocket": websocket, "sip": sip, "longest": max(max(one) for one in every)}


async def _one(centre: Centre, directory: Path, number: int) -> Closing:
    person = await asyncio.to_thread(centre.add_person, f"agent{number}", "李娜")
    invitation = await asyncio.to_thread(centre.new_code)

    def revoke(device_id: str) -> None:
        with AdminClient(centre.organisation) as client:
            client.do(f"/admin/devices/{device_id}/revoke")

    async with open_doors(centre, person, directory, invitation.code) as doors:
        return await close_doors(doors, lambda device_id: asyncio.to_thread(revoke, device_id))
