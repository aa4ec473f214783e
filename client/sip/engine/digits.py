"""Sending the digits that the agent presses."""

import re

import pjsua2 as pj

from client.sip.engine.conversation import Conversation
from client.sip.engine.log_lines import warn

DIGIT_MS = 120
"""Long enough for the slowest detector (ITU-T Q.24: 40 ms) with room for lost packets."""

_DIGITS = re.compile(r"[0-9A-D*#]{1,32}")


def send_digits(call: Conversation, digits: str) -> None:
    """Send digits as telephone events (RFC 4733), or by INFO when the other side did not negotiate those.

    Without a stream, nothing is sent; nor what are no digits.

    Raises:
        pj.Error: PJSIP could not send them.
    """
    if call.stream < 0 or not _DIGITS.fullmatch(digits):
        warn("digits that cannot be sent were left out")
        return
    prm = pj.CallSendDtmfParam()
    has_events = call.native.getStreamInfo(call.stream).audTxEventPt > 0
    prm.method = pj.PJSUA_DTMF_METHOD_RFC2833 if has_events else pj.PJSUA_DTMF_METHOD_SIP_INFO
    prm.duration = DIGIT_MS
    prm.digits = digits
    call.native.sendDtmf(prm)
