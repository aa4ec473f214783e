"""The desk at run time: events go into the core one by one, and what the core wants is done.

Everything here runs in the desk's loop thread. The screen's thread only calls `submit`.
"""

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from client.app import translate
from client.app.buttons import Buttons, MakeHeadsets
from client.app.engine_place import rendezvous_of, supervisor_at
from client.app.private_voice import NotSpoken, PrivateVoice
from client.app.session import RevealWish, Session
from client.app.sound_choice import SoundChoice, SoundChoices
from client.app.telephone import MakeSupervisor, Telephone
from client.core import events
from client.core import intents as want
from client.core import telephony as tel
from client.core.desk import Desk, reference_maker
from client.core.events import Event
from client.core.intents import Intent
from client.core.snapshot import DeskSnapshot
from client.security.attest import attest
from client.security.clear_value import Safe
from client.security.enrol import BadServerAddress, Invitation, enrol
from client.security.hardware import Hardware
from client.security.identity import Device, DeviceProfile, NotEnrolled
from client.security.keystore import KeyStore, KeyStoreUnavailable
from client.security.link import Link
from client.security.outbox import Outbox
from client.security.pin_reports import PinReports
from client.security.posture import DeskSeen, Reporter, Sensor
from client.security.renewal import renew
from client.security.trouble import problem_code
from client.security.vault import Vault
from client.sip.rendezvous import Rendezvous
from provisioning import api
from provisioning.enrolment import BadEnrolmentCode

_log = logging.getLogger("hearthline.desk")
_CLOSE_SECONDS = 4.0


class Runtime:
    """Runs one desk.

    Args:
        directory: the profile's directory.
        keys: the key store of this PC.
        qt_platform: what kind of screen the windows are on.
        publish: takes each new snapshot; called in the loop's thread.
        make_supervisor: makes what runs the engine; tests put their own there.
        place: where the engine is found again by a desk that is started after a crash of this one; by default, the
            profile's own.
        make_headsets: makes what drives headset buttons; none without it.
        hardware: what can hold the device's key; without it, the key store does.
        safe: where the screen finds what it may paint in clear; one of its own without it.
        sensor: finds out about this PC; without it, it knows nothing of monitors and of captures.
        voice: reads a value in clear to the agent; without it, that is not offered.
    """

    def __init__(
        self,
        directory: Path,
        keys: KeyStore,
        qt_platform: str,
        publish: Callable[[DeskSnapshot], None],
        make_supervisor: MakeSupervisor | None = None,
        *,
        place: Rendezvous | None = None,
        make_headsets: MakeHeadsets | None = None,
        hardware: Hardware | None = None,
        safe: Safe | None = None,
        sensor: Sensor | None = None,
        voice: PrivateVoice | None = None,
    ) -> None:
        self._place = place or rendezvous_of(directory)
        self._sounds = SoundChoices(directory)
        self._profile = DeviceProfile(directory, keys, hardware)
        self._safe = safe or Safe()
        self._publish = publish
        self._desk = Desk(time.time, reference_maker(lambda: secrets.token_urlsafe(9)))
        self._telephone = Telephone(
            self.emit, make_supervisor or supervisor_at(self._place), on_mismatch=self._edge_not_pinned
        )
        self._pins: PinReports | None = None
        self._buttons = Buttons(make_headsets, self.emit)
        self._sensor = sensor or Sensor(lambda: DeskSeen(qt_platform))
        self._reporter = Reporter(directory)
        self._voice = voice
        self._device: Device | None = None
        self._session: Session | None = None
        self._work: set[asyncio.Task[None]] = set()

    # --- Events in ----------------------------------------------------------------------------------------------------

    def emit(self, event: Event) -> None:
        """Take an event; in the loop's thread only."""
        if isinstance(event, tel.SoundChanged) and event.playback != self._desk.snapshot.sound.used_playback:
            # The sound system may have moved what is being read to where the others hear it.
            self._hush()
        for intent in self._desk.handle(event):
            self._perform(intent)
        seen = self._desk.snapshot
        self._buttons.show(seen)
        self._publish(seen)

    async def start(self) -> None:
        """Find out whether this PC is enrolled."""
        self._buttons.start()
        if self._voice is not None:
            self.emit(events.PrivateVoiceFound())
        try:
            device = await asyncio.to_thread(self._profile.load)
            device.check_certificate()
        except NotEnrolled:
            self.emit(events.DeviceMissing())
        except KeyStoreUnavailable as error:
            await self._start_locked(problem_code(error))
        except Exception as error:  # Whatever is wrong with the profile has a word that says what to do.
            self.emit(events.DeviceMissing())
            self.emit(events.Failed(problem_code(error)))
        else:
            self._device = device
            self.emit(translate.device_ready(device.manifest, device.id))
            await self._take_calls_back(device)
        choice = await asyncio.to_thread(self._sounds.load)
        self.emit(events.SoundRemembered(choice.capture, choice.playback, choice.ring, choice.ear))

    async def _take_calls_back(self, device: Device) -> None:
        """An earlier desk that crashed has left its engine, perhaps in a call: that must not wait for a password."""
        if await asyncio.to_thread(self._place.recall) is not None:
            self._telephone.take_back(device.manifest.sip, await asyncio.to_thread(self._sounds.load))

    async def _start_locked(self, code: str) -> None:
        """This PC is enrolled: that can be seen without its key, which signing in asks for again."""
        try:
            manifest = await asyncio.to_thread(self._profile.manifest)
        except Exception as error:  # As above.
            self.emit(events.DeviceMissing())
            code = problem_code(error)
        else:
            self.emit(translate.device_ready(manifest))
        self.emit(events.Failed(code))

    async def close(self) -> None:
        """Leave nothing dangling: seal the draft, sign out, leave the edge, stop the engine."""
        self._hush()
        for task in list(self._work):
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await asyncio.gather(
                    self._close(self._take_session(), sign_out=True), self._telephone.stop(), self._buttons.stop()
                )

    # --- Intents out --------------------------------------------------------------------------------------------------

    def _perform(self, intent: Intent) -> None:  # noqa: PLR0912 - one branch a kind of intent
        match intent:
            case want.Enrol():
                self._spawn(self._enrol(intent))
            case want.SignIn():
                self._spawn(self._sign_in(intent))
            case want.SignOut():
                self._spawn(self._sign_out())
            case want.StartTelephone():
                self._spawn(self._start_telephone())
            case want.RenewLine():
                self._telephone.renew()
            case tel.Unregister():
                self._spawn(self._leave())
            case (
                want.FetchCard()
                | want.FetchHistory()
                | want.KeepDraft()
                | want.SaveWrapUp()
                | want.TellPresence()
                | want.TellCall()
                | want.FetchDirectory()
                | want.KeepQuality()
            ):
                if self._session is not None:
                    _tell(self._session, intent)
            case want.FetchDialToken():
                self._dial(intent)
            case want.KeepSound():
                choice = SoundChoice(capture=intent.capture, playback=intent.playback, ring=intent.ring, ear=intent.ear)
                self._spawn(asyncio.to_thread(self._sounds.save, choice))
            case want.Later():
                asyncio.get_running_loop().call_later(intent.seconds, self.emit, intent.event)
            case want.AskDigits():
                if self._session is not None:
                    self._session.ask_digits(intent)
            case want.CancelDigits():
                if self._session is not None:
                    self._session.cancel_digits(intent)
            case want.AskReveal() | want.EndReveal() | want.TellShown() | want.DecideApproval():
                self._reveal(intent)
            case want.SpeakReveal():
                self._spawn(self._speak(intent))
            case _:
                self._telephone.order(intent)

    def _reveal(self, wish: RevealWish) -> None:
        if isinstance(wish, want.EndReveal):
            # At once, whether there is anybody to be told or not.
            self._safe.wipe(wish.lease)
            # After it: what has not been begun finds nothing to read.
            self._hush()
        if self._session is not None:
            self._session.reveal(wish)

    def _hush(self) -> None:
        if self._voice is not None:
            self._voice.stop()

    async def _speak(self, wish: want.SpeakReveal) -> None:
        value = self._safe.get(wish.lease)
        if self._voice is None or value is None:
            return
        try:
            await asyncio.to_thread(self._voice.speak, value, wish.device, wish.ear)
        except NotSpoken:
            self.emit(events.Failed("reveal-not-spoken"))

    def _dial(self, wish: want.FetchDialToken) -> None:
        if self._session is not None:
            self._session.fetch_dial_token(wish)
        else:
            # Not at once: the core is still in the middle of what led to this.
            refused = events.DialRefused(wish.request, "session-required")
            asyncio.get_running_loop().call_soon(self.emit, refused)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._work.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._work.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The kind alone: a message may quote what a person typed.
            _log.error("work failed: %s", type(error).__name__)
            self.emit(events.Failed("internal"))

    async def _enrol(self, wish: want.Enrol) -> None:
        try:
            invitation = Invitation.read(wish.server, wish.code)
            self._device = await enrol(invitation, self._profile)
        except BadEnrolmentCode:
            self.emit(events.Failed("enrolment-code-mistyped"))
        except BadServerAddress:
            self.emit(events.Failed("enrolment-server-wrong"))
        except Exception as error:  # Sorted into words; nothing of it is logged.
            self.emit(events.Failed(problem_code(error)))
        else:
            self.emit(translate.device_ready(self._device.manifest, self._device.id))

    async def _sign_in(self, wish: want.SignIn) -> None:
        try:
            self._device = await asyncio.to_thread(self._profile.load)
            vault = await asyncio.to_thread(Vault, self._profile.directory / "vault", self._profile.keys)
            self._pins = PinReports(vault)
            link = Link(self._device, self._pins.note)
        except Exception as error:  # The key store, the profile or the certificate: each has its words.
            self.emit(events.Failed(problem_code(error)))
            return
        try:
            if self._device.is_over():
                self._device = await renew(self._profile, link)
            await attest(self._profile, self._device, link)
            reply = await link.sign_in(
                api.SignInRequest(
                    name=wish.name.strip().lower(),
                    password=wish.password,
                    totp=wish.totp.replace(" ", ""),
                    posture=await asyncio.to_thread(self._statement, self._device),
                )
            )
        except ValueError:
            # What was typed can't be a name or a code at all; it is not sent, and it is as wrong as any other.
            await link.close()
            self.emit(events.Failed("sign-in-wrong"))
        except Exception as error:
            await link.close()
            self.emit(events.Failed(problem_code(error)))
        else:
            await self._close(self._take_session(), sign_out=False)
            self._session = Session(
                self._profile,
                link,
                reply.person.name,
                Outbox(vault),
                self.emit,
                pins=self._pins,
                obeyed=self._obeyed,
                safe=self._safe,
                sensor=self._sensor,
                reporter=self._reporter,
            )
            self.emit(translate.signed_in(reply))
            self._session.start()

    def _edge_not_pinned(self, report: tel.EdgeNotPinned) -> None:
        if self._pins is not None:
            self._pins.note("sip", report.host, report.port, report.seen)

    def _obeyed(self, device: Device) -> None:
        self._device = device
        self._spawn(self._move_telephone(device))

    async def _move_telephone(self, device: Device) -> None:
        self._telephone.obey(device.manifest.sip, await asyncio.to_thread(self._sounds.load))

    def _statement(self, device: Device) -> str:
        posture = self._reporter.posture(*self._sensor.at_sign_in(device.manifest.posture), device.key)
        return self._reporter.sign(posture, device.key)

    def desk_changed(self) -> None:
        """The windows are protected otherwise, or monitors came or went; in the loop's thread only."""
        if self._session is not None:
            self._session.desk_changed()

    async def _sign_out(self) -> None:
        await self._close(self._take_session(), sign_out=True)
        self.emit(events.SignedOut())

    async def _leave(self) -> None:
        # Taken before anything is waited for: the next person may sign in while the engine is still leaving.
        session = self._take_session()
        await self._telephone.stop()
        await self._close(session, sign_out=False)

    def _take_session(self) -> Session | None:
        session, self._session = self._session, None
        if session is not None:
            self.emit(events.LinkChanged(connected=False))
        return session

    @staticmethod
    async def _close(session: Session | None, *, sign_out: bool) -> None:
        if session is not None:
            await session.close(sign_out=sign_out)

    async def _start_telephone(self) -> None:
        if self._device is not None and self._session is not None:
            sound = await asyncio.to_thread(self._sounds.load)
            await self._telephone.start(self._device.manifest.sip, sound, self._session.link.sip_credentials)


def _tell(
    session: Session,
    intent: want.FetchCard
    | want.FetchHistory
    | want.FetchDirectory
    | want.KeepDraft
    | want.SaveWrapUp
    | want.KeepQuality
    | want.TellPresence
    | want.TellCall,
) -> None:
    now = translate.moment(time.time())
    match intent:
        case want.FetchCard():
            session.fetch_card(intent.ref)
        case want.FetchHistory():
            session.fetch_history()
        case want.FetchDirectory():
            session.fetch_directory()
        case want.KeepQuality():
            session.keep_quality(intent)
        case want.KeepDraft():
            session.keep_draft(intent, now)
        case want.SaveWrapUp():
            session.save_wrap_up(intent, now)
        case want.TellPresence():
            session.tell_presence(intent)
        case want.TellCall():
            session.tell_call(intent)
