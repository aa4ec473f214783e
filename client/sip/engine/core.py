"""The engine's main loop: it owns PJSIP, and everything that touches PJSIP runs on it."""

import gc
import os
import queue
import time
import traceback
from collections.abc import Callable
from dataclasses import replace

import pjsua2 as pj

from client.core.telephony import (
    AnswerCall,
    ChooseSound,
    Configure,
    EdgeNotPinned,
    EngineStarted,
    HangUp,
    MakeCall,
    MeasureSound,
    MessagesWaiting,
    NetworkChanged,
    Order,
    PlayTone,
    Register,
    RegistrationChanged,
    RegistrationState,
    RejectCall,
    SendDigits,
    SendText,
    SetConference,
    SetHold,
    SetMute,
    Shutdown,
    TransferCall,
    TransferToCall,
    Unregister,
)
from client.sip.engine import fitness, settings
from client.sip.engine.calls import Switchboard
from client.sip.engine.faults import contained
from client.sip.engine.handset import Handset
from client.sip.engine.line import Line
from client.sip.engine.link import Link
from client.sip.engine.log import ScrubbedLog
from client.sip.engine.log_lines import warn
from client.sip.engine.messages import waiting_messages
from client.sip.engine.network import LOOK_SECONDS, NetworkWatch, Way
from client.sip.engine.sound import Choice, Sound
from client.sip.engine.targets import target_uri
from client.sip.engine.timers import Timers
from client.sip.patience import Patience
from client.sip.protocol import Ping, Pong

TURN_MS = 10
"""The longest sleep of the main loop, and so the longest wait of an order."""

FAREWELL_SECONDS = 2.0
"""How long ending calls may take when the engine stops."""

CANNOT_REFUSE = 4
"""Exit status of an engine that could not shut a connection down that it does not trust."""

GUARD_SECONDS = 0.5
"""How often it is judged whether a call is dead."""

LEAVING_SECONDS = 1.0
"""How long the edge may take to confirm that we left."""


class Endpoint(pj.Endpoint):  # type: ignore[misc]
    """PJSIP's endpoint; hands its callbacks to the line and the switchboard."""

    line: Line | None = None
    switchboard: Switchboard | None = None
    on_sound_failed: Callable[[int], None] = staticmethod(lambda _: None)

    def onTransportState(self, prm: pj.OnTransportStateParam) -> None:  # noqa: N802
        """Called by PJSIP when a connection comes or goes.

        When a TLS handshake is done, PJSIP calls this before it sends the first byte of SIP, and sends none when the
        connection is shut down here. So this is the place for the pin.
        """
        connection = int(prm.hnd)
        if prm.state == pj.PJSIP_TP_STATE_CONNECTED:
            try:
                if self.line is None or not self.line.on_connected(connection, prm.tlsInfo.remoteCertInfo.raw):
                    self.transportShutdown(prm.hnd)
            except BaseException:
                # The binding would print the error and go on, and the credentials would go out over this connection.
                traceback.print_exc()
                os._exit(CANNOT_REFUSE)
        elif prm.state == pj.PJSIP_TP_STATE_DISCONNECTED and self.line is not None:
            self.line.on_disconnected(connection, prm.tlsInfo.verifyStatus != 0)

    def onMediaEvent(self, prm: pj.OnMediaEventParam) -> None:  # noqa: N802
        """Called by PJSIP when a sound device has failed, among others."""
        if prm.ev.type == pj.PJMEDIA_EVENT_AUD_DEV_ERROR:
            self.on_sound_failed(int(prm.ev.data.audDevError.id))

    def onRejectedIncomingCall(self, prm: pj.OnRejectedIncomingCallParam) -> None:  # noqa: N802
        """Called by PJSIP when it refused an INVITE by itself."""
        if self.switchboard is not None:
            self.switchboard.refused(prm.statusCode)


class Engine:
    """Runs until it is told to stop, or until nobody needs it any more."""

    def __init__(self, link: Link, inbox: "queue.SimpleQueue[Callable[[], None]]", patience: Patience) -> None:
        self._patience = patience
        self._link = link
        self._inbox = inbox
        self._timers = Timers()
        self._stopping = False
        self._alone_since = self._needed_at = time.monotonic()
        self._transport = -1
        self._configuration: Configure | None = None
        self._messages: MessagesWaiting | None = None
        self._media_are_stale = False
        self._is_unheard = False
        """Whether nothing is heard in a call, as of the latest look at the network."""
        self._network = NetworkWatch()
        self._log = ScrubbedLog()
        # PJSIP destroys its writer with the endpoint; Python must not do so too.
        self._log.__disown__()
        self._endpoint = Endpoint()
        self._endpoint.libCreate()
        self._endpoint.libInit(settings.endpoint_config(self._log))
        version, tls, codecs = fitness.check_core(self._endpoint)
        self._started = EngineStarted(os.getpid(), version, tls, codecs)
        self._endpoint.libStart()
        fitness.check_ports(self._endpoint)
        fitness.check_handles(self._endpoint)
        self._sound = Sound(self._endpoint.audDevManager(), self._timers, link.send)
        self._calls = Switchboard(self._timers, self._sound, link.send)
        self._handset = Handset(self._calls, self._timers)
        self._line = Line(self._timers, self._line_changed, self._incoming, inbox.put, self._messages_wait)
        self._endpoint.on_sound_failed = lambda device: inbox.put(lambda: self._sound.failed(device))
        self._endpoint.line = self._line
        self._endpoint.switchboard = self._calls
        link.joined = self._joined
        link.left = self._left
        link.received = self._received
        self._timers.after(LOOK_SECONDS, self._watch_network)
        self._timers.after(GUARD_SECONDS, self._guard)

    def stop(self) -> None:
        """Stop at the next turn of the loop. May be called from a signal handler."""
        self._stopping = True

    def run(self) -> None:
        """Serve until stopped, then end the calls, leave the edge, and take PJSIP down."""
        # Starting took its time, and a desk that has come meanwhile waits in the inbox.
        self._alone_since = self._needed_at = time.monotonic()
        while not self._stopping and not self._superfluous():
            self._turn()
        self._farewell()

    def _turn(self) -> None:
        self._endpoint.libHandleEvents(TURN_MS)
        while True:
            try:
                action = self._inbox.get_nowait()
            except queue.Empty:
                break
            contained(action)
        self._timers.run_due()
        self._calls.sweep()

    def _superfluous(self) -> bool:
        if self._link.has_desk or self._calls.has_live:
            self._needed_at = time.monotonic()
            return False
        return time.monotonic() - self._needed_at > self._patience.grace

    def _guard(self) -> None:
        self._timers.after(GUARD_SECONDS, self._guard)
        desk_gone = 0.0 if self._link.has_desk else time.monotonic() - self._alone_since
        self._calls.end_dead(desk_gone, self._line.away_for, self._patience)

    def _farewell(self) -> None:
        self._calls.end_all()
        self._wait_until(lambda: not self._calls, FAREWELL_SECONDS)
        self._line.unregister()
        self._wait_until(lambda: not self._line.is_leaving, LEAVING_SECONDS)
        self._calls.sweep()
        self._sound.end()
        self._line.account = None
        gc.collect()
        # The calls are over and the edge knows: PJSIP need not wait a second for that.
        self._endpoint.libDestroy(pj.PJSUA_DESTROY_NO_NETWORK)

    def _wait_until(self, done: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not done() and time.monotonic() < deadline:
            self._turn()

    # --- The desk -----------------------------------------------------------------------------------------------------

    def _joined(self) -> None:
        if self._calls.has_live:
            # A call that rang while no desk was there has not opened them.
            self._sound.open()
            self._calls.settle_ring()
        started = replace(self._started, calls=tuple(call.number for call in self._calls.all()))
        for report in (started, self._sound.list, self._sound.state, self._line.state, *self._calls.snapshot()):
            self._link.send(report)
        if self._messages is not None:
            self._link.send(self._messages)

    def _left(self) -> None:
        self._alone_since = time.monotonic()
        self._sound.measure(False)

    def _received(self, message: Order | Ping) -> None:
        match message:
            case Ping(number):
                self._link.send(Pong(number))
            case Configure():
                self._configure(message)
            case Register():
                self._line.register(message)
            case Unregister():
                self._line.unregister()
            case AnswerCall(call):
                self._calls.answer(call)
            case RejectCall(call, status):
                self._calls.reject(call, status)
            case HangUp(call):
                self._calls.end(call)
            case MakeCall(request, target):
                self._calls.make(self._line.account, request, self._uri(target))
            case NetworkChanged():
                self._network_changed()
            case Shutdown():
                self.stop()
            case _:
                self._obey_in_call(message)

    def _obey_in_call(self, order: Order) -> None:
        handset = self._handset
        match order:
            case SetMute(call, muted):
                handset.mute(call, muted)
            case SetHold(call, held):
                handset.hold(call, held)
            case SendDigits(call, digits):
                handset.send_digits(call, digits)
            case SendText(call, text):
                handset.send_text(call, text)
            case TransferCall(call, target):
                handset.transfer(call, self._uri(target))
            case TransferToCall(call, other):
                handset.connect(call, other)
            case SetConference(calls):
                handset.confer(calls)
            case _:
                self._obey_for_the_ear(order)

    def _obey_for_the_ear(self, order: Order) -> None:
        match order:
            case PlayTone(tone):
                self._handset.play(tone)
            case ChooseSound(capture, playback, ring, ear):
                self._sound.choose(Choice(capture, playback, ring, ear))
            case MeasureSound(wanted):
                self._sound.measure(wanted)

    def _uri(self, target: str) -> str:
        """The URI of what should be called; empty when it may not be."""
        try:
            return target_uri(target, self._configuration.domain) if self._configuration is not None else ""
        except ValueError as error:
            warn(str(error))
            return ""

    def _configure(self, order: Configure) -> None:
        if order == self._configuration:
            # A desk that came back says what it has always said; the line need not be torn down for it.
            return
        self._configuration = order
        for codec in self._endpoint.codecEnum2():
            self._endpoint.codecSetPriority(codec.codecId, 0)
        for rank, name in enumerate(order.codecs):
            self._prefer(name, 255 - rank)
        self._endpoint.setCodecOpusConfig(settings.opus_config(self._endpoint.getCodecOpusConfig()))
        if self._transport >= 0:
            self._endpoint.transportClose(self._transport)
        self._transport = self._endpoint.transportCreate(
            pj.PJSIP_TRANSPORT_TLS, settings.transport_config(order.ca_pem)
        )
        self._sound.refine(noise_suppression=order.noise_suppression, gain_control=order.gain_control)
        self._sound.choose(Choice(order.capture, order.playback, order.ring, order.ear))
        self._calls.wants_text = order.real_time_text
        if order.ice and order.stun:
            self._endpoint.natUpdateStunServers(pj.StringVector(list(order.stun)), False)
        self._line.configure(order, self._transport)

    def _prefer(self, codec: str, priority: int) -> None:
        try:
            self._endpoint.codecSetPriority(codec, priority)
            parameters = self._endpoint.codecGetParam(codec)
            self._endpoint.codecSetParam(codec, settings.with_concealment(parameters))
        except pj.Error:
            # A manifest may list codecs that only other desks have.
            warn("a codec of the configuration is not in this media core")

    def _line_changed(self, report: RegistrationChanged | EdgeNotPinned) -> None:
        if isinstance(report, EdgeNotPinned):
            self._link.send(report)
            return
        if report.state is RegistrationState.REGISTERED:
            self._network.know(self._line.edge_address)
        self._link.send(report)
        # A new connection in place of a dead one, and a call that is not heard: what lay between us and the edge has
        # forgotten both, as a router does that was started anew.
        if report.state is RegistrationState.REGISTERED and (self._media_are_stale or self._is_unheard):
            self._media_are_stale = False
            self._handset.renew_media()

    def _network_changed(self) -> None:
        self._media_are_stale = True
        self._line.reconnect()

    def _incoming(self, call_id: int, message: str) -> None:
        if self._line.account is not None:
            self._calls.incoming(self._line.account, call_id, message, attended=self._link.has_desk)

    def _watch_network(self) -> None:
        self._timers.after(LOOK_SECONDS, self._watch_network)
        was_unheard, self._is_unheard = self._is_unheard, any(call.silent for call in self._calls.all())
        way = self._network.look(self._line.edge_address)
        if way is Way.ANOTHER:
            self._network_changed()
        elif way is Way.BACK or (self._is_unheard and not was_unheard):
            self._line.check()

    def _messages_wait(self, message: str) -> None:
        if self._configuration is None or not self._configuration.message_waiting:
            # Nobody asked for it: the manifest knows of no mailbox.
            return
        waiting = waiting_messages(message)
        if waiting is not None and waiting != self._messages:
            self._messages = waiting
            self._link.send(waiting)
