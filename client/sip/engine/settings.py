"""Every default of PJSIP that is insecure or slow, set on purpose, each with its reason.

Nothing else in the engine sets an option of PJSIP. The tests read these objects back.
"""

import socket
import uuid

import pjsua2 as pj

from client.core.telephony import Configure, EdgeAddress, Register

SAMPLE_RATE = 48_000
"""The clock of Opus; resampling would cost processor time and delay."""

FRAME_MS = 10
"""One turn of the mixer. Half of Opus's packet time, so a frame never waits a whole packet in the mixer."""

CRYPTO_SUITES = ("AEAD_AES_256_GCM", "AES_256_CM_HMAC_SHA1_80", "AEAD_AES_128_GCM", "AES_CM_128_HMAC_SHA1_80")
"""SRTP suites in the order we offer and accept them (RFC 7714, RFC 6188, RFC 4568): no 32-bit and no 8-byte tags."""

TLS_HANDSHAKE_MS = 5_000
REGISTER_MARGIN_SECONDS = 10
ECHO_TAIL_MS = 100
"""The default of 200 ms is for rooms; AEC3 finds a headset's path by itself."""

EAR_ROUTES = {
    "both": pj.PJMEDIA_AUD_DEV_ROUTE_DEFAULT,
    "left": pj.PJMEDIA_AUD_DEV_ROUTE_CUSTOM | 1,
    "right": pj.PJMEDIA_AUD_DEV_ROUTE_CUSTOM | 2,
}
"""Where a caller is heard. The last two are ours: see `alsa-one-ear.patch` in the recipe of the media core."""

MAX_CALLS = 8
"""A conference of some, a call on hold, one that waits. PJSIP answers the next one with 486 by itself."""

SESSION_SECONDS = 600
"""PJSIP's default is 1800: half an hour until a lost BYE is noticed, with the microphone open."""

TEXT_REDUNDANCY = 2
"""How often each character of real-time text is sent again (RFC 4103, section 4: two generations by default)."""

_NO_DELAY = pj.SockOpt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
"""Without it, the second of two answers waits 40 ms for the first one's acknowledgement. PJSIP keeps a pointer to the
value, so it must live as long as the process."""


_KEEP_ALIVE = tuple(
    pj.SockOpt(level, getattr(socket, name), value)
    for level, name, value in (
        (socket.SOL_SOCKET, "SO_KEEPALIVE", 1),
        # With the nine or ten probes of most systems: 28 or 30 s.
        (socket.IPPROTO_TCP, "TCP_KEEPIDLE", 10),
        (socket.IPPROTO_TCP, "TCP_KEEPINTVL", 2),
        # PJSIP drops all options after the fourth (PJ_MAX_SOCKOPT_PARAMS) without a word, unless it was built for more.
        # This one is for a connection that dies with something of ours on the way.
        (socket.IPPROTO_TCP, "TCP_USER_TIMEOUT", 20_000),
    )
    if hasattr(socket, name)
)
"""An edge that vanished without a word is noticed within half a minute, and the way through a home router stays open.
PJSIP's own keep-alive comes every 90 s, and the kernel would go on sending for a quarter of an hour."""


def endpoint_config(writer: pj.LogWriter) -> pj.EpConfig:
    """Return the settings of the whole endpoint."""
    config = pj.EpConfig()
    _user_agent(config.uaConfig)
    _log(config.logConfig, writer)
    _media(config.medConfig)
    return config


def _user_agent(ua: pj.UaConfig) -> None:
    ua.userAgent = "Hearthline"  # No version: it would tell a listener which advisories apply.
    ua.maxCalls = MAX_CALLS
    ua.threadCnt = 0  # No worker threads: PJSIP's callbacks come from our own loop and never race with it.
    ua.mainThreadOnly = True
    ua.nameserver = pj.StringVector()  # The OS resolves names; answers to PJSIP's own resolver can be forged.
    ua.stunServer = pj.StringVector()  # None before the manifest names one; see `_nat`.
    ua.natTypeInSdp = 0  # Nobody needs to know what kind of router stands in an agent's home.
    # The edge passes on what the trunk says of a mailbox, and nothing else; `core.py` believes it only where the
    # manifest says that there is one.
    ua.mwiUnsolicitedEnabled = True
    ua.enableUpnp = False  # We open no port on anybody's router.


def _log(log: pj.LogConfig, writer: pj.LogWriter) -> None:
    log.level = 2  # Errors and warnings. From level 3 on, PJSIP writes addresses and whole messages.
    log.consoleLevel = 2  # The writer's level, despite its name.
    log.msgLogging = 0  # SIP messages hold credentials and callers' numbers.
    log.filename = ""
    log.decor = 0
    log.writer = writer


def _media(media: pj.MediaConfig) -> None:
    media.clockRate = SAMPLE_RATE
    media.sndClockRate = SAMPLE_RATE
    media.audioFramePtime = FRAME_MS
    media.channelCount = 1
    media.quality = 10  # The best resampler, where a telephone codec needs one.
    media.ptime = 20  # One packet each 20 ms: the edge and the customer's side expect it.
    media.noVad = True  # Clipped word beginnings cost more than the bandwidth saved; silence also looks like a fault.
    media.ecOptions = echo_options(noise_suppression=False, gain_control=False)
    media.ecTailLen = ECHO_TAIL_MS
    # The defaults of 100 and 140 ms are more than the whole budget of the endpoint. 30 ms are three turns of the mixer;
    # with two, a machine whose cores are all busy lets the sound break off.
    media.sndRecLatency = 30
    media.sndPlayLatency = 30
    media.sndUseSwClock = False  # The device's own clock: a software clock adds a buffer between them.
    media.jbInit = 20  # The jitter buffer starts small and grows by need, instead of up to 500 ms from the first.
    media.jbMinPre = 20
    media.jbMaxPre = 200
    media.jbMax = 300
    media.sndAutoCloseTime = -1  # `sound.py` opens and closes the devices; a timer would race with it.
    media.threadCnt = 1
    media.confThreads = 1  # One or two calls: more threads cost more than they save.


def echo_options(*, noise_suppression: bool, gain_control: bool) -> int:
    """Return the options of the echo canceller (WebRTC's AEC3), which also brings noise suppression and gain control.

    Both are off unless the manifest asks for them: the suppressor takes music, alarms and steady tones for noise.
    """
    options = int(pj.PJMEDIA_ECHO_WEBRTC_AEC3)
    if noise_suppression:
        options |= pj.PJMEDIA_ECHO_USE_NOISE_SUPPRESSOR
    if gain_control:
        options |= pj.PJMEDIA_ECHO_USE_GAIN_CONTROLLER
    return options


def opus_config(opus: pj.CodecOpusConfig) -> pj.CodecOpusConfig:
    """Set Opus for one voice: mono, full band, with in-band FEC tuned for a home connection."""
    opus.sample_rate = SAMPLE_RATE
    opus.channel_cnt = 1
    opus.frm_ptime = 20
    # FEC takes its bits from the speech: at 32 kbit/s with FEC for 10 % PESQ fell from 4.1 to 3.3 without any loss.
    opus.bit_rate = 64_000
    opus.packet_loss = 5  # Above zero, the encoder spends bits on in-band FEC (RFC 6716, section 2.1.7).
    opus.complexity = 5
    opus.cbr = False
    return opus


def opus_expected_loss(lost_percent: float) -> int:
    """The loss in percent that the Opus encoder should prepare for, from what the other side says that it lost.

    In steps, so that the encoder is not set anew each few seconds.
    """
    if lost_percent <= 1:
        return 5
    if lost_percent <= 5:
        return 10
    return 20 if lost_percent <= 12 else 30


def with_concealment(parameters: pj.CodecParam) -> pj.CodecParam:
    """Turn a codec's VAD off and its concealment on."""
    parameters.setting.vad = False
    parameters.setting.plc = True
    return parameters


def transport_config(ca_pem: str) -> pj.TransportConfig:
    """Return the settings of the only transport there is: TLS, outgoing, verified.

    The media core is built without a TLS listener, so this transport opens no port.
    """
    config = pj.TransportConfig()
    config.port = 0
    tls = config.tlsConfig
    tls.CaBuf = ca_pem  # From memory: there is no file to swap.
    tls.proto = pj.PJ_SSL_SOCK_PROTO_TLS1_2 | pj.PJ_SSL_SOCK_PROTO_TLS1_3  # The default admits TLS 1.0.
    tls.verifyServer = True  # The default is False.
    tls.verifyClient = True  # Should a connection ever be accepted, it would have to show a certificate.
    tls.requireClientCert = True
    tls.msecTimeout = TLS_HANDSHAKE_MS  # The default of 0 waits for ever.
    tls.enableRenegotiation = False  # TLS 1.2 renegotiation has only ever been used in attacks.
    for option in (_NO_DELAY, *_KEEP_ALIVE):
        tls.sockOptParams.sockOpts.append(option)
    tls.sockOptIgnoreError = True  # The kernel may refuse what only saves time.
    return config


def edge_uri(edge: EdgeAddress) -> str:
    """Return the route to an edge: a loose-routing SIP URI over TLS (RFC 3261, section 19.1.1)."""
    host = f"[{edge.host}]" if ":" in edge.host else edge.host
    return f"sip:{host}:{edge.port};transport=tls;lr"


def account_config(line: Configure, credentials: Register, edge: EdgeAddress, transport: int) -> pj.AccountConfig:
    """Return the settings of the line, through one edge."""
    config = pj.AccountConfig()
    config.idUri = credentials.address_of_record
    _registration(config.regConfig, line)
    sip = config.sipConfig
    sip.authCreds.clear()
    sip.authCreds.append(pj.AuthCredInfo("digest", credentials.realm, credentials.username, 0, credentials.password))
    sip.proxies = pj.StringVector()
    sip.proxies.append(edge_uri(edge))
    sip.transportId = transport
    sip.autoRespondSipMessage = False  # Nobody asked for instant messages: they are not answered with 200.
    # A call whose end was lost on the way is noticed at the next refresh (RFC 4028), half of this time at the latest.
    config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_OPTIONAL
    config.callConfig.timerMinSESec = 90
    config.callConfig.timerSessExpiresSec = SESSION_SECONDS
    # Where both know it, a 180 or 183 that is lost is sent again (RFC 3262); who does not know it is not refused.
    config.callConfig.prackUse = pj.PJSUA_100REL_OPTIONAL
    config.callConfig.holdType = pj.PJSUA_CALL_HOLD_TYPE_RFC3264  # The older way, address 0.0.0.0, stops RTCP too.
    config.presConfig.publishEnabled = False
    config.mwiConfig.enabled = False  # No SUBSCRIBE: the edge says by itself what waits.
    _nat(config.natConfig, credentials)
    if line.ice:
        _ice(config.natConfig, line, credentials)
    _call_media(config.mediaConfig)
    if line.ice and ":" not in edge.host:
        # With ICE, PJSIP names an IPv6 address first wherever there is one; the relay of such an edge has none.
        config.mediaConfig.ipv6Use = pj.PJSUA_IPV6_DISABLED
    # Without text, PJSIP need not even look at a caller's redundancy formats.
    config.textConfig.redundancyLevel = 0
    if line.real_time_text:
        config.textConfig.redundancyLevel = TEXT_REDUNDANCY
    return config


def instance_id(address_of_record: str) -> str:
    """Return the instance id (RFC 5626, section 4.1) of an agent's line on this machine.

    It is the same for an engine and its successor, so that the edge replaces the dead engine's binding. PJSIP's own
    is made from the host name, and alike on many machines.
    """
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{address_of_record} {uuid.getnode()}')}>"


def _registration(registration: pj.AccountRegConfig, line: Configure) -> None:
    registration.registrarUri = f"sip:{line.domain};transport=tls"
    registration.registerOnAdd = False  # `line.py` decides when, and only towards an edge that resolved.
    registration.disableRegOnModify = True
    registration.timeoutSec = line.register_seconds
    registration.delayBeforeRefreshSec = min(REGISTER_MARGIN_SECONDS, line.register_seconds // 2)
    registration.retryIntervalSec = 0  # PJSIP's retry (300 s, 10 s jitter) knows no other edge; `line.py` retries.
    registration.firstRetryIntervalSec = 0
    registration.randomRetryIntervalSec = 0
    registration.dropCallsOnFail = False  # Speech does not depend on the registration.
    registration.unregWaitMsec = 1_000  # The default of 4 s would hold up the desk's end of shift.
    registration.proxyUse = 3


def _nat(nat: pj.AccountNatConfig, credentials: Register) -> None:
    # The edge sees the connection we come from and answers on it (RFC 5626), so no address needs to be learned.
    nat.sipStunUse = pj.PJSUA_STUN_USE_DISABLED
    # Media goes to the edge's relay, which answers to where it comes from: none of this is needed there, so it is off.
    nat.mediaStunUse = pj.PJSUA_STUN_USE_DISABLED
    nat.iceEnabled = False
    nat.turnEnabled = False
    nat.contactRewriteUse = 0
    nat.viaRewriteUse = 0
    nat.sdpNatRewriteUse = 0
    nat.contactUseSrcPort = 1
    nat.sipOutboundUse = 1
    nat.sipOutboundInstanceId = instance_id(credentials.address_of_record)
    nat.udpKaIntervalSec = 0  # There is no UDP; TLS connections have their own keep-alive.


def _ice(nat: pj.AccountNatConfig, line: Configure, credentials: Register) -> None:
    """For networks that let nothing through but TURN."""
    nat.iceEnabled = True
    if line.stun:
        nat.mediaStunUse = pj.PJSUA_STUN_USE_DEFAULT
    if line.turn:
        nat.turnEnabled = True
        nat.turnServer = line.turn
        nat.turnConnType = pj.PJ_TURN_TP_UDP
        nat.turnUserName = credentials.username  # coturn takes the same ephemeral credentials.
        nat.turnPassword = credentials.password
        nat.turnPasswordType = 0


def _call_media(media: pj.AccountMediaConfig) -> None:
    media.srtpUse = pj.PJMEDIA_SRTP_MANDATORY  # The default is off.
    media.srtpSecureSignaling = 1  # Keys travel in the SDP (RFC 4568), so only over TLS.
    media.srtpOpt.keyings = pj.IntVector([pj.PJMEDIA_SRTP_KEYING_SDES])
    media.srtpOpt.cryptos = pj.SrtpCryptoVector()
    for name in CRYPTO_SUITES:
        suite = pj.SrtpCrypto()
        suite.name = name
        suite.key = ""  # A fresh random key for each call.
        suite.flags = 0  # Neither encryption nor authentication may be left out.
        media.srtpOpt.cryptos.append(suite)
    media.transportConfig.port = 0
    media.transportConfig.randomizePort = False
    media.rtcpMuxEnabled = True  # One port where the other side can (RFC 5761); others fall back to two.
    media.lockCodecEnabled = False  # Its extra re-INVITE after each answer delays the sound.
    # Would open the way through the home router when we are held without music; a core has it that was built with
    # PJMEDIA_STREAM_ENABLE_KA, and in another one RTCP, on the same port, does it.
    media.streamKaEnabled = True
    media.enableLoopback = False
