"""Enrolling with something wrong: the words are right, nothing is given away, and the next try works."""

import asyncio

import pytest

from client.core.snapshot import Screen
from provisioning.enrolment import EnrolmentCode
from provisioning.organisation import Identity
from tests.integration.desk.centre import CentreWithDoor, Certificates
from tests.integration.desk.conftest import StartDesk
from tests.integration.desk.desk import Desk


async def fails(desk: Desk, code: str, server: str, problem: str) -> None:
    """Try to enrol, and see that it did not work, for this reason."""
    shown = await desk.tries_code(code, server)
    assert shown.problem is not None
    assert (shown.screen, shown.problem.code) == (Screen.ENROL, problem)
    assert all((shown.problem.happened, shown.problem.means, shown.problem.do))
    assert not (desk.directory / "device.json").exists()
    assert desk.keys.secrets == {}


async def test_a_mistyped_code_is_told_before_anything_is_sent(desk: Desk, centre: CentreWithDoor) -> None:
    code = await asyncio.to_thread(centre.code)
    knocks = centre.door.knocks
    last = "0" if code[-1] != "0" else "1"
    for mistyped in (code[:-1] + last, code[:-1], code + "A", "", "hearthline://elsewhere", "数字"):
        await fails(desk, mistyped, centre.server_address, "enrolment-code-mistyped")
    assert centre.door.knocks == knocks
    # Compared once more, it is good: lower case and without dashes as well.
    shown = await desk.tries_code(code.lower().replace("-", " "), centre.server_address)
    assert shown.screen is Screen.SIGN_IN


async def test_a_code_that_nobody_made_is_unknown(desk: Desk, centre: CentreWithDoor) -> None:
    await fails(desk, str(EnrolmentCode.generate()), centre.server_address, "enrolment-code-unknown")
    await desk.enrols(centre)


async def test_a_code_works_once(desk: Desk, centre: CentreWithDoor, start_desk: StartDesk) -> None:
    code = await asyncio.to_thread(centre.code)
    assert (await desk.tries_code(code, centre.server_address)).screen is Screen.SIGN_IN
    second = await start_desk()
    await fails(second, code, centre.server_address, "enrolment-code-used")
    await second.enrols(centre)


async def test_a_code_expires(desk: Desk, centre: CentreWithDoor) -> None:
    code = await asyncio.to_thread(centre.code)
    centre.rows("UPDATE enrolment_codes SET expires_at = made_at WHERE code_id = ?", EnrolmentCode.parse(code).id)
    await fails(desk, code, centre.server_address, "enrolment-code-expired")
    await desk.enrols(centre)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "  ",
        "https://desks.example.com",
        "desks/example",
        "a b",
        "desks:port",
        "desks:99999",
        "[::1",
        "who@desks",
        "。",
    ],
)
async def test_nonsense_is_no_server_address(desk: Desk, centre: CentreWithDoor, address: str) -> None:
    code = await asyncio.to_thread(centre.code)
    await fails(desk, code, address, "enrolment-server-wrong")
    assert (await desk.tries_code(code, centre.server_address)).screen is Screen.SIGN_IN


async def test_a_link_with_nonsense_in_it_is_told(desk: Desk) -> None:
    code = EnrolmentCode.generate()
    for link in (
        f"enrol?server=a%20b&code={code}",
        "enrol?server=desks.example.com&code=ABCD",
        "enrol",
        f"?code={code}",
    ):
        await fails(desk, f"hearthline://{link}", "", "enrolment-code-mistyped")


async def test_a_server_that_is_away_can_be_tried_again(desk: Desk, centre: CentreWithDoor) -> None:
    code = await asyncio.to_thread(centre.code)
    centre.door.shut()
    await fails(desk, code, centre.server_address, "server-unreachable")
    centre.door.open()
    assert (await desk.tries_code(code, centre.server_address)).screen is Screen.SIGN_IN


@pytest.mark.parametrize("passes_on", [True, False], ids=["passes it on", "keeps it"])
async def test_a_man_in_the_middle_learns_nothing_and_the_code_stays_good(
    desk: Desk, centre: CentreWithDoor, certificates: Certificates, passes_on: bool
) -> None:
    """He has a certificate that any browser might take, for a key of his own."""
    code = await asyncio.to_thread(centre.code)
    middle: Identity = certificates.server(pinned=False)
    if passes_on:
        centre.door.hide_behind(middle, passes_on=True)
        await fails(desk, code, centre.server_address, "enrolment-proof-wrong")
        assert b"POST /enrolment/hello" in centre.door.heard
    else:
        centre.door.hide_behind(middle)
        attempt = asyncio.create_task(desk.tries_code(code, centre.server_address))
        await centre.door.until_heard(b"POST /enrolment/hello")
        centre.door.shut()
        await attempt
        assert desk.problem == "server-unreachable"
    secret = EnrolmentCode.parse(code)
    for given_away in (secret.text.encode(), str(secret).encode(), secret.text[4:].encode(), b"/enrolment/redeem"):
        assert given_away not in centre.door.heard
    centre.door.open()
    assert (await desk.tries_code(code, centre.server_address)).screen is Screen.SIGN_IN


async def test_a_locked_key_store_does_not_use_the_code_up(desk: Desk, centre: CentreWithDoor) -> None:
    code = await asyncio.to_thread(centre.code)
    desk.keys.locked = True
    await fails(desk, code, centre.server_address, "key-store-locked")
    desk.keys.locked = False
    assert (await desk.tries_code(code, centre.server_address)).screen is Screen.SIGN_IN
