"""Signing in with something wrong: the words are right, nothing is given away, and the next try works."""

import asyncio
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from client.core import telephony as tel
from client.core.agent import AgentState
from client.core.snapshot import DeskSnapshot, Screen
from provisioning.organisation import Identity
from provisioning.pins import thumbprint
from provisioning.pki import Role, generate_key, key_pem
from tests.integration.desk.centre import CentreWithDoor, Certificates
from tests.integration.desk.conftest import StartDesk
from tests.integration.desk.desk import PATIENCE, Desk
from tests.integration.desk.willing_line import WillingLine
from tests.stage.centre import Person


def failed(shown: DeskSnapshot, problem: str, screen: Screen = Screen.SIGN_IN) -> bool:
    """Whether nobody is signed in, for this reason, in words."""
    assert shown.problem is not None
    assert (shown.screen, shown.problem.code) == (screen, problem)
    return bool(shown.problem.happened and shown.problem.means and shown.problem.do and shown.person is None)


async def test_name_password_and_code_have_one_answer(enrolled: Desk, agent: Person, centre: CentreWithDoor) -> None:
    wrong_code = "000000" if agent.code() != "000000" else "111111"
    assert failed(await enrolled.tries_to_sign_in(agent.name, "not the password", agent.code()), "sign-in-wrong")
    assert failed(await enrolled.tries_to_sign_in(agent.name, agent.password, wrong_code), "sign-in-wrong")
    assert failed(await enrolled.tries_to_sign_in("nobody", agent.password, agent.code()), "sign-in-wrong")
    await enrolled.signs_in(agent)
    await enrolled.until_well()


async def test_what_cannot_be_a_name_or_a_code_is_not_even_sent(
    enrolled: Desk, agent: Person, centre: CentreWithDoor
) -> None:
    knocks = centre.door.knocks
    for name, password, code in (("林月", "x", "123456"), (agent.name, "", "123456"), (agent.name, "x", "12345")):
        assert failed(await enrolled.tries_to_sign_in(name, password, code), "sign-in-wrong")
    assert centre.door.knocks == knocks
    # Spaces as the authenticator shows them, and capitals, are no mistakes.
    code = await asyncio.to_thread(agent.fresh_code)
    shown = await enrolled.tries_to_sign_in(f" {agent.name.upper()} ", agent.password, f"{code[:3]} {code[3:]}")
    assert shown.screen is Screen.AGENT


async def test_a_code_works_once(enrolled: Desk, agent: Person, start_desk: StartDesk, centre: CentreWithDoor) -> None:
    code = await asyncio.to_thread(agent.fresh_code)
    assert (await enrolled.tries_to_sign_in(agent.name, agent.password, code)).screen is Screen.AGENT
    second = await start_desk()
    await second.enrols(centre)
    assert failed(await second.tries_to_sign_in(agent.name, agent.password, code), "sign-in-wrong")


async def test_trying_too_often_is_stopped_for_that_name_alone(
    enrolled: Desk, agent: Person, centre: CentreWithDoor
) -> None:
    for _ in range(5):
        assert failed(await enrolled.tries_to_sign_in(agent.name, "guess", "123456"), "sign-in-wrong")
    assert failed(await enrolled.tries_as(agent), "sign-in-too-often")
    await enrolled.signs_in(await asyncio.to_thread(centre.hire))


async def test_a_server_that_is_down_can_be_tried_again(enrolled: Desk, agent: Person, centre: CentreWithDoor) -> None:
    centre.door.shut()
    assert failed(await enrolled.tries_as(agent), "server-unreachable")
    centre.door.open()
    await enrolled.signs_in(agent)
    await enrolled.until_well()


IMPOSTORS: dict[str, tuple[Callable[[Certificates], Identity], str]] = {
    "right authority, other key": (lambda made: made.server(pinned=False), "server-pin-mismatch"),
    "expired": (lambda made: made.server(days=-1), "server-certificate-expired"),
    "for another address": (lambda made: made.server(hosts=("127.0.0.9",)), "server-certificate-host"),
    "for another name": (lambda made: made.server(hosts=("desks.elsewhere.example",)), "server-certificate-host"),
    "other authority": (lambda made: made.strangers(), "server-certificate-untrusted"),
}


@pytest.mark.parametrize("which", IMPOSTORS)
async def test_a_server_that_is_not_ours_hears_nothing(
    enrolled: Desk, agent: Person, centre: CentreWithDoor, certificates: Certificates, which: str
) -> None:
    make, problem = IMPOSTORS[which]
    centre.door.hide_behind(make(certificates))
    assert failed(await enrolled.tries_as(agent), problem)
    assert centre.door.heard == b""
    centre.door.open()
    await enrolled.signs_in(agent)
    await enrolled.until_well()


@pytest.mark.parametrize("which", IMPOSTORS)
async def test_a_server_that_turns_out_not_to_be_ours_is_left_alone_until_ours_is_back(
    at_work: Desk, centre: CentreWithDoor, certificates: Certificates, which: str
) -> None:
    make, problem = IMPOSTORS[which]
    centre.door.hide_behind(make(certificates))
    shown = await at_work.until_problem(problem)
    assert not shown.status.server_connected
    assert shown.screen is Screen.AGENT
    assert centre.door.heard == b""
    centre.door.open()
    await at_work.until_connected()
    await at_work.until_well()


async def test_a_person_who_is_disabled_is_signed_out_and_stays_out(
    at_work: Desk, agent: Person, centre: CentreWithDoor
) -> None:
    await asyncio.to_thread(centre.dismiss, agent)
    assert failed(await at_work.until_problem("person-disabled"), "person-disabled")
    await at_work.until(lambda seen: not seen.status.server_connected, "that the connection is closed")
    assert failed(await at_work.tries_as(agent), "sign-in-wrong")
    # The desk itself is well: somebody else can work at it.
    await at_work.signs_in(await asyncio.to_thread(centre.hire))


async def test_the_newest_desk_wins(
    at_work: Desk, agent: Person, centre: CentreWithDoor, start_desk: StartDesk
) -> None:
    newer = await start_desk()
    await newer.enrols(centre)
    await newer.signs_in(agent)
    assert failed(await at_work.until_problem("signed-in-elsewhere"), "signed-in-elsewhere")
    assert newer.now.screen is Screen.AGENT
    assert newer.problem == ""


async def test_a_session_that_is_over_leads_back_to_the_form(
    at_work: Desk, agent: Person, centre: CentreWithDoor
) -> None:
    """The server noticed while the desk was away, so that nobody could tell it."""
    centre.door.shut()
    await at_work.until_problem("server-unreachable")
    centre.rows("UPDATE sessions SET expires_at = started_at WHERE person = ?", agent.name)
    centre.door.open()
    assert failed(await at_work.until_problem("session-required"), "session-required")
    await at_work.signs_in(agent)


# --- The device -------------------------------------------------------------------------------------------------------


def take_certificate(desk: Desk, centre: CentreWithDoor, life: timedelta) -> str:
    """Put a certificate that the server knows into the desk's profile, such as time would leave there."""
    key = generate_key()
    authority = centre.organisation.authority
    certificate = authority.issue_client(key.public_key(), Role.DEVICE, desk.device_id, life)
    desk.runtime._profile.renew(certificate, key_pem(key))
    shown = thumbprint(x509.load_pem_x509_certificate(certificate.encode()).public_bytes(Encoding.DER))
    centre.rows(
        "INSERT INTO device_certificates (thumbprint, device_id, issued_at, expires_at) "
        "SELECT ?, device_id, issued_at, expires_at FROM device_certificates WHERE device_id = ?",
        *(shown, desk.device_id),
    )
    return certificate


def let_certificate_end(desk: Desk, centre: CentreWithDoor) -> None:
    """Let a certificate be over for so long that the device can't come back by itself."""
    take_certificate(desk, centre, timedelta(days=-90))


async def test_an_expired_certificate_is_told_at_the_start_before_anything_is_sent(
    enrolled: Desk, agent: Person, centre: CentreWithDoor, start_desk: StartDesk
) -> None:
    let_certificate_end(enrolled, centre)
    knocks = centre.door.knocks
    again = await start_desk(directory=enrolled.directory, keys=enrolled.keys)
    assert failed(again.now, "certificate-expired", Screen.ENROL)
    assert centre.door.knocks == knocks
    await again.enrols(centre)
    await again.signs_in(agent)


async def test_a_certificate_that_ends_while_the_desk_is_open_is_told_at_the_sign_in(
    enrolled: Desk, agent: Person, centre: CentreWithDoor
) -> None:
    let_certificate_end(enrolled, centre)
    knocks = centre.door.knocks
    assert failed(await enrolled.tries_as(agent), "certificate-expired", Screen.ENROL)
    assert centre.door.knocks == knocks
    await enrolled.enrols(centre)
    await enrolled.signs_in(agent)


async def until_other(file: Path, certificate: str) -> None:
    """Wait until the device has another certificate."""

    def wait() -> None:
        while json.loads(file.read_text())["certificate_pem"] == certificate:
            threading.Event().wait(0.01)

    await asyncio.wait_for(asyncio.to_thread(wait), PATIENCE)


async def test_a_certificate_is_renewed_in_time_without_a_word(
    enrolled: Desk, agent: Person, centre: CentreWithDoor
) -> None:
    device_key = enrolled.keys.secrets["device-key"]
    short = take_certificate(enrolled, centre, timedelta(minutes=2))
    tls_key = enrolled.runtime._profile.load().tls_key_pem
    await enrolled.signs_in(agent)
    await until_other(enrolled.directory / "device.json", short)
    renewed = enrolled.runtime._profile.load()
    assert not renewed.should_renew()
    assert renewed.tls_key_pem != tls_key
    assert enrolled.keys.secrets["device-key"] == device_key
    assert enrolled.problems == []
    # The session goes on with the new certificate.
    centre.door.shut()
    await enrolled.until_problem("server-unreachable")
    centre.door.open()
    await enrolled.until_connected()
    assert enrolled.now.screen is Screen.AGENT


async def test_a_pc_that_was_switched_off_for_weeks_comes_back_by_itself(
    enrolled: Desk, agent: Person, centre: CentreWithDoor, start_desk: StartDesk
) -> None:
    take_certificate(enrolled, centre, timedelta(days=-40))
    again = await start_desk(directory=enrolled.directory, keys=enrolled.keys)
    await again.signs_in(agent)
    assert again.problems == []
    assert not again.runtime._profile.load().is_over()


async def test_a_pc_that_slept_until_its_certificate_was_over_is_asked_to_sign_in_and_not_to_enrol(
    at_work: Desk, agent: Person, centre: CentreWithDoor
) -> None:
    take_certificate(at_work, centre, timedelta(days=-2))
    centre.door.shut()
    await at_work.until_problem("server-unreachable")
    session = at_work.runtime._session
    assert session is not None
    await session.link.identify_as(at_work.runtime._profile.load())
    centre.door.open()
    assert failed(await at_work.until_problem("session-required"), "session-required")
    await at_work.signs_in(agent)
    assert not at_work.runtime._profile.load().is_over()


async def test_a_device_that_was_revoked_meanwhile_is_asked_to_enrol(
    enrolled: Desk, agent: Person, centre: CentreWithDoor
) -> None:
    await asyncio.to_thread(centre.withdraw, enrolled.device_id)
    assert failed(await enrolled.tries_as(agent), "device-revoked", Screen.ENROL)
    await enrolled.enrols(centre)
    await enrolled.signs_in(agent)


async def test_a_damaged_profile_is_asked_to_enrol(
    enrolled: Desk, agent: Person, centre: CentreWithDoor, start_desk: StartDesk
) -> None:
    (enrolled.directory / "device.json").write_text('{"id": "d1"}')
    assert failed(await enrolled.tries_as(agent), "profile-damaged", Screen.ENROL)
    again = await start_desk(directory=enrolled.directory, keys=enrolled.keys)
    assert failed(again.now, "profile-damaged", Screen.ENROL)
    await again.enrols(centre)
    await again.signs_in(agent)


async def test_a_locked_key_store_is_told_and_signing_in_works_once_it_is_open(
    enrolled: Desk, agent: Person, start_desk: StartDesk
) -> None:
    enrolled.keys.locked = True
    again = await start_desk(directory=enrolled.directory, keys=enrolled.keys)
    assert failed(again.now, "key-store-locked")
    assert failed(await again.tries_as(agent), "key-store-locked")
    again.keys.locked = False
    await again.signs_in(agent)
    await again.until_well()


async def test_a_locked_key_store_does_not_hide_that_a_pc_is_not_enrolled_or_damaged(
    start_desk: StartDesk, tmp_path: Path, enrolled: Desk
) -> None:
    enrolled.keys.locked = True
    new = await start_desk(directory=tmp_path / "new", keys=enrolled.keys)
    assert (new.now.screen, new.problem) == (Screen.ENROL, "")
    (enrolled.directory / "device.json").write_text("{}")
    damaged = await start_desk(directory=enrolled.directory, keys=enrolled.keys)
    assert failed(damaged.now, "profile-damaged", Screen.ENROL)


# --- One person after another -----------------------------------------------------------------------------------------


class SlowToLeave(WillingLine):
    """An engine that takes its time to leave, as one does whose edge does not answer."""

    may_end: asyncio.Event

    async def stop(self) -> None:
        """End when the test says so."""
        await self.may_end.wait()


async def test_who_signs_in_while_the_engine_is_still_leaving_stays_signed_in(
    start_desk: StartDesk, agent: Person, centre: CentreWithDoor
) -> None:
    SlowToLeave.may_end = asyncio.Event()
    desk = await start_desk(line=SlowToLeave)
    await desk.enrols(centre)
    await desk.signs_in(agent)
    desk.does("work.sign-out")
    await desk.until_screen(Screen.SIGN_IN)
    await desk.until(lambda seen: not seen.status.server_connected, "that the first session is closed")
    await desk.signs_in(await asyncio.to_thread(centre.hire))
    SlowToLeave.may_end.set()
    await desk.until_can("work.ready")
    desk.does("work.ready")
    await desk.until(lambda seen: seen.state is AgentState.READY, "that the second agent is ready")
    assert desk.now.status.server_connected
    assert desk.now.status.registration is tel.RegistrationState.REGISTERED
