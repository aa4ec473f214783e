"""A customer's telephone, in a process of its own: calls a SIP URI, plays a WAV file, records what it hears.

Run as `python -m tests.integration.engine.customer_agent`. The first line of standard input is a JSON object:

    uri            what to call, as in "sip:+8613800138000@127.0.0.1:5061;transport=tls"; without it, the telephone
                   registers as `caller` with `username` and `password`, and waits to be called
    caller         the caller's own URI, as in "sip:13912345678@trunk.example"; it is here and not in an argument,
                   because arguments can be read by everybody
    proxy          optional: where to send requests, as in "sip:127.0.0.1:5061;transport=tls;lr"
    ca             path of the authority's certificate
    certificate    optional: path of the client certificate (a trunk's), with `key`
    key            optional: path of its key
    play           path of a WAV file, 16 bit mono; played again and again from the moment of the answer
    record         path of the WAV file to write
    srtp           optional, true: false calls without SRTP
    codecs         optional: the codecs to offer, as in ["opus/48000"]
    text           optional, false: true offers real-time text
    loses          optional, 0: how many of the packets that arrive are thrown away, in percent
    reliable       optional, false: true asks for reliable provisional responses (100rel, RFC 3262)
    turn           optional: a TURN server as HOST:PORT, the only way to and from this telephone then (RFC 8445);
                   `username` and `password` are its credentials too
    events         optional, true: false takes the telephone events (RFC 4733) out of the offer or answer

Each event is one JSON line on standard output, with the time by the monotonic clock: {"event": "calling", "at": ...},
then "ringing", "confirmed", "media" (with codec and srtp), "hold", "resumed", "digit", "text", "transferred" (asked to
call somebody else, which it does), "replaced", and "ended" (with status); "waiting" when it can be called, "incoming"
when it is. Lines on standard input tell it what to do: "ringing", "early" (183 with sound), "answer", "refuse STATUS",
"digits 123", "text hello" (with escapes as in JSON), "reinvite", and "hangup", which ends the call; so does the end of
standard input. Exit status 0 after "ended", or at the end of standard input.
"""

import gc
import json
import os
import queue
import re
import sys
import threading
import time
from typing import Any

import pjsua2 as pj

TURN_MS = 10


class Telephone(pj.Call):  # type: ignore[misc]
    """The one call of this process."""

    def __init__(self, account: pj.Account, options: dict[str, Any], call_id: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(account, call_id)
        play, record = options["play"], options["record"]
        self.over = False
        self._account = account
        self._options = options
        self._stage = ""
        self._held = False
        self._player = pj.AudioMediaPlayer()
        self._player.createPlayer(play)
        self._recorder = pj.AudioMediaRecorder()
        self._recorder.createRecorder(record)

    def onCallState(self, _prm: pj.OnCallStateParam) -> None:
        """Called by PJSIP when the call's state changes."""
        info = self.getInfo()
        stages = {
            pj.PJSIP_INV_STATE_CALLING: "calling",
            pj.PJSIP_INV_STATE_EARLY: "ringing",
            pj.PJSIP_INV_STATE_CONFIRMED: "confirmed",
            pj.PJSIP_INV_STATE_DISCONNECTED: "ended",
        }
        stage = stages.get(info.state, "")
        if not stage or stage == self._stage:
            return
        self._stage = stage
        if stage == "ended":
            self.over = True
            tell(stage, status=int(info.lastStatusCode))
        else:
            tell(stage)

    def onCallMediaState(self, _prm: pj.OnCallMediaStateParam) -> None:
        """Called by PJSIP when the negotiated media change."""
        # The media live only as long as the information that they are a part of.
        info = self.getInfo()
        for media in info.media:
            if media.type != pj.PJMEDIA_TYPE_AUDIO:
                continue
            if media.status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD:
                self._held = True
                tell("hold")
            elif media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                self._connect(media.index)

    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:
        """Called by PJSIP when the other side presses a key."""
        tell("digit", digit=str(prm.digit), method=int(prm.method))

    def onCallRxText(self, prm: pj.OnCallRxTextParam) -> None:
        """Called by PJSIP when real-time text arrives."""
        tell("text", text=str(prm.text))

    def onCallTransferRequest(self, prm: pj.OnCallTransferRequestParam) -> None:
        """Called by PJSIP for a REFER: it is followed, in a call of its own."""
        tell("transferred", to=str(prm.dstUri))
        prm.newCall = telephones[-1].successor()

    def onCallReplaceRequest(self, prm: pj.OnCallReplaceRequestParam) -> None:
        """Called by PJSIP for an INVITE with Replaces: it takes this call's place."""
        tell("replaced")
        prm.newCall = telephones[-1].successor()

    def successor(self) -> "Telephone":
        """The telephone of the call that follows from this one. Its recording goes on where this one's stops."""
        options = {**self._options, "record": self._options["record"] + ".next"}
        telephones.append(Telephone(self._account, options))
        return telephones[-1]

    def obey(self, line: str) -> None:
        """Do what a line of standard input says."""
        word, _, rest = line.partition(" ")
        answers = {"ringing": 180, "early": 183, "answer": 200, "refuse": int(rest) if word == "refuse" else 0}
        if word in answers:
            prm = parameters(self._options)
            prm.statusCode = answers[word]
            self.answer(prm)
        elif word == "digits":
            self.dialDtmf(rest)
        elif word == "text":
            prm = pj.CallSendTextParam()
            prm.text = json.loads(f'"{rest}"')
            self.sendText(prm)
        elif word == "reinvite":
            self.reinvite(parameters(self._options))
        elif word == "hangup":
            self.hangup(pj.CallOpParam())

    def onCallSdpCreated(self, prm: pj.OnCallSdpCreatedParam) -> None:
        """Called by PJSIP when it has made an offer or an answer."""
        if not self._options.get("events", True):
            prm.sdp.wholeSdp = without_events(str(prm.sdp.wholeSdp))

    def _connect(self, index: int) -> None:
        stream = self.getAudioMedia(index)
        self._player.startTransmit(stream)
        stream.startTransmit(self._recorder)
        if self._held:
            self._held = False
            tell("resumed")
            return
        marker = "Crypto-suite: "
        secure = [line for line in self.dump(True, "").splitlines() if "SRTP status: Active" in line]
        suite = secure[0].partition(marker)[2].strip() if secure else ""
        tell("media", codec=str(self.getStreamInfo(index).codecName), srtp=suite)


def without_events(sdp: str) -> str:
    """Take the telephone events out of a session description."""
    formats = re.findall(r"^a=rtpmap:(\d+) telephone-event", sdp, re.MULTILINE)
    for number in formats:
        sdp = re.sub(rf"^a=(rtpmap|fmtp):{number} .*\r?\n", "", sdp, flags=re.MULTILINE)
        sdp = re.sub(rf"^(m=audio .*?) {number}\b", r"\1", sdp, flags=re.MULTILINE)
    return sdp


def tell(event: str, **details: object) -> None:
    """Write one event."""
    announcements.write(json.dumps({"event": event, "at": time.monotonic(), **details}) + "\n")
    announcements.flush()


class Line(pj.Account):  # type: ignore[misc]
    """The customer's line."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()
        self._options = options

    def onRegState(self, prm: pj.OnRegStateParam) -> None:
        """Called by PJSIP when a REGISTER has been answered."""
        if prm.code == 200:
            tell("waiting")

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        """Called by PJSIP for an INVITE."""
        telephones.append(Telephone(self, self._options, prm.callId))
        tell("incoming")


def parameters(options: dict[str, Any]) -> pj.CallOpParam:
    """One audio stream, and real-time text where it is wanted."""
    prm = pj.CallOpParam(True)
    prm.opt.textCount = int(options.get("text", False))
    return prm


def account_config(options: dict[str, Any], transport: int) -> pj.AccountConfig:
    """Return the settings of the customer's line."""
    config = pj.AccountConfig()
    config.idUri = options["caller"]
    config.sipConfig.transportId = transport
    if options.get("proxy"):
        config.sipConfig.proxies.append(options["proxy"])
    config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_MANDATORY if options.get("srtp", True) else pj.PJMEDIA_SRTP_DISABLED
    config.mediaConfig.srtpSecureSignaling = 1
    config.mediaConfig.srtpOpt.keyings = pj.IntVector([pj.PJMEDIA_SRTP_KEYING_SDES])
    config.mediaConfig.transportConfig.port = 0
    config.mediaConfig.rtcpMuxEnabled = True
    config.natConfig.iceEnabled = "turn" in options
    if "turn" in options:
        config.natConfig.iceMaxHostCands = 0
        config.natConfig.turnEnabled = True
        config.natConfig.turnServer = options["turn"]
        config.natConfig.turnUserName, config.natConfig.turnPassword = options["username"], options["password"]
    config.regConfig.registerOnAdd = "uri" not in options
    config.regConfig.registrarUri = "" if "uri" in options else options["registrar"]
    if "uri" not in options:
        config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", options["username"], 0, options["password"]))
    config.callConfig.prackUse = pj.PJSUA_100REL_OPTIONAL if options.get("reliable") else pj.PJSUA_100REL_NOT_USED
    return config


def start(endpoint: pj.Endpoint, options: dict[str, Any]) -> int:
    """Start PJSIP, and return its TLS transport."""
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.logConfig.level = 0
    config.logConfig.consoleLevel = 0
    config.medConfig.clockRate = 48_000
    config.medConfig.noVad = True
    config.medConfig.ecTailLen = 0
    config.medConfig.rxDropPct = options.get("loses", 0)
    endpoint.libInit(config)
    tls = pj.TransportConfig()
    tls.tlsConfig.CaListFile = options["ca"]
    tls.tlsConfig.certFile = options.get("certificate", "")
    tls.tlsConfig.privKeyFile = options.get("key", "")
    tls.tlsConfig.verifyServer = True
    tls.tlsConfig.proto = pj.PJ_SSL_SOCK_PROTO_TLS1_2 | pj.PJ_SSL_SOCK_PROTO_TLS1_3
    transport = int(endpoint.transportCreate(pj.PJSIP_TRANSPORT_TLS, tls))
    endpoint.libStart()
    # No sound card: the null device's clock drives player and recorder.
    endpoint.audDevManager().setNullDev()
    codecs = options.get("codecs", ["opus/48000"])
    for codec in endpoint.codecEnum2():
        endpoint.codecSetPriority(codec.codecId, 0)
    for rank, codec in enumerate(codecs):
        endpoint.codecSetPriority(codec, 255 - rank)
    return transport


def main() -> int:
    """Make the call, and return the exit status."""
    options = json.loads(sys.stdin.readline())
    orders: queue.SimpleQueue[str] = queue.SimpleQueue()

    def listen() -> None:
        for line in sys.stdin:
            orders.put(line.strip())
        orders.put("hangup")

    threading.Thread(target=listen, daemon=True).start()
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    transport = start(endpoint, options)
    account = Line(options)
    account.create(account_config(options, transport))
    if "uri" in options:
        telephones.append(Telephone(account, options))
        telephones[0].makeCall(options["uri"], parameters(options))
    while not telephones or not all(telephone.over for telephone in telephones):
        endpoint.libHandleEvents(TURN_MS)
        if orders.empty():
            continue
        order = orders.get()
        live = [telephone for telephone in telephones if not telephone.over]
        if not live:
            break
        for telephone in live if order == "hangup" else live[-1:]:
            telephone.obey(order)
    # Closes the recordings, whose length is written at their end.
    telephones.clear()
    gc.collect()
    endpoint.libDestroy()
    return 0


telephones: list[Telephone] = []


if __name__ == "__main__":
    # PJSIP writes to standard output before it can be told not to.
    announcements = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os._exit(main())
