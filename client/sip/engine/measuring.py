"""Once a second: how each call sounds, and whether it is heard at all."""

import time

import pjsua2 as pj

from client.core.telephony import CallQuality, CallSilent, Report
from client.sip.engine import settings
from client.sip.engine.conversation import Conversation
from client.sip.engine.log_lines import warn

SILENT_SECONDS = 5.0
"""So long without a packet is worth a word to the agent."""


def measure(call: Conversation) -> list[Report]:
    """Read the statistics of a call's stream, tell what has changed, and set the encoder accordingly.

    A held call is measured too: its RTCP is the sign that the other side still lives.
    """
    reports: list[Report] = []
    if call.stream >= 0:
        try:
            reports += _read(call)
        except pj.Error:
            # Between two media of the same call there is no stream to measure.
            call.count.heard = 0
    silent = call.media.active and call.confirmed and time.monotonic() - call.heard_at > SILENT_SECONDS
    if silent != call.silent:
        call.silent = silent
        reports.append(CallSilent(call.number, silent))
    return reports


def _read(call: Conversation) -> list[Report]:
    # What pjsua2 hands out lives only as long as the object that it is a part of.
    statistics = call.native.getStreamStat(call.stream)
    rtcp, count = statistics.rtcp, call.count
    received, lost = rtcp.rxStat.pkt - count.received, rtcp.rxStat.loss - count.lost
    count.received, count.lost = rtcp.rxStat.pkt, rtcp.rxStat.loss
    heard = rtcp.rxStat.pkt + rtcp.txStat.updateCount
    if heard != count.heard:
        call.heard_at = time.monotonic()
    count.heard = heard
    _note_their_report(call, rtcp.txStat)
    if not call.media.active:
        return []
    # A new stream counts from zero again.
    expected = max(received, 0) + max(lost, 0)
    return [
        CallQuality(
            call.number,
            loss_percent=round(100.0 * max(lost, 0) / expected, 2) if expected else 0.0,
            jitter_ms=rtcp.rxStat.jitterUsec.last / 1_000,
            round_trip_ms=rtcp.rttUsec.last / 1_000,
            sent_loss_percent=count.sent_loss_percent,
            sent_jitter_ms=rtcp.txStat.jitterUsec.last / 1_000,
            buffer_ms=float(statistics.jbuf.avgDelayMsec),
            codec=call.media.codec,
        )
    ]


def _note_their_report(call: Conversation, sent: pj.RtcpStreamStat) -> None:
    """Take what the other side tells by RTCP (RFC 3550, section 6.4) of what we sent since its last report."""
    count = call.count
    if sent.updateCount == count.told:
        return
    packets, lost = sent.pkt - count.sent, sent.loss - count.sent_lost
    count.told, count.sent, count.sent_lost = sent.updateCount, sent.pkt, sent.loss
    if packets > 0:
        count.sent_loss_percent = round(min(100.0, 100.0 * max(lost, 0) / packets), 2)
    if call.media.codec.lower() == "opus":
        _adapt_opus(call)


def _adapt_opus(call: Conversation) -> None:
    """Spend as much on in-band FEC as the network loses (RFC 6716, section 2.1.7)."""
    loss = settings.opus_expected_loss(call.count.sent_loss_percent)
    if loss == call.opus_loss:
        return
    parameters = call.native.getStreamInfo(call.stream).audCodecParam
    parameters.setting.packetLoss = loss
    call.native.audStreamModifyCodecParam(call.stream, parameters)
    call.opus_loss = loss
    warn(f"encoder set for a loss of {loss} percent")
