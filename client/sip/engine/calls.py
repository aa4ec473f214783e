"""The calls: one at a time for now; a further one is told that the line is busy."""

from collections.abc import Callable
from dataclasses import dataclass

import pjsua2 as pj

from client.core.telephony import (
    CallConfirmed,
    CallEnd,
    CallEnded,
    CallIncoming,
    CallMedia,
    CallQuality,
    Report,
)
from client.sip.engine.invite import call_reference, srtp_suite
from client.sip.engine.line import LineAccount
from client.sip.engine.log_lines import warn
from client.sip.engine.sound import Sound
from client.sip.engine.timers import Timers

RINGING = 180
OK = 200
BUSY_HERE = 486
REQUEST_TERMINATED = 487
NOT_ACCEPTABLE_HERE = 488

QUALITY_SECONDS = 1.0
HOLD_RETRY_SECONDS = 0.5


class NativeCall(pj.Call):  # type: ignore[misc]
    """PJSIP's call; hands its callbacks to the switchboard."""

    def __init__(self, account: LineAccount, call_id: int) -> None:
        super().__init__(account, call_id)
        self.on_state: Callable[[], None] = lambda: None
        self.on_media: Callable[[], None] = lambda: None

    def onCallState(self, _prm: pj.OnCallStateParam) -> None:  # noqa: N802
        """Called by PJSIP when the INVITE session changes its state."""
        self.on_state()

    def onCallMediaState(self, _prm: pj.OnCallMediaStateParam) -> None:  # noqa: N802
        """Called by PJSIP when the negotiated media change."""
        self.on_media()


@dataclass
class Conversation:
    """What we know of one call beyond what PJSIP knows."""

    number: int
    ref: str
    native: NativeCall
    media: CallMedia
    confirmed: bool = False
    muted: bool = False
    hold_wanted: bool = False
    our_end: CallEnd | None = None
    """Why we ended it, once we have."""
    stream: int = -1
    """The index of the live audio stream among the call's media; -1 when there is none."""
    received: int = 0
    lost: int = 0


class Switchboard:
    """Rings, answers, holds and ends calls, and reports what becomes of them.

    Orders for a call that is no more are ignored: the desk's order and the end of the call may cross on the way.
    """

    def __init__(self, timers: Timers, sound: Sound, report: Callable[[Report], None]) -> None:
        self._timers = timers
        self._sound = sound
        self._report = report
        self._calls: dict[int, Conversation] = {}
        self._numbers = 0
        self._finished: list[NativeCall] = []

    def __bool__(self) -> bool:
        return bool(self._calls)

    def snapshot(self) -> list[Report]:
        """Everything a desk that has just connected must know of the calls."""
        reports: list[Report] = []
        for call in self._calls.values():
            reports.append(CallIncoming(call.number, call.ref))
            if call.confirmed:
                reports.append(CallConfirmed(call.number))
            if call.stream >= 0 or call.media.held_locally or call.media.held_remotely:
                reports.append(call.media)
        return reports

    def sweep(self) -> None:
        """Let go of calls that are over. Not done in their own callbacks, where PJSIP still holds them."""
        self._finished.clear()

    # --- From the network ---------------------------------------------------------------------------------------------

    def incoming(self, account: LineAccount, call_id: int, message: str) -> None:
        """Take an INVITE: ring, or refuse it when there is a call already."""
        native = NativeCall(account, call_id)
        if self._calls:
            self._finished.append(native)
            native.hangup(_status(BUSY_HERE))
            return
        self._numbers += 1
        number = self._numbers
        media = CallMedia(number, active=False, held_locally=False, held_remotely=False)
        call = Conversation(number, call_reference(message), native, media)
        self._calls[number] = call
        native.on_state = lambda: self._state_changed(call)
        native.on_media = lambda: self._media_changed(call)
        native.answer(_status(RINGING))
        self._report(CallIncoming(number, call.ref))
        self._sound.open()

    def refused(self, status: int) -> None:
        """PJSIP has refused an INVITE by itself. The agent hears of it when the reason was that it was not secure."""
        if status == NOT_ACCEPTABLE_HERE:
            self._numbers += 1
            self._report(CallEnded(self._numbers, CallEnd.NOT_SECURE, status))

    def _state_changed(self, call: Conversation) -> None:
        info = call.native.getInfo()
        if info.state == pj.PJSIP_INV_STATE_CONFIRMED and not call.confirmed:
            call.confirmed = True
            self._report(CallConfirmed(call.number))
            self._settle_hold(call)
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self._calls.pop(call.number, None)
            self._finished.append(call.native)
            if not self._calls:
                self._sound.close()
            self._report(CallEnded(call.number, *_end(call, info.lastStatusCode)))

    def _media_changed(self, call: Conversation) -> None:
        info = call.native.getInfo()
        audio = next((one for one in info.media if one.type == pj.PJMEDIA_TYPE_AUDIO), None)
        if audio is None:
            return
        stopped = (pj.PJSUA_CALL_MEDIA_NONE, pj.PJSUA_CALL_MEDIA_ERROR)
        call.stream = -1 if audio.status in stopped else audio.index
        codec = suite = ""
        if call.stream >= 0:
            suite = srtp_suite(call.native.dump(True, ""))
            if not suite:
                # PJSIP refuses this by itself; this is the second lock on the same door.
                self._end_insecure(call)
                return
            codec = call.native.getStreamInfo(call.stream).codecName
        media = CallMedia(
            call.number,
            active=audio.status == pj.PJSUA_CALL_MEDIA_ACTIVE,
            held_locally=audio.status == pj.PJSUA_CALL_MEDIA_LOCAL_HOLD,
            held_remotely=audio.status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD,
            codec=codec,
            srtp=suite,
        )
        self._note_media(call, media)
        self._connect(call)
        self._settle_hold(call)

    def _note_media(self, call: Conversation, media: CallMedia) -> None:
        if media == call.media:
            return
        if media.active and not call.media.active:
            self._timers.after(QUALITY_SECONDS, lambda: self._measure(call))
        call.media = media
        self._report(media)

    def _end_insecure(self, call: Conversation) -> None:
        call.our_end = CallEnd.NOT_SECURE
        call.native.hangup(_status(NOT_ACCEPTABLE_HERE))

    # --- Orders -------------------------------------------------------------------------------------------------------

    def answer(self, number: int) -> None:
        """Answer a ringing call."""
        call = self._calls.get(number)
        if call is not None and not call.confirmed and call.our_end is None:
            self._try(lambda: call.native.answer(_status(OK)))

    def end(self, number: int, status: int = 0) -> None:
        """End a call; one that rings is refused with a SIP status, 603 where none is given."""
        call = self._calls.get(number)
        if call is None or call.our_end is not None:
            return
        call.our_end = CallEnd.LOCAL if call.confirmed else CallEnd.REJECTED
        self._try(lambda: call.native.hangup(_status(status)))

    def end_all(self) -> None:
        """End every call."""
        for number in list(self._calls):
            self.end(number)

    def mute(self, number: int, muted: bool) -> None:
        """Stop or resume sending the microphone; the stream goes on, with silence in it."""
        call = self._calls.get(number)
        if call is not None:
            call.muted = muted
            self._connect(call)

    def hold(self, number: int, held: bool) -> None:
        """Hold or resume a call; one that is just being answered, as soon as it is."""
        call = self._calls.get(number)
        if call is not None:
            call.hold_wanted = held
            self._settle_hold(call)

    def _settle_hold(self, call: Conversation) -> None:
        """Ask for what is wanted. While another re-INVITE is under way, PJSIP refuses, and we ask again later."""
        if call.number not in self._calls or call.our_end is not None or not call.confirmed:
            return
        if call.hold_wanted == call.media.held_locally:
            return
        prm = _parameters()
        try:
            if call.hold_wanted:
                call.native.setHold(prm)
            else:
                prm.opt.flag |= pj.PJSUA_CALL_UNHOLD
                call.native.reinvite(prm)
        except pj.Error:
            self._timers.after(HOLD_RETRY_SECONDS, lambda: self._settle_hold(call))

    def _connect(self, call: Conversation) -> None:
        """Join the call's stream with the devices, as far as it is neither held nor muted."""
        if call.stream < 0:
            return
        try:
            stream = call.native.getAudioMedia(call.stream)
            # A call that the other side holds may still bring its music.
            _join(stream, self._sound.speaker, not call.media.held_locally)
            _join(self._sound.microphone, stream, call.media.active and not call.muted)
        except pj.Error as error:
            warn(f"the call's sound could not be connected: status {error.status}")

    def _measure(self, call: Conversation) -> None:
        if call.number not in self._calls or not call.media.active or call.stream < 0:
            return
        self._timers.after(QUALITY_SECONDS, lambda: self._measure(call))
        try:
            statistics = call.native.getStreamStat(call.stream)
        except pj.Error:
            # Between two media of the same call there is no stream to measure.
            return
        # What pjsua2 hands out lives only as long as the object that it is a part of.
        rtcp = statistics.rtcp
        received, lost = rtcp.rxStat.pkt - call.received, rtcp.rxStat.loss - call.lost
        call.received, call.lost = rtcp.rxStat.pkt, rtcp.rxStat.loss
        # A new stream counts from zero again.
        expected = max(received, 0) + max(lost, 0)
        self._report(
            CallQuality(
                call.number,
                loss_percent=round(100.0 * max(lost, 0) / expected, 2) if expected else 0.0,
                jitter_ms=rtcp.rxStat.jitterUsec.last / 1_000,
                round_trip_ms=rtcp.rttUsec.last / 1_000,
            )
        )

    def _try(self, action: Callable[[], object]) -> None:
        try:
            action()
        except pj.Error as error:
            # The call ended just now; its end is on the way to the desk.
            warn(f"an order came too late for its call: status {error.status}")


def _join(source: pj.AudioMedia, sink: pj.AudioMedia, joined: bool) -> None:
    if joined:
        source.startTransmit(sink)
    else:
        source.stopTransmit(sink)


def _parameters() -> pj.CallOpParam:
    """One audio stream and nothing else.

    PJSIP would offer real-time text too, and each end of a text stream stops the main loop for up to 300 ms.
    """
    prm = pj.CallOpParam(True)
    prm.opt.audioCount = 1
    prm.opt.videoCount = 0
    prm.opt.textCount = 0
    return prm


def _status(status: int) -> pj.CallOpParam:
    prm = _parameters()
    prm.statusCode = status
    return prm


def _end(call: Conversation, status: int) -> tuple[CallEnd, int]:
    if call.our_end is not None:
        return call.our_end, 0 if call.our_end is CallEnd.LOCAL else status
    if call.confirmed and status == OK:
        return CallEnd.REMOTE, 0
    if status == REQUEST_TERMINATED and not call.confirmed:
        return CallEnd.CANCELLED, status
    if status == NOT_ACCEPTABLE_HERE:
        return CallEnd.NOT_SECURE, status
    return CallEnd.FAILED, status
