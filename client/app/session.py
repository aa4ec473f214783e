"""One signed-in person: the link, the push socket, the outbox, and the device's certificate while they work."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from client.app import card_digits, translate
from client.app.deliveries import SESSION_ENDERS, Deliveries
from client.app.leases import Leases
from client.app.posture_watch import PostureWatch
from client.core import events
from client.core import intents as want
from client.core.events import Event
from client.security.clear_value import Safe
from client.security.identity import Device, DeviceProfile
from client.security.link import Link
from client.security.outbox import Outbox
from client.security.pin_reports import PinReports
from client.security.posture import Reporter, Sensor
from client.security.push import LinkDown, LinkUp, Push, SessionOver
from client.security.renewal import renew
from client.security.trouble import is_passing, problem_code
from provisioning import api
from provisioning.device_proof import DeviceKey
from provisioning.posture import Finding
from provisioning.trust import TrustDecision

_log = logging.getLogger("hearthline.desk")
_RENEWAL_CHECK_SECONDS = 3600.0

_DIAL_PROBLEMS = {"forbidden": "dial-refused", "not-found": "call-failed-unknown", "conflict": "dial-refused"}
"""What the server's refusals mean when it was asked for a dial token."""
RevealWish = want.AskReveal | want.EndReveal | want.TellShown | want.DecideApproval
_ENDED: dict[str, str] = {
    "signed-out": "",
    "expired": "session-required",
    "signed-in-elsewhere": "signed-in-elsewhere",
    "device-revoked": "device-revoked",
    "person-disabled": "person-disabled",
}


class Session:
    """Everything that the desk does with the server between sign-in and sign-out.

    Args:
        profile: the device, whose certificate and manifest are renewed here.
        link: a link on which the person has just signed in.
        person: the person's name.
        outbox: sealed notes and wrap-ups.
        emit: takes events for the core.
        pins: who answered in the server's place or an edge's, to be told of when the way is good again.
        obeyed: is told of each newer manifest.
        safe: keeps what is in clear for as long as it may be.
        sensor: finds out about this PC.
        reporter: numbers and signs what it found.
    """

    def __init__(
        self,
        profile: DeviceProfile,
        link: Link,
        person: str,
        outbox: Outbox,
        emit: Callable[[Event], None],
        *,
        pins: PinReports,
        obeyed: Callable[[Device], None],
        safe: Safe,
        sensor: Sensor,
        reporter: Reporter,
    ) -> None:
        self.link = link
        self._profile = profile
        self._leases = Leases(link, self._device_key, safe, emit)
        self._digits = card_digits.CardDigits(link, emit)
        self._deliveries = Deliveries(link, person, outbox, emit)
        self._emit = emit
        self._pins = pins
        self._obeyed = obeyed
        self._push = Push(link)
        self._posture = PostureWatch(link, profile.load, sensor=sensor, reporter=reporter, tell=self._trusted)
        self._tasks: set[asyncio.Task[None]] = set()
        self._link_problem = ""

    def start(self) -> None:
        """Begin listening, and take up what an earlier session left."""
        self._spawn(self._listen())
        self._spawn(self._keep_current())
        self._spawn(self._deliveries.run())
        self._spawn(self._posture.run())
        self._deliveries.take_up()

    async def close(self, *, sign_out: bool) -> None:
        """Stop. Drafts are sealed first; the server is told if it can be."""
        self._leases.wipe()
        self._deliveries.flush()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._posture.close()
        if sign_out and self.link.signed_in:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self.link.sign_out(), 2)
        await self.link.close()

    # --- Intents ------------------------------------------------------------------------------------------------------

    def tell_presence(self, wish: want.TellPresence) -> None:
        """Tell what the agent does."""
        self._push.send(
            api.PresenceChanged(
                presence=api.Presence(wish.state.value), since=translate.moment(wish.since), call_ref=wish.ref or None
            )
        )

    def tell_call(self, wish: want.TellCall) -> None:
        """Tell how far a call is."""
        state = "answered" if wish.answered else "ended"
        self._push.send(api.CallProgress(ref=wish.ref, state=state, at=translate.moment(wish.at)))

    def fetch_card(self, ref: str) -> None:
        """Fetch the customer of a call."""
        self._spawn(self._fetch(lambda: self.link.customer(ref), translate.card_arrived))

    def fetch_history(self) -> None:
        """Fetch this agent's calls."""
        self._spawn(self._fetch(self.link.history, translate.history_arrived))

    def keep_draft(self, wish: want.KeepDraft, now: datetime) -> None:
        """Seal a note soon."""
        self._deliveries.keep_draft(wish, now)

    def save_wrap_up(self, wish: want.SaveWrapUp, now: datetime) -> None:
        """Seal a finished wrap-up, then send it."""
        self._deliveries.save_wrap_up(wish, now)

    def keep_quality(self, wish: want.KeepQuality) -> None:
        """Seal how a call sounded, then send it."""
        self._deliveries.keep_quality(wish)

    def fetch_directory(self) -> None:
        """Fetch whom this person may call."""
        self._spawn(self._fetch(self.link.directory, translate.directory_arrived))

    def fetch_dial_token(self, wish: want.FetchDialToken) -> None:
        """Fetch a token for one call."""
        self._spawn(self._dial(wish))

    def reveal(self, wish: RevealWish) -> None:
        """Do what is wanted with a reveal lease."""
        match wish:
            case want.AskReveal():
                self._spawn(self._ask_reveal(wish))
            case want.EndReveal():
                self._leases.forget(wish.lease)
                self._spawn(self._leases.end(wish))
            case want.TellShown():
                self._push.send(api.LeaseShown(lease=wish.lease, at=translate.moment(wish.at)))
            case want.DecideApproval():
                self._spawn(self._leases.decide(wish))

    def ask_digits(self, wish: want.AskDigits) -> None:
        """Let the customer key in a card."""
        self._spawn(self._on_digits(self._digits.ask(wish)))

    def cancel_digits(self, wish: want.CancelDigits) -> None:
        """Stop that."""
        self._spawn(self._on_digits(self._digits.cancel(wish)))

    async def _on_digits(self, work: Coroutine[Any, Any, str]) -> None:
        code = await work
        if code in SESSION_ENDERS:
            self._end(code)

    def desk_changed(self) -> None:
        """The windows are protected otherwise, or monitors came or went."""
        self._posture.nudge()

    # --- Tasks --------------------------------------------------------------------------------------------------------

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The kind alone: a message may quote what a person typed.
            _log.error("work failed: %s", type(error).__name__)
            self._emit(events.Failed("internal"))

    async def _listen(self) -> None:
        try:
            # Closed here and not by the garbage collector, because the socket closes with it.
            async with contextlib.aclosing(self._push.messages()) as messages:
                async for message in messages:
                    await self._hear(message)
        except SessionOver as over:
            self._end(over.code)

    async def _hear(self, message: api.FromServer | LinkUp | LinkDown) -> None:
        match message:
            case LinkUp():
                self._link_problem = ""
                self._emit(events.LinkChanged(connected=True))
                self._posture.nudge()
                self._deliveries.nudge()
                self._spawn(self._report_pins())
            case LinkDown():
                self._leases.wipe()
                self._emit(events.LinkChanged(connected=False))
                if message.code != self._link_problem:
                    # Told once, and not at every attempt: what a person has dismissed stays away.
                    self._link_problem = message.code
                    self._emit(events.Failed(message.code))
            case api.CallOffered():
                self._hear_call(message)
            case api.WallChanged():
                self._emit(translate.wall_arrived(message))
            case api.TrustChanged():
                self._hear_trust(message)
            case api.LeaseChanged():
                self._leases.hear(message)
            case api.DigitsChanged():
                self._emit(card_digits.arrived(message.digits))
            case api.ApprovalAsked():
                self._emit(translate.approval_arrived(message))
            case api.ApprovalGone():
                self._emit(events.ApprovalGone(message.lease))
            case api.ManifestChanged():
                await self._take_manifest()
            case api.SessionEnded():
                raise SessionOver(_ENDED[message.reason])

    def _end(self, code: str) -> None:
        """The session is over, but the object lives on: a call may still run, and its note must be sealed."""
        self._leases.wipe()
        self.link.drop_session()
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()
        self._emit(events.LinkChanged(connected=False))
        # A PC that slept for long comes back with a certificate that is over: the next sign-in renews it.
        renewable = code == "certificate-expired" and self._profile.is_renewable()
        self._emit(events.SignedOut("session-required" if renewable else code))

    async def _fetch(self, ask: Callable[[], Coroutine[Any, Any, Any]], translated: Callable[[Any], Event]) -> None:
        try:
            await self._posture.settled()
            self._emit(translated(await ask()))
        except Exception as error:  # Whatever it is, the call goes on.
            code = problem_code(error)
            if code in SESSION_ENDERS:
                self._end(code)
            elif code == "internal":
                self._emit(events.Failed(code))
            else:
                # The socket tells when the server is away; a card that is not ours to see is simply not there.
                _log.info("fetch failed: %s", code)

    async def _device_key(self) -> DeviceKey:
        return (await asyncio.to_thread(self._profile.load)).key

    async def _ask_reveal(self, wish: want.AskReveal) -> None:
        code = await self._leases.ask(wish)
        if code in SESSION_ENDERS:
            self._end(code)

    async def _dial(self, wish: want.FetchDialToken) -> None:
        try:
            request = api.DialRequest(entry=wish.entry or None, call=wish.call or None, number=wish.number or None)
            reply = await self.link.dial(request)
        except ValueError:
            # What was typed is no number at all; it is not sent.
            self._emit(events.DialRefused(wish.request, "call-failed-unknown"))
        except Exception as error:  # Sorted by its code.
            code = problem_code(error)
            self._emit(events.DialRefused(wish.request, _DIAL_PROBLEMS.get(code, code)))
            if code in SESSION_ENDERS:
                self._end(code)
        else:
            self._emit(events.DialGranted(wish.request, reply.token, reply.ref or ""))

    async def _keep_current(self) -> None:
        """Take a newer manifest, and renew the certificate in time."""
        while True:
            await self._take_manifest()
            try:
                if (await asyncio.to_thread(self._profile.load)).should_renew():
                    await renew(self._profile, self.link)
            except Exception as error:  # The present certificate is still good; the next hour tries again.
                _log.info("renewal failed: %s", problem_code(error))
            await asyncio.sleep(_RENEWAL_CHECK_SECONDS)

    def _hear_call(self, message: api.CallOffered) -> None:
        if self._posture.is_settled:
            self._emit(translate.card_arrived(message.card))
        else:
            # The server did not know yet what this desk may not show any more.
            self.fetch_card(message.card.ref)

    def _hear_trust(self, message: api.TrustChanged) -> None:
        self._emit(translate.trust_changed(message))
        if Finding.POSTURE_OVERDUE in message.trust.reasons:
            self._posture.nudge()

    def _trusted(self, trust: TrustDecision) -> None:
        # The socket tells of changes too; this is for when it is down, and for what need not wait for the server.
        self._emit(translate.trust_changed(api.TrustChanged(trust=trust)))

    async def _report_pins(self) -> None:
        try:
            await self._pins.send(self.link, await self._device_key())
        except Exception as error:  # They are kept, and told when the way is good once more.
            _log.info("pin failures not reported: %s", problem_code(error))

    async def _take_manifest(self) -> None:
        try:
            before = self._profile.load().manifest.version
            device = self._profile.obey(await self.link.manifest())
        except Exception as error:  # The present manifest stays in force.
            code = problem_code(error)
            if is_passing(code):
                _log.info("manifest not fetched: %s", code)
            else:
                self._emit(events.Failed(code))
            return
        self._emit(events.Mended("manifest-bad-signature"))
        self._emit(events.Mended("manifest-stale"))
        if device.manifest.version > before:
            self.link.obey(device)
            self._obeyed(device)
            self._emit(translate.device_ready(device.manifest, device.id))
