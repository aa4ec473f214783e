"""coturn as the edge configures it: it relays for agents and to rtpengine, for nobody else and to nowhere else."""

import dataclasses
import secrets
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from provisioning.edge.credentials import EphemeralCredentials, ephemeral_credentials
from provisioning.edge.settings import Listen
from provisioning.edge.turn import TurnSettings, TurnTls
from provisioning.organisation import Organisation
from tests.integration.turn.turn_client import SOFTWARE, TCP, TurnClient
from tests.integration.turn.turn_process import TurnProcess
from tests.stage.organisation import harbour_bank
from tests.stage.ports import HOST, free_media_range, free_port

ELSEWHERE = "127.0.0.2"
"""A machine that is not rtpengine: any address of the loopback network can be listened on."""

if shutil.which("turnserver") is None:
    pytest.skip("coturn is not installed; see apt.txt", allow_module_level=True)


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    return harbour_bank(tmp_path_factory.mktemp("organisation") / "org")


@pytest.fixture(scope="module")
def settings(organisation: Organisation, tmp_path_factory: pytest.TempPathFactory) -> TurnSettings:
    directory = tmp_path_factory.mktemp("turn")
    certificate, key = directory / "edge.crt", directory / "edge.key"
    certificate.write_text(organisation.edge.certificate_pem)
    key.write_bytes(organisation.edge.key_pem)
    first, last = free_media_range()
    return TurnSettings(
        realm=organisation.file.sip.domain,
        listen=Listen(HOST, free_port()),
        relay_address=HOST,
        media_address=HOST,
        ephemeral_secret=organisation.sip_secret,
        run_directory=directory / "run",
        tls=TurnTls(free_port(), certificate, key),
        relay_port_min=first,
        relay_port_max=last,
        user_quota=4,
    )


@pytest.fixture(scope="module")
def turn(settings: TurnSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TurnProcess]:
    with TurnProcess(settings, tmp_path_factory.mktemp("configuration")) as running:
        yield running


def credentials(organisation: Organisation, agent: str, life: timedelta = timedelta(hours=1)) -> EphemeralCredentials:
    """What the server hands a desk (POST /sip/credentials)."""
    return ephemeral_credentials(agent, organisation.sip_secret, datetime.now(UTC) + life)


@pytest.fixture
def client(turn: TurnProcess, organisation: Organisation) -> Iterator[TurnClient]:
    """An agent of this test's own, because allocations count against their agent until they time out."""
    made = credentials(organisation, f"agent-{secrets.token_hex(6)}")
    with TurnClient(turn.address, made.username, made.password) as opened:
        yield opened


@pytest.fixture
def peer() -> Iterator[socket.socket]:
    """Stands for rtpengine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind((HOST, 0))
        opened.settimeout(10)
        yield opened


# --- what it is for ---------------------------------------------------------------------------------------------------


def test_an_agent_reaches_rtpengine_through_it(client: TurnClient, peer: socket.socket, settings: TurnSettings) -> None:
    assert client.allocate().code == 0
    assert client.realm == settings.realm
    assert client.permit(peer.getsockname()).code == 0
    client.send(peer.getsockname(), b"speech")
    data, relay = peer.recvfrom(100)
    assert data == b"speech"
    assert settings.relay_port_min <= relay[1] <= settings.relay_port_max
    peer.sendto(b"answer", relay)
    assert client.receive() == b"answer"


@pytest.mark.parametrize("transport", [(), ("-t",)], ids=["udp", "tcp"])
def test_a_stranger_that_knows_the_standard_can_use_it(
    turn: TurnProcess, organisation: Organisation, transport: tuple[str, ...]
) -> None:
    """coturn's own client, to an echo."""
    made = credentials(organisation, "stranger")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as echo:
        echo.bind((HOST, 0))
        echo.settimeout(30)
        with subprocess.Popen(
            ["turnutils_uclient", *transport, "-p", str(turn.address[1]), "-X", "-c", "-n", "2",
             "-u", made.username, "-w", made.password, "-e", HOST, "-r", str(echo.getsockname()[1]), HOST],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ) as run:  # fmt: skip
            for _ in range(2):
                echo.sendto(*echo.recvfrom(2048))
            output, _ = run.communicate(timeout=60)
    assert run.returncode == 0, output
    assert "Total lost packets 0" in output, output


def test_where_only_tls_gets_out_it_works_over_tls(
    turn: TurnProcess, organisation: Organisation, peer: socket.socket
) -> None:
    tls = turn.settings.tls
    assert tls is not None
    made = credentials(organisation, "behind-a-firewall")
    # A good context: the certificate must be the edge's, from the organisation's own authority.
    context = ssl.create_default_context(cadata=organisation.ca_pem)
    with TurnClient((HOST, tls.port), made.username, made.password, tls=context) as client:
        assert client.allocate().code == 0
        assert client.permit(peer.getsockname()).code == 0
        client.send(peer.getsockname(), b"speech")
        data, relay = peer.recvfrom(100)
        assert data == b"speech"
        peer.sendto(b"answer", relay)
        assert client.receive() == b"answer"


# --- for whom ---------------------------------------------------------------------------------------------------------


def test_nobody_without_credentials(turn: TurnProcess) -> None:
    with TurnClient(turn.address) as nobody:
        assert nobody.allocate().code == 401


def test_credentials_end_when_they_say(turn: TurnProcess, organisation: Organisation) -> None:
    made = credentials(organisation, "late", timedelta(seconds=-2))
    with TurnClient(turn.address, made.username, made.password) as late:
        assert late.allocate().code == 401


def test_credentials_of_another_organisation_or_another_agent_are_refused(
    turn: TurnProcess, organisation: Organisation
) -> None:
    ours = credentials(organisation, "lina")
    foreign = ephemeral_credentials("lina", "x" * 44, datetime.now(UTC) + timedelta(hours=1))
    later = ours.username.replace(ours.username.split(":", 1)[0], "9999999999")
    for username, password in (
        (foreign.username, foreign.password),
        (ours.username.replace("lina", "zhao"), ours.password),
        (later, ours.password),
        (ours.username, ours.password[:-2] + "A="),
        ("lina", ours.password),
    ):
        with TurnClient(turn.address, username, password) as liar:
            # 437 is what coturn says when a request came again while it was still looking at the first.
            assert liar.allocate().code in (401, 437), username


def test_an_agent_has_a_quota(turn: TurnProcess, organisation: Organisation) -> None:
    quota = turn.settings.user_quota
    clients = []
    for minutes in range(quota + 1):
        # Fresh credentials make no fresh quota.
        made = credentials(organisation, "greedy", timedelta(hours=1, minutes=minutes))
        clients.append(TurnClient(turn.address, made.username, made.password))
    codes = [client.allocate().code for client in clients]
    for client in clients:
        client.__exit__(None, None, None)
    assert codes == [0] * quota + [486]


# --- to where ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [ELSEWHERE, "0.0.0.0", "10.0.0.1", "192.168.1.1", "169.254.169.254", "192.0.2.1", "224.0.0.251", "255.255.255.255",
     "::1", "::", "fe80::1", "2001:db8::1", f"::ffff:{ELSEWHERE}", "::ffff:10.0.0.1", "64:ff9b::a00:1"],
)  # fmt: skip
def test_nowhere_but_to_rtpengine(client: TurnClient, host: str) -> None:
    assert client.allocate().code == 0
    # 403 Forbidden, or 443 for what is of another family than the relay's own address.
    assert client.permit((host, 5060)).code in (403, 443)
    assert client.bind_channel((host, 5060)).code in (403, 443)


def test_what_is_sent_elsewhere_does_not_arrive(client: TurnClient, peer: socket.socket) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
        elsewhere.bind((ELSEWHERE, 0))
        elsewhere.setblocking(False)
        assert client.allocate().code == 0
        client.permit(elsewhere.getsockname())
        assert client.permit(peer.getsockname()).code == 0
        client.send(elsewhere.getsockname(), b"probe")
        # The relay works in order: once this is here, the other would be there.
        client.send(peer.getsockname(), b"speech")
        assert peer.recv(100) == b"speech"
        with pytest.raises(BlockingIOError):
            elsewhere.recv(100)


def test_it_relays_no_tcp_and_no_other_family(client: TurnClient) -> None:
    assert client.allocate(transport=TCP).code == 442
    assert client.allocate(family=2).code == 440


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_it_does_not_say_what_it_is(turn: TurnProcess) -> None:
    with TurnClient(turn.address) as client:
        for answer in (client.binding(), client.allocate()):
            assert SOFTWARE not in answer.attributes


def test_it_listens_where_it_was_told_and_nowhere_else(turn: TurnProcess) -> None:
    tls = turn.settings.tls
    assert tls is not None
    listening = {
        (connection.laddr.ip, connection.laddr.port)
        for connection in psutil.Process(turn.pid).net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {turn.address, (HOST, tls.port)}


def test_the_secret_is_in_its_private_file_alone(turn: TurnProcess, organisation: Organisation) -> None:
    process = psutil.Process(turn.pid)
    [configuration] = [Path(word) for word in process.cmdline() if word.endswith(".conf")]
    assert configuration.stat().st_mode & 0o077 == 0
    assert turn.settings.run_directory.stat().st_mode & 0o077 == 0
    assert organisation.sip_secret in configuration.read_text()
    assert organisation.sip_secret not in " ".join(process.cmdline()) + turn.log


def test_a_media_address_elsewhere_needs_no_loopback(settings: TurnSettings, tmp_path: Path) -> None:
    """As in production: the loopback network, with whatever listens there, is out of reach altogether."""
    changed = dataclasses.replace(
        settings,
        media_address="192.0.2.10",
        listen=Listen(HOST, free_port()),
        tls=None,
        run_directory=tmp_path / "run",
    )
    with TurnProcess(changed, tmp_path) as turn:
        made = ephemeral_credentials("lina", settings.ephemeral_secret, datetime.now(UTC) + timedelta(hours=1))
        with TurnClient(turn.address, made.username, made.password) as client:
            assert client.allocate().code == 0
            assert client.permit(("192.0.2.10", 30000)).code == 0
            assert client.permit((HOST, 22222)).code == 403
