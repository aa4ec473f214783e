"""What an agent does within calls: mute, hold, digits, text, transfer, conference."""

from collections.abc import Callable

import pjsua2 as pj

from client.core.telephony import ConferenceChanged, Tone
from client.sip.engine.calls import Switchboard, attempt
from client.sip.engine.conversation import Conversation
from client.sip.engine.digits import send_digits
from client.sip.engine.native import parameters
from client.sip.engine.timers import Timers

HOLD_RETRY_SECONDS = 0.5
TEXT_BYTES = 300
TEXT_SECONDS = 0.35
"""PJSIP sends text every 300 ms (RFC 4103, section 5.1) and takes 400 bytes for each packet: more waits its turn."""

_ANEW = pj.PJSUA_CALL_REINIT_MEDIA | pj.PJSUA_CALL_UPDATE_CONTACT | pj.PJSUA_CALL_UPDATE_VIA

_NO_REQUIRE_REPLACES = 1  # PJSUA_XFER_NO_REQUIRE_REPLACES


class Handset:
    """Orders for a call that is no more are ignored, as the switchboard does."""

    def __init__(self, calls: Switchboard, timers: Timers) -> None:
        self._calls = calls
        self._timers = timers
        calls.on_media = self._settle_hold

    def mute(self, number: int, muted: bool) -> None:
        """Stop or resume sending the microphone; the stream goes on, with silence in it."""
        call = self._calls.get(number)
        if call is not None:
            call.muted = muted
            self._calls.mixer.connect(call)

    def hold(self, number: int, held: bool) -> None:
        """Hold or resume a call; one that is just being answered, as soon as it is."""
        call = self._calls.get(number)
        if call is not None:
            call.hold_wanted = held
            self._settle_hold(call)

    def confer(self, numbers: tuple[int, ...]) -> None:
        """Let these calls hear each other, and no others."""
        mixer = self._calls.mixer
        members = frozenset(number for number in numbers if self._calls.get(number) is not None)
        if members != mixer.conference:
            mixer.conference = members
            mixer.connect_all()
            self._calls.report(ConferenceChanged(tuple(sorted(members))))

    def send_digits(self, number: int, digits: str) -> None:
        """Send digits."""
        call = self._calls.get(number)
        if call is not None:
            attempt(lambda: send_digits(call, digits))

    def send_text(self, number: int, text: str) -> None:
        """Send real-time text, where the call has it: at once, and what is long piece by piece."""
        call = self._calls.get(number)
        if call is None or not call.media.text or not text:
            return
        call.unsent += text
        if not call.text_waits:
            self._send_some(call)

    def _send_some(self, call: Conversation) -> None:
        call.text_waits = False
        prm = pj.CallSendTextParam()
        prm.text = call.unsent.encode()[:TEXT_BYTES].decode(errors="ignore")
        call.unsent = call.unsent[len(prm.text) :]
        attempt(lambda: call.native.sendText(prm))
        if call.unsent:
            call.text_waits = True
            self._timers.after(TEXT_SECONDS, lambda: self._send_rest(call))

    def _send_rest(self, call: Conversation) -> None:
        if self._calls.get(call.number) is call and call.media.text:
            self._send_some(call)
        else:
            call.text_waits, call.unsent = False, ""

    def transfer(self, number: int, uri: str) -> None:
        """Send the other side on to a URI."""
        call = self._calls.get(number)
        if call is not None and call.confirmed and uri:
            attempt(lambda: call.native.xfer(uri, pj.CallOpParam(True)))

    def connect(self, number: int, other: int) -> None:
        """Connect the other sides of two calls with each other, and leave both when they have met."""
        call, second = self._calls.get(number), self._calls.get(other)
        if call is not None and second is not None and call is not second and call.confirmed:
            prm = pj.CallOpParam(True)
            # Without a Require header: what stands between may not know the extension and still pass it on.
            prm.options = _NO_REQUIRE_REPLACES
            attempt(lambda: call.native.xferReplaces(second.native, prm))

    def play(self, tone: Tone) -> None:
        """Play a tone to the agent."""
        self._calls.tones.play(tone)

    def renew_media(self) -> None:
        """Take every call along to a new address: new sockets, new Contact, by re-INVITE."""
        for call in self._calls.all():
            if call.confirmed and call.our_end is None:
                self._reinvite(call, _ANEW)

    def _reinvite(self, call: Conversation, flags: int) -> None:
        prm = parameters(text=self._calls.wants_text)
        prm.opt.flag |= flags
        self._patiently(call, lambda: call.native.reinvite(prm), lambda: self._reinvite(call, flags))

    def _settle_hold(self, call: Conversation) -> None:
        """Ask for what is wanted. While another re-INVITE is under way, PJSIP refuses, and we ask again later."""
        if self._calls.get(call.number) is not call or not call.confirmed:
            return
        if call.hold_wanted == call.media.held_locally:
            return
        prm = parameters(text=self._calls.wants_text)
        if call.hold_wanted:
            self._patiently(call, lambda: call.native.setHold(prm), lambda: self._settle_hold(call))
        else:
            prm.opt.flag |= pj.PJSUA_CALL_UNHOLD
            self._patiently(call, lambda: call.native.reinvite(prm), lambda: self._settle_hold(call))

    def _patiently(self, call: Conversation, action: Callable[[], object], again: Callable[[], None]) -> None:
        try:
            action()
        except pj.Error:
            if self._calls.get(call.number) is call:
                self._timers.after(HOLD_RETRY_SECONDS, again)
