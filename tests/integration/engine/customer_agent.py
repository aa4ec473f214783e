"""A customer's telephone, in a process of its own: calls a SIP URI, plays a WAV file, records what it hears.

Run as `python -m tests.integration.engine.customer_agent`. The first line of standard input is a JSON object:

    uri            what to call, as in "sip:+8613800138000@127.0.0.1:5061;transport=tls"
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

Each event is one JSON line on standard output, with the time by the monotonic clock: {"event": "calling", "at": ...},
then "ringing", "confirmed", "media" (with codec and srtp), "hold", "resumed", and "ended" (with status). A line
"hangup" on standard input ends the call; so does the end of standard input. Exit status 0 after "ended".
"""

import json
import os
import queue
import sys
import threading
import time
from typing import Any

import pjsua2 as pj

TURN_MS = 10


class Telephone(pj.Call):  # type: ignore[misc]
    """The one call of this process."""

    def __init__(self, account: pj.Account, play: str, record: str) -> None:
        super().__init__(account)
        self.over = False
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


def tell(event: str, **details: object) -> None:
    """Write one event."""
    announcements.write(json.dumps({"event": event, "at": time.monotonic(), **details}) + "\n")
    announcements.flush()


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
    config.natConfig.iceEnabled = False
    config.regConfig.registerOnAdd = False
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
    account = pj.Account()
    account.create(account_config(options, transport))
    call = Telephone(account, options["play"], options["record"])
    parameters = pj.CallOpParam(True)
    parameters.opt.textCount = 0
    call.makeCall(options["uri"], parameters)
    while not call.over:
        endpoint.libHandleEvents(TURN_MS)
        if not orders.empty() and orders.get() == "hangup":
            call.hangup(pj.CallOpParam())
    # Closes the recording, whose length is written at its end.
    del call
    endpoint.libDestroy()
    return 0


if __name__ == "__main__":
    # PJSIP writes to standard output before it can be told not to.
    announcements = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os._exit(main())
