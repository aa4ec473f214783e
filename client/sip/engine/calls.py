"""The calls: any number up to PJSIP's limit. The desk decides which to take; the engine says what becomes of them."""

import time
from collections.abc import Callable

import pjsua2 as pj

from client.core.telephony import (
    CallConfirmed,
    CallDigit,
    CallEnd,
    CallEnded,
    CallIncoming,
    CallMedia,
    CallOutgoing,
    CallRinging,
    CallSilent,
    CallTransfer,
    ConferenceChanged,
    Report,
    TextReceived,
)
from client.sip.engine.conversation import Conversation, Counters
from client.sip.engine.guard import Signs, is_dead
from client.sip.engine.invite import call_reference, srtp_suite
from client.sip.engine.line import LineAccount
from client.sip.engine.log_lines import warn
from client.sip.engine.measuring import measure
from client.sip.engine.mixer import Mixer
from client.sip.engine.native import (
    BAD_REQUEST,
    NOT_ACCEPTABLE_HERE,
    RINGING,
    TEMPORARILY_UNAVAILABLE,
    NativeCall,
    parameters,
    with_status,
)
from client.sip.engine.sound import Sound
from client.sip.engine.timers import Timers
from client.sip.engine.tones import Tones
from client.sip.patience import Patience

MEASURE_SECONDS = 1.0
ENDING_SECONDS = 4.0
"""How long the end of a call waits for the other side's consent. After that it is over for us."""


class Switchboard:
    """Rings, calls, answers, and ends calls, and reports what becomes of them. `Handset` does what else is asked.

    Orders for a call that is no more are ignored: the desk's order and the end of the call may cross on the way.
    """

    def __init__(self, timers: Timers, sound: Sound, report: Callable[[Report], None]) -> None:
        self.report = report
        self.on_media: Callable[[Conversation], None] = lambda _: None
        """Called when a call's media have changed, and when it has been answered."""
        self.wants_text = False
        self.mixer = Mixer(sound, self.all)
        self.tones = Tones(sound)
        self._timers = timers
        self._sound = sound
        self._calls: dict[int, Conversation] = {}
        self._numbers = 0
        self._finished: list[NativeCall] = []
        self._ghosts: set[NativeCall] = set()
        """Calls that are over for us and not yet for PJSIP, which must not lose them."""
        sound.on_switched = self._sound_switched
        timers.after(MEASURE_SECONDS, self._measure)

    def __bool__(self) -> bool:
        return bool(self._calls)

    def all(self) -> list[Conversation]:
        """The calls that there are."""
        return list(self._calls.values())

    def get(self, number: int) -> Conversation | None:
        """Return a call that is not about to end."""
        call = self._calls.get(number)
        return None if call is None or call.our_end is not None else call

    @property
    def has_live(self) -> bool:
        """Whether there is a call that is not about to end."""
        return any(call.our_end is None for call in self._calls.values())

    def snapshot(self) -> list[Report]:
        """Everything a desk that has just connected must know of the calls."""
        reports: list[Report] = []
        for call in self._calls.values():
            reports.append(call.began)
            if call.ringing is not None and not call.confirmed:
                reports.append(call.ringing)
            if call.confirmed:
                reports.append(CallConfirmed(call.number))
            if call.stream >= 0 or call.media.held_locally or call.media.held_remotely:
                reports.append(call.media)
            if call.silent:
                reports.append(CallSilent(call.number, True))
        if self.mixer.conference:
            reports.append(ConferenceChanged(tuple(sorted(self.mixer.conference))))
        return reports

    def sweep(self) -> None:
        """Let go of calls that are over. Not done in their own callbacks, where PJSIP still holds them."""
        for native in self._finished:
            native.forget()
        self._finished.clear()

    def end_dead(self, desk_gone: float, edge_gone: float, patience: Patience) -> None:
        """End the calls that nobody can end any more; see `guard`."""
        now = time.monotonic()
        for call in self.all():
            unheard, unsignalled = now - call.heard_at, now - call.signalled_at
            signs = Signs(desk_gone, edge_gone, unheard, unsignalled, ringing=not call.confirmed)
            if call.our_end is None and is_dead(signs, patience):
                warn("a call of which nothing was heard any more is ended")
                self.end(call.number, TEMPORARILY_UNAVAILABLE, because=CallEnd.LOST)

    # --- From the network ---------------------------------------------------------------------------------------------

    def incoming(self, account: LineAccount, call_id: int, message: str, *, attended: bool) -> None:
        """Take an INVITE and ring. `attended` says whether there is a desk that may answer."""
        native = NativeCall(account, call_id)
        self._numbers += 1
        call = self._begin(native, CallIncoming(self._numbers, call_reference(message)))
        native.answer(with_status(RINGING, text=self.wants_text))
        self.report(call.began)
        if attended:
            self._sound.open()
            self.settle_ring()

    def settle_ring(self) -> None:
        """Ring while a call waits to be answered and there is no other: who talks hears the desk's tone instead."""
        live = [call for call in self.all() if call.our_end is None]
        waiting = [call for call in live if not (call.is_ours or call.taken or call.confirmed)]
        self._sound.ring(bool(waiting) and waiting == live)

    def refused(self, status: int) -> None:
        """PJSIP has refused an INVITE by itself. The agent hears of it when the reason was that it was not secure."""
        if status == NOT_ACCEPTABLE_HERE:
            self._numbers += 1
            self.report(CallEnded(self._numbers, CallEnd.NOT_SECURE, status))

    def _begin(self, native: NativeCall, began: CallIncoming | CallOutgoing) -> Conversation:
        number, now = began.call, time.monotonic()
        media = CallMedia(number, active=False, held_locally=False, held_remotely=False)
        call = Conversation(number, native, media, began, now, now)
        self._calls[number] = call
        native.on_state = lambda: self._state_changed(call)
        native.on_media = lambda: self._media_changed(call)
        native.on_signalling = lambda: setattr(call, "signalled_at", time.monotonic())
        native.on_digit = lambda digit: self.report(CallDigit(number, digit))
        native.on_text = lambda text: self.report(TextReceived(number, text))
        native.on_transfer = lambda status, final: self._transfer_went_on(call, status, final)
        return call

    def _state_changed(self, call: Conversation) -> None:
        info = call.native.getInfo()
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self._over(call, info.lastStatusCode)
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED and not call.confirmed:
            call.confirmed = True
            call.heard_at = time.monotonic()
            self.report(CallConfirmed(call.number))
            self._ring_back()
            self.mixer.connect(call)
            self.on_media(call)
        elif info.state == pj.PJSIP_INV_STATE_EARLY and call.is_ours:
            self._rings_there(call)

    def _rings_there(self, call: Conversation) -> None:
        ringing = CallRinging(call.number, early_media=call.stream >= 0)
        if ringing != call.ringing:
            call.ringing = ringing
            self.report(ringing)
            self._ring_back()

    def _ring_back(self) -> None:
        """A ringing tone of ours for as long as it rings somewhere and sends no sound."""
        waiting = [call for call in self.all() if call.ringing and not call.confirmed and call.our_end is None]
        self.tones.ring(any(call.ringing and not call.ringing.early_media for call in waiting))

    def _media_changed(self, call: Conversation) -> None:
        info = call.native.getInfo()
        audio = next((one for one in info.media if one.type == pj.PJMEDIA_TYPE_AUDIO), None)
        if audio is None:
            return
        stopped = (pj.PJSUA_CALL_MEDIA_NONE, pj.PJSUA_CALL_MEDIA_ERROR)
        call.stream = -1 if audio.status in stopped else audio.index
        call.count, call.opus_loss = Counters(), -1
        codec = suite = ""
        if call.stream >= 0:
            suite = srtp_suite(call.native.dump(True, ""))
            if not suite:
                # PJSIP refuses this by itself; this is the second lock on the same door.
                self.end(call.number, NOT_ACCEPTABLE_HERE, because=CallEnd.NOT_SECURE)
                return
            codec = call.native.getStreamInfo(call.stream).codecName
        live = pj.PJSUA_CALL_MEDIA_ACTIVE
        self._note_media(
            call,
            CallMedia(
                call.number,
                active=audio.status == live,
                held_locally=audio.status == pj.PJSUA_CALL_MEDIA_LOCAL_HOLD,
                held_remotely=audio.status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD,
                codec=codec,
                srtp=suite,
                text=any(one.type == pj.PJMEDIA_TYPE_TEXT and one.status == live for one in info.media),
            ),
        )

    def _note_media(self, call: Conversation, media: CallMedia) -> None:
        if media != call.media:
            if media.active and not call.media.active:
                call.heard_at = time.monotonic()
            call.media = media
            self.report(media)
        if call.ringing is not None and not call.confirmed:
            self._rings_there(call)
        self.mixer.connect(call)
        self.on_media(call)

    def _transfer_went_on(self, call: Conversation, status: int, final: bool) -> None:
        if call.number in self._calls:
            self.report(CallTransfer(call.number, status, final))
        if final and status // 100 == 2:
            self.end(call.number)

    # --- Orders -------------------------------------------------------------------------------------------------------

    def make(self, account: LineAccount | None, request: int, uri: str) -> None:
        """Call a URI; an empty one was not permitted."""
        self._numbers += 1
        began = CallOutgoing(self._numbers, request)
        if account is None or not uri:
            self.report(began)
            self.report(CallEnded(began.call, CallEnd.FAILED, 0 if uri else BAD_REQUEST))
            return
        call = self._begin(NativeCall(account), began)
        self.report(began)
        self._sound.open()
        self.settle_ring()
        try:
            call.native.makeCall(uri, parameters(text=self.wants_text))
        except pj.Error as error:
            warn(f"a call could not be made: status {error.status}")
            self._over(call, 0)

    def answer(self, number: int) -> None:
        """Answer a ringing call."""
        call = self.get(number)
        if call is not None and not call.confirmed and not call.is_ours:
            call.taken = True
            self.settle_ring()
            self._sound.open()
            attempt(lambda: call.native.answer(with_status(200, text=self.wants_text)))

    def reject(self, number: int, status: int) -> None:
        """Refuse a ringing call with a SIP status. A call that is answered already is left alone."""
        call = self.get(number)
        if call is not None and not call.confirmed:
            self.end(number, status)

    def end(self, number: int, status: int = 0, because: CallEnd | None = None) -> None:
        """End a call; one that rings here is refused with a SIP status, 603 where none is given."""
        call = self.get(number)
        if call is None:
            return
        call.our_end = because or (CallEnd.LOCAL if call.confirmed or call.is_ours else CallEnd.REJECTED)
        self.settle_ring()
        if not self.has_live:
            # At once, and not when the other side has consented, which it may never do.
            self._be_quiet()
        attempt(lambda: call.native.hangup(with_status(status)))
        self._timers.after(ENDING_SECONDS, lambda: self._over(call, status))

    def end_all(self) -> None:
        """End every call."""
        for call in self.all():
            self.end(call.number)

    # --- Helpers ------------------------------------------------------------------------------------------------------

    def _over(self, call: Conversation, status: int) -> None:
        if self._calls.pop(call.number, None) is None:
            return
        native = call.native
        if native.isActive():
            self._ghosts.add(native)
            native.forget()
            native.on_state = lambda: None if native.isActive() else self._laid_to_rest(native)
        else:
            self._finished.append(native)
        self._ring_back()
        self.settle_ring()
        if not self.has_live:
            self._be_quiet()
        if call.number in self.mixer.conference:
            self.mixer.conference -= {call.number}
            self.report(ConferenceChanged(tuple(sorted(self.mixer.conference))))
        self.report(CallEnded(call.number, *call.how_it_ended(status)))

    def _laid_to_rest(self, native: NativeCall) -> None:
        self._ghosts.discard(native)
        self._finished.append(native)

    def _be_quiet(self) -> None:
        self.tones.stop()
        self._sound.close()

    def _sound_switched(self) -> None:
        self.mixer.connect_all()
        self.tones.reconnect()

    def _measure(self) -> None:
        self._timers.after(MEASURE_SECONDS, self._measure)
        for call in self.all():
            if call.our_end is None:
                for report in measure(call):
                    self.report(report)


def attempt(action: Callable[[], object]) -> None:
    """Do something with a call that may have ended just now; its end is on the way to the desk."""
    try:
        action()
    except pj.Error as error:
        warn(f"an order came too late for its call: status {error.status}")
