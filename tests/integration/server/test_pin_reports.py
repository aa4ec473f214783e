"""A device that met somebody else in the server's place tells it, and IT can see that."""

from datetime import UTC, datetime

from client.security.device_key import SoftwareDeviceKey
from provisioning.api import PinFailure, PinReport, ProblemType
from provisioning.device_proof import Purpose, prove
from provisioning.pki import generate_key, key_pem
from tests.integration.server.people import Desk, It
from tests.integration.server.running import RunningServer

SEEN = "S" * 43


def statement(desk: Desk, *, times: int = 3, purpose: Purpose = "pin-report", key: bytes = b"") -> dict[str, str]:
    """A signed report of two failures."""
    now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    failures = (
        PinFailure(kind="https", host="localhost", port=8443, seen=SEEN, first_at=now, last_at=now, times=times),
        PinFailure(kind="sip", host="edge.bank.example", port=5061, seen=SEEN, first_at=now, last_at=now, times=1),
    )
    payload = PinReport(failures=failures).model_dump_json().encode()
    return {"report": prove(SoftwareDeviceKey(key or key_pem(desk.key)), purpose, payload)}


async def test_it_is_in_the_audit_log_and_in_its_list_of_devices(server: RunningServer, it: It, desk: Desk) -> None:
    assert (await desk.send("POST", "/devices/pin-reports", statement(desk))).status_code == 204
    [seen] = (await it.send("GET", "/admin/devices")).json()["devices"]
    assert seen["pin_failures"] == 4
    assert seen["pin_failed_at"] is not None
    entries = [entry for entry in await server.services.audit.entries(None) if entry.action == "device.pin-failure"]
    assert [entry.actor for entry in entries] == [f"device:{desk.device_id}"] * 2
    told = [entry.details for entry in entries]
    assert [(one["kind"], one["where"], one["seen"]) for one in told if isinstance(one, dict)] == [
        ("https", "localhost:8443", SEEN),
        ("sip", "edge.bank.example:5061", SEEN),
    ]


async def test_what_this_device_did_not_sign_for_this_is_refused(it: It, desk: Desk) -> None:
    wrong = (
        statement(desk, key=key_pem(generate_key())),
        statement(desk, purpose="posture"),
        {"report": "nonsense"},
    )
    for body in wrong:
        assert await desk.refused("POST", "/devices/pin-reports", body) == (403, ProblemType.DEVICE_PROOF_WRONG)
    empty = {"report": prove(SoftwareDeviceKey(key_pem(desk.key)), "pin-report", b'{"failures": []}')}
    assert await desk.refused("POST", "/devices/pin-reports", empty) == (422, ProblemType.INVALID_REQUEST)
    [seen] = (await it.send("GET", "/admin/devices")).json()["devices"]
    assert (seen["pin_failures"], seen["pin_failed_at"]) == (0, None)


async def test_a_device_cannot_flood_the_audit_log(desk: Desk) -> None:
    answers = [await desk.send("POST", "/devices/pin-reports", statement(desk)) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [204] * 10 + [429]
