"""What check.py finds out about pjsua2: what it is linked with, what it defaults to, and what a real call does."""

from __future__ import annotations

import ctypes
import re
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pjsua2 as pj
import pjsua2_build as build

OLDEST = (2, 17)
PATIENCE = 15.0  # seconds, for anything that must happen on loopback
CODECS = {
    "opus": "opus/48000",
    "g722": "G722/16000",
    "pcma": "PCMA/8000",
    "pcmu": "PCMU/8000",
    "gsm": "GSM/8000",
    "speex": "speex/16000",
}
GCM_SUITES = {"AEAD_AES_256_GCM", "AEAD_AES_256_GCM_8", "AEAD_AES_128_GCM", "AEAD_AES_128_GCM_8"}
TLS_1_2, TLS_1_3 = 0x0303, 0x0304
# Forward secrecy and authenticated encryption: all of TLS 1.3, and ECDHE with AES-GCM or ChaCha20 (RFC 9325). The last
# is no suite but the mark that renegotiation is safe (RFC 5746).
GOOD_SUITES = {*range(0x1301, 0x1306), 0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9, 0x00FF}
TEXT = "请稍等"  # typed at one end, to be read at the other


@dataclass(frozen=True)
class Finding:
    """One result: what was looked at, whether it is as it must be, and the promised features it proves."""

    text: str
    good: bool
    proves: tuple[str, ...] = ()


class Log(pj.LogWriter):  # type: ignore[misc]  # The binding has no types.
    """Keeps what PJSIP logs."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def write(self, entry: Any) -> None:
        """Called by PJSIP for each line."""
        self.text += entry.msg


class Call(pj.Call):  # type: ignore[misc]  # The binding has no types.
    """One end of the call that the endpoint makes to itself."""

    def __init__(self, account: Account, call_id: int) -> None:
        super().__init__(account, call_id)
        self.sdp = ""
        self.read = ""

    def onCallSdpCreated(self, prm: Any) -> None:  # noqa: N802
        """Called by PJSIP with the offer or answer."""
        self.sdp = prm.sdp.wholeSdp

    def onCallRxText(self, prm: Any) -> None:  # noqa: N802
        """Called by PJSIP with real-time text from the other end."""
        self.read += prm.text

    def flows(self) -> bool:
        """Whether sound arrives."""
        # The list lives as long as what it came from, so that must have a name.
        info = self.getInfo()
        if not info.media or info.media[0].status != pj.PJSUA_CALL_MEDIA_ACTIVE:
            return False
        return bool(self.getStreamStat(0).rtcp.rxStat.pkt > 5)


class Endpoint(pj.Endpoint):  # type: ignore[misc]  # The binding has no types.
    """Keeps the handles of the connections that it made."""

    def __init__(self) -> None:
        super().__init__()
        self.connections: list[int] = []

    def onTransportState(self, prm: Any) -> None:  # noqa: N802
        """Called by PJSIP when a connection comes or goes."""
        if prm.state == pj.PJSIP_TP_STATE_CONNECTED:
            self.connections.append(prm.hnd)


class Account(pj.Account):  # type: ignore[misc]  # The binding has no types.
    """Answers what comes in."""

    def __init__(self) -> None:
        super().__init__()
        self.answered: list[Call] = []

    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802
        """Called by PJSIP for an INVITE."""
        call = Call(self, prm.callId)
        self.answered.append(call)
        call.answer(_sound_and_text(pj.CallOpParam(), code=200))


def examine() -> list[Finding]:
    """Everything there is to find, in the order of growing effort."""
    endpoint = Endpoint()
    endpoint.libCreate()
    log = Log()
    _start(endpoint, log)
    findings = [*_identity(endpoint), *_libraries(), *_defaults(), *_equipment(endpoint)]
    findings += [_greeting(endpoint), _connection(endpoint), _listeners()]
    account = Account()
    calls: list[Call] = []
    try:
        findings += _call(endpoint, account, calls)
    except pj.Error as error:
        findings.append(Finding(f"a call with itself: {error.reason}", good=False))
    findings += _misuse(account)
    findings.append(Finding("leaves names to the system", "resolver is disabled" in log.text, ("no-own-resolver",)))
    secrets = [word for word in ("key=", "inline:", "check@", "INVITE sip:") if word in log.text]
    text = f"logs no keys, messages or addresses{': not so, ' + ', '.join(secrets) if secrets else ''}"
    findings.append(Finding(text, not secrets, ("no-key-logging",)))
    account.shutdown()
    endpoint.libDestroy()
    # The call objects outlive the library, as they may in any program that collects its garbage late.
    calls.clear()
    account.answered.clear()
    findings.append(Finding("survives calls that outlive the library", good=True))
    proven = {name for finding in findings if finding.good for name in finding.proves}
    missing = sorted(set(build.FEATURES) - proven)
    text = f"promised, but not proven: {', '.join(missing)}" if missing else "every promised feature is proven"
    return [*findings, Finding(text, not missing)]


def _start(endpoint: Any, log: Log) -> None:
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    # Asks for PJSIP's own resolver, which must not be there.
    config.uaConfig.nameserver.append("127.0.0.1")
    # Asks for everything: what is compiled out cannot be turned on.
    config.logConfig.level = config.logConfig.consoleLevel = 6
    config.logConfig.writer = log
    config.medConfig.noVad = True
    endpoint.libInit(config)
    endpoint.audDevManager().setNullDev()
    endpoint.libStart()


def _identity(endpoint: Any) -> Iterable[Finding]:
    version = endpoint.libVersion()
    yield Finding(f"pjproject {version.full}, {build.SOURCE}", (version.major, version.minor) >= OLDEST)
    yield Finding(
        f"recorded as {build.VERSION}, recipe {build.RECIPE_SHA256[:12]}, source {build.SOURCE_SHA256[:12]}",
        build.VERSION.startswith(f"{version.major}.{version.minor}") and len(build.SOURCE_SHA256) == 64,
    )


def _libraries() -> Iterable[Finding]:
    """What the binding is linked with, as the linker found it."""
    mapped = {line.split()[-1] for line in Path("/proc/self/maps").read_text("utf-8").splitlines() if ".so" in line}
    own = {Path(path) for path in mapped if "pjsua2.libs/" in path}
    names = sorted(path.name for path in own)
    crypto = [path for path in own if path.name.startswith(("libssl", "libcrypto"))]
    yield Finding(
        f"brings its own {', '.join(names)}",
        len(crypto) == 2 and all(path.name.endswith(".so.3") for path in crypto),
    )
    foreign = [path for path in mapped if re.search(r"/lib(nss3|srtp2?|opus|speex\w*|gsm)\.so", path)]
    yield Finding(f"takes none of these from the system{': ' + ', '.join(foreign) if foreign else ''}", not foreign)
    ours = [path for path in crypto if path.name.startswith("libcrypto")]
    text = _openssl_version(ours[0]) if ours else "none"
    yield Finding(f"bundles {text}", text == build.OPENSSL and text.startswith("OpenSSL 3."))
    alsa = [path for path in mapped if "/libasound.so.2" in path or "/libasound-" in path]
    foreign_alsa = bool(alsa) and "pjsua2.libs" not in alsa[0]
    yield Finding(f"uses the system's ALSA ({', '.join(alsa) or 'not there'})", foreign_alsa)
    binary = Path(pj._pjsua2.__file__).read_bytes()
    yield Finding("has WebRTC's AEC3", b"WebRTC AEC3" in binary, ("webrtc-aec3",))
    # Names of imported functions. What PJSIP once seeded by the clock could be guessed.
    from_the_system = b"\0getrandom\0" in binary and b"\0srand\0" not in binary
    yield Finding("takes its random numbers from the system", from_the_system, ("os-random",))


def _openssl_version(library: Path) -> str:
    text = ctypes.CDLL(str(library)).OpenSSL_version
    text.restype = ctypes.c_char_p
    return bytes(text(0)).decode()


def _defaults() -> Iterable[Finding]:
    """What is used where the engine forgets to say anything."""
    media = pj.AccountConfig().mediaConfig
    yield Finding(
        "refuses calls without SRTP, and keys in the clear, unless told otherwise",
        media.srtpUse == pj.PJMEDIA_SRTP_MANDATORY and media.srtpSecureSignaling == 1,
        ("srtp-mandatory-by-default",),
    )


def _equipment(endpoint: Any) -> Iterable[Finding]:
    """Codecs, SRTP suites, sound devices and network families."""
    codecs = [codec.codecId for codec in endpoint.codecEnum2()]
    for feature, name in CODECS.items():
        yield Finding(f"codec {name}", any(codec.startswith(f"{name}/") for codec in codecs), (feature,))
    suites = set(endpoint.srtpCryptoEnum())
    yield Finding(f"SRTP suites {', '.join(sorted(suites))}", suites >= GCM_SUITES)
    devices = endpoint.audDevManager()
    devices.refreshDevs()
    found = [(device.driver, device.name) for device in devices.enumDev2()]
    yield Finding(f"sound devices through ALSA ({found})", ("ALSA", "check") in found, ("alsa",))
    yield _ipv6(endpoint)


def _ipv6(endpoint: Any) -> Finding:
    config = pj.TransportConfig()
    config.boundAddress = "::1"
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return Finding("IPv6: not tried, this machine has none", good=True, proves=("ipv6",))
    try:
        endpoint.transportClose(endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP6, config))
    except pj.Error as error:
        return Finding(f"IPv6: {error.reason}", good=False)
    return Finding("IPv6", good=True, proves=("ipv6",))


def _greeting(endpoint: Any) -> Finding:
    """What the TLS transport offers to a server that it connects to, read from its ClientHello (RFC 8446, 4.1.2)."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        endpoint.transportCreate(pj.PJSIP_TRANSPORT_TLS, pj.TransportConfig())
        config = pj.AccountConfig()
        config.idUri = "sip:check@127.0.0.1"
        config.regConfig.registrarUri = f"sip:127.0.0.1:{server.getsockname()[1]};transport=tls"
        account = pj.Account()
        account.create(config)
        hello = b""
        connection: socket.socket | None = None

        def greeted() -> bool:
            nonlocal hello, connection
            try:
                connection = connection or server.accept()[0]
                connection.setblocking(False)
                hello += connection.recv(4096)
            except BlockingIOError:
                return False
            return len(hello) > 5 and len(hello) >= 5 + int.from_bytes(hello[3:5], "big")

        came = _until(endpoint, greeted)
        if connection:
            connection.close()
        account.shutdown()
    versions, suites = _offered(hello) if came else (set(), set())
    good = versions == {TLS_1_2, TLS_1_3} and suites <= GOOD_SUITES
    return Finding("offers TLS 1.2 and 1.3, nothing older and no weak suite", good, ("tls1.2", "tls1.3"))


def _connection(endpoint: Endpoint) -> Finding:
    """Whether a connection can be shut down by the handle that PJSIP gives for it."""
    text = "a connection can be shut down by its handle"
    with socket.create_server(("127.0.0.1", 0)) as server:
        endpoint.transportCreate(pj.PJSIP_TRANSPORT_TCP, pj.TransportConfig())
        config = pj.AccountConfig()
        config.idUri = "sip:check@127.0.0.1"
        config.regConfig.registrarUri = f"sip:127.0.0.1:{server.getsockname()[1]};transport=tcp"
        account = pj.Account()
        account.create(config)
        connected = _until(endpoint, lambda: bool(endpoint.connections))
        account.shutdown()
        if not connected:
            return Finding(f"{text}: none came about", good=False)
        try:
            endpoint.transportShutdown(endpoint.connections[0])
        except TypeError as error:
            return Finding(f"{text}: {error}", good=False)
    return Finding(text, good=True, proves=("transport-handles",))


def _listeners() -> Finding:
    """Whether a port is open that others can connect to, now that there are TCP and TLS transports."""
    own = set()
    for file in Path("/proc/self/fd").iterdir():
        # The list's own descriptor is gone by the time it is asked for.
        with suppress(FileNotFoundError):
            own.add(str(file.readlink()))
    listening = []
    for table in ("tcp", "tcp6"):
        path = Path("/proc/self/net") / table
        for line in path.read_text("utf-8").splitlines()[1:] if path.exists() else ():
            _, local, _, state, *rest = line.split()
            # State 0A is LISTEN, and the tenth column names the socket.
            if state == "0A" and f"socket:[{rest[5]}]" in own:
                listening.append(int(local.rpartition(":")[2], 16))
    return Finding(f"opens no port{f': not so, {listening}' if listening else ''}", not listening, ("no-listener",))


def _offered(hello: bytes) -> tuple[set[int], set[int]]:
    """The protocol versions (extension supported_versions, 43) and the cipher suites in a ClientHello."""
    at = 5 + 4 + 2 + 32
    at += 1 + hello[at]  # session id
    size = int.from_bytes(hello[at : at + 2], "big")
    suites = _words(hello[at + 2 : at + 2 + size])
    at += 2 + size
    at += 1 + hello[at]  # compression methods
    at += 2  # length of all extensions
    while at + 4 <= len(hello):
        kind, size = int.from_bytes(hello[at : at + 2], "big"), int.from_bytes(hello[at + 2 : at + 4], "big")
        if kind == 43:
            return _words(hello[at + 5 : at + 4 + size]), suites
        at += 4 + size
    return set(), suites


def _words(data: bytes) -> set[int]:
    return {int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)}


def _call(endpoint: Any, account: Account, calls: list[Call]) -> Iterable[Finding]:
    """A call of the endpoint with itself: Opus, AES-GCM and real-time text; then one that only offers, with ICE."""
    transport = pj.TransportConfig()
    transport.boundAddress = "127.0.0.1"
    number = endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
    address = f"sip:check@{endpoint.transportGetInfo(number).localName}"
    config = pj.AccountConfig()
    config.idUri = address
    # Keys in the clear are right here alone, where they never leave this process.
    config.mediaConfig.srtpSecureSignaling = 0
    config.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
    account.create(config)
    endpoint.codecSetPriority("opus/48000", 255)
    call = Call(account, -1)
    calls.append(call)
    call.makeCall(address, _sound_and_text(pj.CallOpParam(True)))

    def talking() -> bool:
        return bool(account.answered) and call.flows() and account.answered[0].flows()

    flowing = _until(endpoint, talking)
    stream = call.getStreamInfo(0) if flowing else None
    name = f"{stream.codecName} at {stream.audCodecParam.info.clockRate} Hz" if stream else "nothing"
    yield Finding(f"sound flows both ways: {name}", name == "opus at 48000 Hz")
    summary = call.dump(True, "")
    suite = re.search(r"SRTP status: Active Crypto-suite: (\S+)", summary)
    yield Finding(
        f"it is encrypted: {suite.group(1) if suite else 'no'}",
        suite is not None and suite.group(1) == "AEAD_AES_256_GCM",
        ("srtp-aes-gcm",),
    )
    typed = False
    if flowing:
        param = pj.CallSendTextParam()
        param.text = TEXT
        call.sendText(param)
        typed = _until(endpoint, lambda: TEXT in account.answered[0].read)
    yield Finding("real-time text arrives", typed, ("real-time-text",))
    if all(name == "lo" for _, name in socket.if_nameindex()):
        yield Finding("ICE: not tried, this machine has no network", good=True, proves=("ice",))
    else:
        config.natConfig.iceEnabled = True
        account.modify(config)
        unanswered = Call(account, -1)
        calls.append(unanswered)
        unanswered.makeCall("sip:nobody@127.0.0.1:9", _sound_and_text(pj.CallOpParam(True)))
        _until(endpoint, lambda: bool(unanswered.sdp))
        offered = "a=ice-ufrag" in unanswered.sdp and "a=candidate" in unanswered.sdp
        yield Finding("ICE is offered", offered, ("ice",))
    endpoint.hangupAllCalls()


def _misuse(account: Account) -> Iterable[Finding]:
    """With asserts compiled in, this would abort the process."""
    try:
        pj.Call(account, 9999).getInfo()
    except pj.Error:
        yield Finding("reports misuse as an error", good=True, proves=("no-asserts",))
    else:
        yield Finding("reports misuse as an error", good=False)


def _sound_and_text(param: Any, code: int = 0) -> Any:
    param.statusCode = code
    param.opt.audioCount, param.opt.videoCount, param.opt.textCount = 1, 0, 1
    return param


def _until(endpoint: Any, done: Callable[[], bool]) -> bool:
    """Handle PJSIP's events until `done`; False if that takes longer than anything on loopback may."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        endpoint.libHandleEvents(10)
        if done():
            return True
    return False
