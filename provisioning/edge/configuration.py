"""The files of an edge, made from its settings: `kamailio.cfg`, `tls.cfg`, `rtpengine.conf` and `digits.json`."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

from provisioning.api import CALL_REF, DIAL_TOKEN, NAME
from provisioning.edge.digits.config import KeeperConfig
from provisioning.edge.settings import EdgeSettings
from provisioning.edge.templating import TEMPLATES, environment

KAMAILIO = "kamailio.cfg"
TLS = "tls.cfg"
RTPENGINE = "rtpengine.conf"
DIGITS = "digits.json"

_CALL_STORE_SCHEMA = TEMPLATES / "call_store.sql"

# Forward secrecy and AEAD only, for TLS 1.2; TLS 1.3 has suites of its own, all of them good.
_TLS12_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL"

# Toward either side: no DTLS, rtpengine's own address in the origin line, and keys in base64 with the padding that
# RFC 4568 asks for and that rtpengine leaves out by itself (baresip then gets the last byte wrong).
_MEDIA_FLAGS = "DTLS=off replace-origin pad-crypto"

# A desk's candidates name the addresses of a home: rtpengine uses them and hands them to nobody. Toward a desk it puts
# its own in, where the organisation's desks use ICE (RFC 8445); a desk that does not passes them over.
_NO_ICE = "ICE=remove"
_ICE = "ICE=force"
_ICE_LINES = "|ice-ufrag|ice-pwd|ice-options|end-of-candidates"


def _ice_candidate(address: str) -> str:
    """A pattern for the candidates that rtpengine can use: UDP, and of the family of its own address."""
    return f"^a=candidate:[^ ]+ [12] (UDP|udp) [0-9]+ {'[0-9A-Fa-f:]+' if ':' in address else '[0-9.]+'} [0-9]+ typ "


# rtpengine 10.5 offers, in this order, AEAD_AES_256_GCM, AEAD_AES_128_GCM, AES_256_CM_HMAC_SHA1_80 and
# AES_CM_128_HMAC_SHA1_80, once these are left out: short tags, odd key lengths, F8, and suites that encrypt nothing.
_UNWANTED_SUITES = (
    "AES_256_CM_HMAC_SHA1_32",
    "AES_192_CM_HMAC_SHA1_80",
    "AES_192_CM_HMAC_SHA1_32",
    "AES_CM_128_HMAC_SHA1_32",
    "F8_128_HMAC_SHA1_80",
    "F8_128_HMAC_SHA1_32",
    "NULL_HMAC_SHA1_80",
    "NULL_HMAC_SHA1_32",
)

# What SIP itself needs, beyond From, To, Call-ID, CSeq, Via, Contact, Route, Record-Route, Max-Forwards and the content
# headers. Neither free text nor an address has a place here. k and x are short for Supported and Session-Expires.
_KEPT_HEADERS = (
    "Accept",
    "Allow",
    "Content-Disposition",
    "Expires",
    "Info-Package",
    "k",
    "Min-Expires",
    "Min-SE",
    "P-SR-XBranch",
    "P-SR-XUID",
    "Proxy-Require",
    "RAck",
    "Recv-Info",
    "Require",
    "Retry-After",
    "RSeq",
    "Session-Expires",
    "Supported",
    "Unsupported",
    "x",
    "X-Hearthline-Call",
)

# A backslash would mean something else in Kamailio's strings, so these are written without.
TARGET = r"^[+]?[A-Za-z0-9*#._-]{1,64}$"
"""Whom a dial token may stand for, as in EdgeDialReply."""
NUMBER = r"^[+]?[0-9]{1,20}$"
"""Whose number may be shown to whom a desk calls, as in EdgeDialReply."""


def render(settings: EdgeSettings, directory: Path | None = None) -> dict[str, str]:
    """Make the text of the files, by file name.

    `directory` is where they will stand, by default the run directory: `kamailio.cfg` names `tls.cfg` by its path.

    Raises SettingsError when the settings cannot be used.
    """
    settings.check()
    templates = environment()
    values: dict[str, object] = {
        **asdict(settings),
        "call_store": settings.call_store,
        "home": settings.home_listen,
        "trunk": settings.trunk_listen,
        "trunk_host": settings.trunk_listen.host,
        "trunk_port": settings.trunk_listen.port,
        "media": settings.media,
        "tones": settings.tones,
        "server": settings.server,
        "server_address": urlsplit(settings.server.url).netloc,
        "tls": settings.tls,
        "tls_config": (directory or settings.run_directory) / TLS,
        "ciphers": _TLS12_CIPHERS,
        "media_flags": _MEDIA_FLAGS,
        "ice_to_desk": _ICE if settings.ice else _NO_ICE,
        "ice_to_trunk": _NO_ICE,
        "ice_lines": _ICE_LINES if settings.ice else "",
        "ice_candidate": _ice_candidate(settings.media.address),
        "sdes_flags": " ".join(f"SDES-no-{suite}" for suite in _UNWANTED_SUITES),
        "kept_headers": "|".join(_KEPT_HEADERS),
        "name_pattern": NAME,
        "ref_pattern": CALL_REF,
        "token_pattern": DIAL_TOKEN,
        "target_pattern": TARGET,
        "number_pattern": NUMBER,
        "trunk_target": settings.trunk_target,
        "trunk_domain": settings.trunk_domain or settings.domain,
        "trunk_transport": "RTP/SAVP" if settings.trunk_srtp else "RTP/AVP",
        "echo": settings.echo_listen,
        "echo_host": settings.echo_listen.host,
    }
    texts = {name: templates.get_template(name).render(values) for name in (KAMAILIO, TLS, RTPENGINE)}
    return {**texts, DIGITS: _keeper(settings).model_dump_json(indent=2) + "\n"}


def _keeper(settings: EdgeSettings) -> KeeperConfig:
    return KeeperConfig(
        server_url=f"wss://{urlsplit(settings.server.url).netloc}/edge/control",
        client_certificate=settings.server.client_certificate,
        client_key=settings.server.client_key,
        ca=settings.server.ca,
        relay_host=settings.media.ng.host,
        relay_port=settings.media.ng.port,
        tones_host=settings.tones.host,
        tones_port=settings.tones.port,
        call_store=settings.call_store,
    )


def write(settings: EdgeSettings, directory: Path) -> dict[str, Path]:
    """Write the files into `directory` (mode 0600), and make the run directory (0700) and the empty call store.

    Returns the files' paths by name. A file that exists is replaced in one step, so a running Kamailio that is told to
    reload never reads half of one.

    Do not write them between a fault and Kamailio's next start: a Kamailio that is started again on its old call store
    knows the calls that are still up, and a new store is empty.

    Raises SettingsError when the settings cannot be used, and OSError when the file system refuses.
    """
    texts = render(settings, directory)
    for private in (directory, settings.run_directory):
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_call_store(settings.call_store)
    return {name: _write_private(directory / name, text) for name, text in texts.items()}


def _write_private(path: Path, text: str) -> Path:
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return unfinished.replace(path)


def _make_call_store(path: Path) -> None:
    # What an earlier edge knew of its calls is of no use to a new one, and no call's data should outlive the call.
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(path)) as store:
        # Several Kamailio processes write at once, which only write-ahead logging lets them do without waiting.
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("PRAGMA auto_vacuum=FULL")
        store.executescript(_CALL_STORE_SCHEMA.read_text(encoding="utf-8"))
