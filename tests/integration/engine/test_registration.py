"""The line against real TLS servers: it comes up where it should, and says why where it does not."""

import asyncio
import ssl
from pathlib import Path

import pytest

from client.core.telephony import EdgeAddress, EdgeNotPinned, LineFault, RegistrationChanged, RegistrationState
from tests.integration.engine.authority import Authority, Identity
from tests.integration.engine.parts import PATIENCE, Desk, configuration, credentials, running_edge
from tests.integration.engine.small_edge import SmallEdge
from tests.stage.ports import free_port


async def registered(desk: Desk) -> RegistrationChanged:
    return await desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)


async def failed(desk: Desk) -> RegistrationChanged:
    return await desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.FAILED)


async def test_the_desk_registers_and_leaves(
    desk: Desk, edge: SmallEdge, authority: Authority, address: EdgeAddress
) -> None:
    desk.send(configuration(authority, address), credentials())
    report = await registered(desk)
    assert report == RegistrationChanged(RegistrationState.REGISTERED, f"localhost:{edge.port}", LineFault.NONE, 200)
    assert await edge.registrations.get() == 300
    await desk.supervisor.stop()
    assert await edge.registrations.get() == 0


async def test_an_edge_with_another_key_gets_no_byte_of_sip(
    desk: Desk, edge: SmallEdge, authority: Authority, identity: Identity
) -> None:
    stranger = authority.issue("localhost")
    desk.send(configuration(authority, EdgeAddress("localhost", edge.port, (stranger.pin,))), credentials())
    assert await desk.next(EdgeNotPinned) == EdgeNotPinned("localhost", edge.port, identity.pin)
    assert (await failed(desk)).fault is LineFault.PIN_MISMATCH
    assert edge.received == b""
    assert identity.pin != stranger.pin


async def test_no_pin_at_all_is_no_permission(desk: Desk, edge: SmallEdge, authority: Authority) -> None:
    desk.send(configuration(authority, EdgeAddress("localhost", edge.port, ())), credentials())
    assert (await failed(desk)).fault is LineFault.PIN_MISMATCH
    assert edge.received == b""


async def test_the_second_pin_counts_as_much_as_the_first(
    desk: Desk, edge: SmallEdge, authority: Authority, identity: Identity
) -> None:
    spare = authority.issue("localhost")
    desk.send(configuration(authority, EdgeAddress("localhost", edge.port, (spare.pin, identity.pin))), credentials())
    await registered(desk)


@pytest.mark.parametrize("what", ["expired", "other host", "other authority"])
async def test_a_bad_certificate_is_refused_even_with_the_right_pin(
    desk: Desk, authority: Authority, tmp_path: Path, what: str
) -> None:
    identity = {
        "expired": lambda: authority.issue("localhost", expired=True),
        "other host": lambda: authority.issue("elsewhere.invalid"),
        "other authority": lambda: Authority().issue("localhost"),
    }[what]()
    async with running_edge(identity, tmp_path) as edge:
        desk.send(configuration(authority, EdgeAddress("localhost", edge.port, (identity.pin,))), credentials())
        assert (await failed(desk)).fault is LineFault.CERTIFICATE
        assert edge.received == b""


async def test_a_wrong_password_is_told_and_not_tried_again(
    desk: Desk, edge: SmallEdge, authority: Authority, address: EdgeAddress
) -> None:
    desk.send(configuration(authority, address), credentials("wrong"))
    report = await failed(desk)
    assert (report.fault, report.status) == (LineFault.CREDENTIALS, 401)
    tried = edge.received.count(b"REGISTER ")
    desk.send(credentials())
    await registered(desk)
    assert edge.received.count(b"REGISTER ") <= tried + 2


async def test_nobody_listening_is_unreachable(desk: Desk, authority: Authority) -> None:
    desk.send(configuration(authority, EdgeAddress("localhost", free_port(), ("pin",))), credentials())
    assert (await failed(desk)).fault is LineFault.UNREACHABLE


async def test_a_name_that_does_not_resolve_is_unreachable(desk: Desk, authority: Authority) -> None:
    desk.send(configuration(authority, EdgeAddress("edge.invalid", 5061, ("pin",))), credentials())
    assert (await failed(desk)).fault is LineFault.UNREACHABLE


async def test_a_server_without_tls_gets_no_credentials(desk: Desk, authority: Authority) -> None:
    received: asyncio.Queue[bytes] = asyncio.Queue()

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.put_nowait(await reader.read(100))
        writer.write(b"SIP/2.0 400 No TLS here\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    desk.send(configuration(authority, EdgeAddress("localhost", port, ("pin",))), credentials())
    assert (await failed(desk)).fault is LineFault.UNREACHABLE
    # A TLS ClientHello (RFC 8446, section 5.1: record type 22), and no SIP.
    assert (await received.get())[:1] == b"\x16"
    server.close()


async def test_the_edge_offers_tls_1_2_and_1_3_and_the_desk_takes_both(
    desk: Desk, authority: Authority, identity: Identity, tmp_path: Path
) -> None:
    context = identity.server_context(tmp_path)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    edge = SmallEdge(context, credentials().username, credentials().password)
    await edge.start()
    desk.send(configuration(authority, EdgeAddress("localhost", edge.port, (identity.pin,))), credentials())
    await registered(desk)
    await desk.supervisor.stop()
    await edge.stop()


async def test_another_refusal_is_told_with_its_status(
    desk: Desk, edge: SmallEdge, authority: Authority, address: EdgeAddress
) -> None:
    edge.refusal = 503
    desk.send(configuration(authority, address), credentials())
    report = await failed(desk)
    assert (report.fault, report.status) == (LineFault.REFUSED, 503)


async def test_the_next_edge_is_taken_when_the_first_is_dead(
    desk: Desk, edge: SmallEdge, authority: Authority, address: EdgeAddress
) -> None:
    dead = EdgeAddress("localhost", free_port(), ("pin",))
    desk.send(configuration(authority, dead, address), credentials())
    assert (await registered(desk)).edge == f"localhost:{edge.port}"
    assert not any(
        isinstance(report, RegistrationChanged) and report.state is RegistrationState.FAILED for report in desk.reports
    )


async def test_a_cut_connection_comes_back(registered_desk: Desk, edge: SmallEdge) -> None:
    await edge.registrations.get()
    edge.cut()
    await registered(registered_desk)
    assert await asyncio.wait_for(edge.registrations.get(), PATIENCE) == 300


async def test_fresh_credentials_are_used_at_once(registered_desk: Desk, edge: SmallEdge) -> None:
    await edge.registrations.get()
    registered_desk.send(credentials())
    assert await asyncio.wait_for(edge.registrations.get(), PATIENCE) == 300
