"""hearthline-admin edge: what an edge needs, in one directory that can be taken to it."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from provisioning.admin.common import Directory, open_organisation, say
from provisioning.edge.configuration import write
from provisioning.edge.fork_guard import ForkGuardError, build
from provisioning.edge.settings import EdgeSettings, Listen, MediaSettings, ServerApi, TlsFiles
from provisioning.edge.turn import TurnSettings, TurnTls
from provisioning.edge.turn import write as write_turn
from provisioning.organisation import Organisation

app = typer.Typer(help="The edge: Kamailio, rtpengine and coturn.", no_args_is_help=True)


@app.command()
def config(
    *,
    directory: Directory,
    out: Annotated[Path, typer.Option(help="Where to write; on the edge itself, this path must be the same.")],
    edge: Annotated[int, typer.Option(min=1, help="Which edge of organisation.toml: 1 is [edge], 2 the next.")] = 1,
    trunk_port: Annotated[int, typer.Option(help="Where the contact centre's ACD or PBX connects.")] = 5071,
    trunk: Annotated[
        str,
        typer.Option(help="HOST:PORT where it takes agents' calls by TLS; unless told, over the connection it keeps."),
    ] = "",
    trunk_domain: Annotated[str, typer.Option(help="The domain of its numbers; the desks' own unless told.")] = "",
    trunk_srtp: Annotated[bool, typer.Option(help="Offer SRTP to it in agents' calls.")] = False,
    listen_host: Annotated[
        str, typer.Option(help="The edge's own IP address; the one in organisation.toml unless told.")
    ] = "",
    media_host: Annotated[str, typer.Option(help="The IP address for media; the same unless told.")] = "",
    ng_port: Annotated[int, typer.Option(help="rtpengine's control port, on loopback.")] = 22222,
    digits_port: Annotated[
        int, typer.Option(help="The digit keeper's UDP port, on loopback; 100 above rtpengine's unless told.")
    ] = 0,
    media_ports: Annotated[tuple[int, int], typer.Option(help="The first and the last port for media.")] = (
        30000,
        40000,
    ),
    run_directory: Annotated[Path, typer.Option(help="A private directory, best on a tmpfs.")] = Path(
        "/run/hearthline-edge"
    ),
) -> None:
    """Write kamailio.cfg, tls.cfg, rtpengine.conf, digits.json, and the certificates and keys that they name."""
    settings = edge_settings(
        open_organisation(directory),
        out.resolve(),
        number=edge,
        trunk_port=trunk_port,
        listen_host=listen_host,
        media_host=media_host,
        ng_port=ng_port,
        digits_port=digits_port,
        media_ports=media_ports,
        run_directory=run_directory.resolve(),
    )
    settings = replace(
        settings,
        trunk_target=_listen(trunk) if trunk else None,
        trunk_domain=trunk_domain,
        trunk_srtp=trunk_srtp,
    )
    for path in write(settings, out.resolve()).values():
        say(str(path))


@app.command()
def guard(out: Annotated[Path, typer.Option(help="Where to put the library; Kamailio preloads it.")]) -> None:
    """Compile the library that Kamailio 5.6 must be started with: LD_PRELOAD=FILE kamailio ..."""
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        say(str(build(out.resolve())))
    except ForkGuardError as error:
        raise typer.BadParameter(str(error)) from error


@app.command()
def turn(
    *,
    directory: Directory,
    out: Annotated[Path, typer.Option(help="Where to write; on the edge itself, this path must be the same.")],
    listen_host: Annotated[
        str, typer.Option(help="Its own IP address; the edge's in organisation.toml unless told.")
    ] = "",
    port: Annotated[int, typer.Option(help="Where desks reach it by UDP and TCP.")] = 3478,
    tls_port: Annotated[int, typer.Option(help="Where desks reach it by TLS; 0 for no TLS.")] = 5349,
    relay_host: Annotated[
        str, typer.Option(help="The IP address that it reaches rtpengine from; the same unless told.")
    ] = "",
    media_host: Annotated[
        str,
        typer.Option(help="rtpengine's IP address for media, the only one that it relays to; the same unless told."),
    ] = "",
    relay_ports: Annotated[tuple[int, int], typer.Option(help="The first and the last port that it relays from.")] = (
        49152,
        65535,
    ),
    run_directory: Annotated[Path, typer.Option(help="A private directory for its log.")] = Path(
        "/run/hearthline-turn"
    ),
) -> None:
    """Write turnserver.conf for coturn, with the certificate and key that it names. Start: turnserver -c FILE."""
    settings = turn_settings(
        open_organisation(directory),
        out.resolve(),
        listen_host=listen_host,
        port=port,
        tls_port=tls_port,
        relay_host=relay_host,
        media_host=media_host,
        relay_ports=relay_ports,
        run_directory=run_directory.resolve(),
    )
    say(str(write_turn(settings, out.resolve())))


def turn_settings(
    organisation: Organisation,
    out: Path,
    *,
    port: int,
    tls_port: int,
    relay_ports: tuple[int, int],
    run_directory: Path,
    listen_host: str = "",
    relay_host: str = "",
    media_host: str = "",
) -> TurnSettings:
    """Return the settings of the organisation's TURN server; with a TLS port, with the edge's certificate in `out`."""
    file = organisation.file
    host = listen_host or file.edge.host
    tls = None
    if tls_port:
        edge = organisation.edge
        files = _write_private({"edge.crt": edge.certificate_pem.encode(), "edge.key": edge.key_pem}, out)
        tls = TurnTls(tls_port, files["edge.crt"], files["edge.key"])
    return TurnSettings(
        realm=file.sip.domain,
        listen=Listen(host, port),
        relay_address=relay_host or host,
        media_address=media_host or host,
        ephemeral_secret=organisation.sip_secret,
        run_directory=run_directory,
        tls=tls,
        relay_port_min=relay_ports[0],
        relay_port_max=relay_ports[1],
    )


def edge_settings(
    organisation: Organisation,
    out: Path,
    *,
    trunk_port: int,
    listen_host: str,
    media_host: str,
    ng_port: int,
    media_ports: tuple[int, int],
    run_directory: Path,
    number: int = 1,
    digits_port: int = 0,
) -> EdgeSettings:
    """Return the settings of one of the organisation's edges, with its certificates and keys copied to `out`.

    Raises:
        typer.BadParameter: there is no edge of that number.
    """
    file = organisation.file
    if number > len(file.edges):
        raise typer.BadParameter(f"organisation.toml has {len(file.edges)} edges, and no edge {number}.")
    table = file.edges[number - 1]
    host = listen_host or table.host
    files = _copy_credentials(organisation, out, table.host)
    server_host = f"[{file.server.host}]" if ":" in file.server.host else file.server.host
    return EdgeSettings(
        domain=file.sip.domain,
        home_listen=Listen(host, table.port),
        trunk_listen=Listen(host, trunk_port),
        media=MediaSettings(
            address=media_host or host,
            ng=Listen("127.0.0.1", ng_port),
            port_min=media_ports[0],
            port_max=media_ports[1],
        ),
        tls=TlsFiles(files["edge.crt"], files["edge.key"], files["ca.crt"]),
        server=ServerApi(
            f"https://{server_host}:{file.server.port}",
            files["edge-client.crt"],
            files["edge-client.key"],
            files["ca.crt"],
        ),
        ephemeral_secret=organisation.sip_secret,
        run_directory=run_directory,
        digits_port=digits_port,
        ice=file.sip.ice,
    )


def _listen(text: str) -> Listen:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise typer.BadParameter(f"{text!r} is no address. Write HOST:PORT, such as 192.0.2.20:5061.")
    return Listen(host.strip("[]"), int(port))


def _copy_credentials(organisation: Organisation, out: Path, host: str) -> dict[str, Path]:
    edge, client = organisation.edge_at(host), organisation.edge_client
    return _write_private(
        {
            "ca.crt": organisation.ca_pem.encode(),
            "edge.crt": edge.certificate_pem.encode(),
            "edge.key": edge.key_pem,
            "edge-client.crt": client.certificate_pem.encode(),
            "edge-client.key": client.key_pem,
        },
        out,
    )


def _write_private(contents: Mapping[str, bytes], out: Path) -> dict[str, Path]:
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in contents.items():
        path = out / name
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    return {name: out / name for name in contents}
