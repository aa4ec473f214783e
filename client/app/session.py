"""One signed-in person: the link, the push socket, the outbox, and the device's certificate while they work."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from client.app import translate
from client.app.deliveries import SESSION_ENDERS, Deliveries
from client.core import events
from client.core import intents as want
from client.core.events import Event
from client.security.identity import DeviceProfile
from client.security.link import Link
from client.security.outbox import Outbox
from client.security.push import LinkDown, LinkUp, Push, SessionOver
from client.security.trouble import is_passing, problem_code
from provisioning import api, pki

_log = logging.getLogger("hearthline.desk")
_RENEWAL_CHECK_SECONDS = 3600.0

_DIAL_PROBLEMS = {"forbidden": "dial-refused", "not-found": "call-failed-unknown", "conflict": "dial-refused"}
"""What the server's refusals mean when it was asked for a dial token."""
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
    """

    def __init__(
        self, profile: DeviceProfile, link: Link, person: str, outbox: Outbox, emit: Callable[[Event], None]
    ) -> None:
        self.link = link
        self._profile = profile
        self._deliveries = Deliveries(link, person, outbox, emit)
        self._emit = emit
        self._push = Push(link)
        self._tasks: set[asyncio.Task[None]] = set()
        self._link_problem = ""

    def start(self) -> None:
        """Begin listening, and take up what an earlier session left."""
        self._spawn(self._listen())
        self._spawn(self._keep_current())
        self._spawn(self._deliveries.run())
        self._deliveries.take_up()

    async def close(self, *, sign_out: bool) -> None:
        """Stop. Drafts are sealed first; the server is told if it can be."""
        self._deliveries.flush()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
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
                self._deliveries.nudge()
            case LinkDown():
                self._emit(events.LinkChanged(connected=False))
                if message.code != self._link_problem:
                    # Told once, and not at every attempt: what a person has dismissed stays away.
                    self._link_problem = message.code
                    self._emit(events.Failed(message.code))
            case api.CallOffered():
                self._emit(translate.card_arrived(message.card))
            case api.WallChanged():
                self._emit(translate.wall_arrived(message))
            case api.ManifestChanged():
                await self._take_manifest()
            case api.SessionEnded():
                raise SessionOver(_ENDED[message.reason])

    def _end(self, code: str) -> None:
        """The session is over, but the object lives on: a call may still run, and its note must be sealed."""
        self.link.drop_session()
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()
        self._emit(events.LinkChanged(connected=False))
        self._emit(events.SignedOut(code))

    async def _fetch(self, ask: Callable[[], Coroutine[Any, Any, Any]], translated: Callable[[Any], Event]) -> None:
        try:
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
                device = self._profile.load()
                if device.should_renew():
                    csr = pki.make_csr(pki.load_key(device.key_pem), "device").decode()
                    device = self._profile.renew(await self.link.renew(csr))
                    await self.link.identify_as(device)
            except Exception as error:  # The present certificate is still good; the next hour tries again.
                _log.info("renewal failed: %s", problem_code(error))
            await asyncio.sleep(_RENEWAL_CHECK_SECONDS)

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
            self._emit(translate.device_ready(device.manifest))
