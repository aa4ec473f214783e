"""Who is let through by the pinned contexts, and who is not; against a real TLS server, blocking and asyncio."""

import asyncio
import socket
import ssl
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest

from provisioning.pinned_tls import PinMismatch, load_identity, pinned_context, repin, unverified_context
from provisioning.pins import certificate_pin, spki_pin
from provisioning.pki import Authority, Role, generate_key, key_pem
from tests.unit.provisioning.tls_server import ServerIdentity, server_identity, tls_server

Connect = Callable[[ssl.SSLContext, int], str]


def connect_blocking(context: ssl.SSLContext, port: int) -> str:
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        return secure.makefile().readline().strip()


def connect_asyncio(context: ssl.SSLContext, port: int) -> str:
    async def connect() -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
        line = await reader.readline()
        writer.close()
        await writer.wait_closed()
        return line.decode().strip()

    return asyncio.run(connect())


@pytest.fixture(params=[connect_blocking, connect_asyncio], ids=["blocking", "asyncio"])
def connect(request: pytest.FixtureRequest) -> Connect:
    chosen: Connect = request.param
    return chosen


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create("Harbour Bank")


def pins_of(identity: ServerIdentity) -> tuple[str, ...]:
    return (spki_pin(identity.key.public_key()), spki_pin(generate_key().public_key()))


def test_a_pinned_server_is_let_through(authority: Authority, connect: Connect) -> None:
    identity = server_identity(authority)
    with tls_server(identity) as port:
        assert connect(pinned_context(authority.pem, pins_of(identity)), port) == ""


def test_the_backup_pin_is_as_good(authority: Authority, connect: Connect) -> None:
    identity = server_identity(authority)
    with tls_server(identity) as port:
        assert connect(pinned_context(authority.pem, tuple(reversed(pins_of(identity)))), port) == ""


def test_another_key_of_the_same_authority_is_refused(authority: Authority, connect: Connect) -> None:
    with tls_server(server_identity(authority)) as port, pytest.raises(PinMismatch, match="not one of the pinned"):
        connect(pinned_context(authority.pem, pins_of(server_identity(authority))), port)


def test_whose_key_it_was_is_told_and_it_is_refused_all_the_same(authority: Authority, connect: Connect) -> None:
    stranger, told = server_identity(authority), list[str]()
    context = pinned_context(authority.pem, pins_of(server_identity(authority)), on_mismatch=told.append)
    with tls_server(stranger) as port, pytest.raises(PinMismatch):
        connect(context, port)
    assert told == [spki_pin(stranger.key.public_key())]


def test_newer_pins_hold_from_the_next_connection_on(authority: Authority, connect: Connect) -> None:
    before, after, told = server_identity(authority), server_identity(authority), list[str]()
    context = pinned_context(authority.pem, pins_of(before))
    with tls_server(before) as old, tls_server(after) as new:
        assert connect(context, old) == ""
        repin(context, pins_of(after), told.append)
        assert connect(context, new) == ""
        with pytest.raises(PinMismatch):
            connect(context, old)
    assert told == [spki_pin(before.key.public_key())]
    with pytest.raises(ValueError, match="at least one pin"):
        repin(context, ())


def test_an_expired_certificate_is_refused(authority: Authority, connect: Connect) -> None:
    identity = server_identity(authority, days=-1)
    with tls_server(identity) as port, pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        connect(pinned_context(authority.pem, pins_of(identity)), port)


def test_a_certificate_for_another_host_is_refused(authority: Authority, connect: Connect) -> None:
    identity = server_identity(authority, host="desks.example.com")
    with tls_server(identity) as port, pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        connect(pinned_context(authority.pem, pins_of(identity)), port)


def test_another_authority_is_refused_even_with_a_pinned_key(authority: Authority, connect: Connect) -> None:
    identity = server_identity(Authority.create("Harbour Bank"))
    with tls_server(identity) as port, pytest.raises(ssl.SSLCertVerificationError):
        connect(pinned_context(authority.pem, pins_of(identity)), port)


def test_an_older_tls_version_is_refused(authority: Authority, connect: Connect) -> None:
    identity = server_identity(authority)
    with tls_server(identity, newest=ssl.TLSVersion.TLSv1_2) as port, pytest.raises(ssl.SSLError) as caught:
        connect(pinned_context(authority.pem, pins_of(identity)), port)
    assert not isinstance(caught.value, ssl.SSLCertVerificationError | PinMismatch)


def test_our_certificate_is_shown(authority: Authority, connect: Connect) -> None:
    identity, key = server_identity(authority), generate_key()
    certificate = authority.issue_client(key.public_key(), Role.DEVICE, "d1", timedelta(days=1))
    context = pinned_context(authority.pem, pins_of(identity), (certificate, key_pem(key)))
    with tls_server(identity, clients_of=authority) as port:
        assert connect(context, port) == "device-d1"


def test_our_certificate_is_shown_where_there_is_no_file_in_memory(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    test_our_certificate_is_shown(authority, connect_blocking)


def test_no_pin_is_a_mistake(authority: Authority) -> None:
    with pytest.raises(ValueError, match="at least one pin"):
        pinned_context(authority.pem, ())


def test_a_key_of_another_certificate_is_a_mistake(authority: Authority) -> None:
    certificate = authority.issue_client(generate_key().public_key(), Role.DEVICE, "d1", timedelta(days=1))
    with pytest.raises(ValueError, match="not a certificate with its private key"):
        load_identity(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), certificate, key_pem(generate_key()))


def test_an_encrypted_key_never_asks_on_the_terminal(authority: Authority) -> None:
    key = generate_key()
    certificate = authority.issue_client(key.public_key(), Role.DEVICE, "d1", timedelta(days=1))
    with pytest.raises(ValueError, match="encrypted"):
        load_identity(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), certificate, key_pem(key, b"passphrase"))


def test_in_enrolment_the_servers_key_is_learned(authority: Authority, connect: Connect) -> None:
    identity, seen = server_identity(authority, host="anything"), list[str]()
    with tls_server(identity) as port:
        connect(unverified_context(lambda der: seen.append(certificate_pin(der))), port)
    assert seen == [spki_pin(identity.key.public_key())]


def test_in_enrolment_a_key_can_be_refused(authority: Authority, connect: Connect) -> None:
    def refuse(_der: bytes) -> None:
        raise PinMismatch("not the key that proved itself")

    with tls_server(server_identity(authority)) as port, pytest.raises(PinMismatch, match="proved itself"):
        connect(unverified_context(refuse), port)
