"""Is the media core fit for us? An engine that is not says so and serves nobody."""

import importlib
import os
import re

import pjsua2 as pj
import psutil  # type: ignore[import-untyped, unused-ignore]

from client.sip.engine.settings import CRYPTO_SUITES, transport_config

OLDEST = (2, 17)
"""Older cores lack the security fixes of 2026."""

_TLS_CIPHERS = {pj.PJ_TLS_AES_256_GCM_SHA384, pj.PJ_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384}
"""One cipher of TLS 1.3 and one of TLS 1.2: a core that has them speaks these versions."""

VOICE_CODEC = "opus/48000"


class Unfit(Exception):
    """The media core lacks something that we must have; the text says what."""


def check_core(endpoint: pj.Endpoint) -> tuple[str, str, tuple[str, ...]]:
    """Return the core's version, its TLS library, and its codecs.

    Raises:
        Unfit: it is too old, or lacks TLS 1.2 or 1.3, an SRTP suite, or Opus.
    """
    version = str(endpoint.libVersion().full)
    numbers = re.match(r"(\d+)\.(\d+)", version)
    if numbers is None or (int(numbers[1]), int(numbers[2])) < OLDEST:
        raise Unfit(f"the media core is PJSIP {version}; 2.17 or newer is needed")
    if not set(endpoint.utilSslGetAvailableCiphers()) >= _TLS_CIPHERS:
        raise Unfit("the media core does not speak TLS 1.2 and 1.3")
    missing = set(CRYPTO_SUITES) - set(endpoint.srtpCryptoEnum())
    if missing:
        raise Unfit(f"the media core lacks the SRTP suite {min(missing)}")
    codecs = tuple(str(codec.codecId) for codec in endpoint.codecEnum2())
    if not any(codec.startswith(VOICE_CODEC) for codec in codecs):
        raise Unfit("the media core lacks the Opus codec")
    return version, _tls_library(), codecs


def check_ports(endpoint: pj.Endpoint) -> None:
    """Make sure that nobody can connect to us.

    Raises:
        Unfit: the TLS transport opens a port, as it does in cores that were not built for us.
    """
    before = _open_ports()
    transport = endpoint.transportCreate(pj.PJSIP_TRANSPORT_TLS, transport_config(""))
    opened = _open_ports() - before
    endpoint.transportClose(transport)
    if opened:
        raise Unfit("the media core opens a SIP port; it must be built with PJSIP_TLS_TRANSPORT_DONT_CREATE_LISTENER")


def check_handles(endpoint: pj.Endpoint) -> None:
    """Make sure that a connection can be shut down, which is how a pin is enforced.

    Raises:
        Unfit: the binding does not take back the handles that it gives out.
    """
    try:
        endpoint.transportShutdown("no handle")
    except TypeError as error:
        if "TransportHandle" in str(error):
            raise Unfit("the media core's binding cannot shut down a connection by its handle") from error


def _open_ports() -> set[tuple[str, int]]:
    connections = psutil.Process(os.getpid()).net_connections(kind="inet")
    return {(one.laddr.ip, one.laddr.port) for one in connections if not one.raddr}


def _tls_library() -> str:
    """Name the TLS library, where the wheel says which it was built with."""
    try:
        facts = importlib.import_module("pjsua2_build")
    except ImportError:
        return "OpenSSL"
    return str(getattr(facts, "OPENSSL", "OpenSSL"))
