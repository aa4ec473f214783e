"""The sound devices: open from the first ring to the end of the last call, or while levels are measured, and at no
other time.

A device that dies in a call is replaced by the best that is left within a second, and taken again when it returns.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto

import pjsua2 as pj

from client.core.telephony import SoundChanged, SoundDevices, SoundFault, SoundLevel, SoundNews
from client.sip.engine import settings
from client.sip.engine.devices import DeviceList, Found, is_same
from client.sip.engine.heartbeat import Heartbeat
from client.sip.engine.level_meter import LevelMeter
from client.sip.engine.log_lines import warn
from client.sip.engine.ringer import Ringer
from client.sip.engine.timers import Timer, Timers

WATCH_SECONDS = 0.2
STILL_SECONDS = 0.7
"""A device whose clock has stood still for so long is dead. With the watch's own interval, that is within a second."""

RETURN_SECONDS = 1.0
"""How often we look whether the chosen device is back."""

_NOTHING: Found = (None, None)

SoundReport = SoundChanged | SoundDevices | SoundLevel


class Need(Enum):
    """What the devices are open for."""

    CALL = auto()
    LEVELS = auto()


@dataclass(frozen=True)
class Choice:
    """What the agent or the manifest chose; an empty name is the system's default, and for `ring` the speech device."""

    capture: str = ""
    playback: str = ""
    ring: str = ""
    ear: str = "both"


class Sound:
    """Opens the wanted devices, or what is left of them: a call without a microphone is still a call."""

    def __init__(self, devices: pj.AudDevManager, timers: Timers, report: Callable[[SoundReport], None]) -> None:
        self.state = SoundChanged("", "")
        self.list = SoundDevices((), ())
        self.on_switched: Callable[[], None] = lambda: None
        """Called when other devices have been opened during a call."""
        self._devices = devices
        self._timers = timers
        self._report = report
        self._ringer = Ringer(timers)
        self._meter = LevelMeter(timers, report)
        self._needs: set[Need] = set()
        self._wanted = Choice()
        self._defaults: Found = _NOTHING
        self._used: Found = _NOTHING
        self._hopeless: Found = _NOTHING
        """What was listed, but did not open: not tried again before something else is listed."""
        self._heartbeat: Heartbeat | None = None
        """Made at the first opening and kept to the end: see `Heartbeat`."""
        self._watch: Timer | None = None
        self._known = DeviceList(())
        devices.setNoDev()

    @property
    def is_open(self) -> bool:
        """Whether the devices are open, or would be if there were any."""
        return bool(self._needs)

    def choose(self, choice: Choice) -> None:
        """Choose devices by the beginning of their name, and the ear."""
        self._wanted = choice
        self._look(refresh=True)
        self._defaults = self._known.best("", "")
        if self.is_open:
            self._open_best(SoundNews.NONE)
            self._switched()
        else:
            self._tell_what_there_is()

    def refine(self, *, noise_suppression: bool, gain_control: bool) -> None:
        """Take noise out of the microphone's sound and bring it to an even loudness, or leave it as it is."""
        options = settings.echo_options(noise_suppression=noise_suppression, gain_control=gain_control)
        self._devices.setEcOptions(settings.ECHO_TAIL_MS, options)

    def open(self, need: Need = Need.CALL) -> None:
        """Open the devices. When they will not open, look for new ones and try again, and at last do without.

        Devices that worked when a call rang are kept open, so that answering has nothing to wait for.
        """
        was_open = self.is_open
        self._needs.add(need)
        if was_open:
            return
        # A look around takes time, so it is taken only when the chosen device was not there the last time.
        self._look(refresh=not self._is_as_wanted(self._known.best(self._wanted.capture, self._wanted.playback)))
        self._open_best(SoundNews.NONE)

    def close(self, need: Need = Need.CALL) -> None:
        """Let go of the devices, unless they are needed for something else; the microphone is off."""
        self._needs.discard(need)
        if self.is_open:
            return
        self._used = _NOTHING
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        self._ringer.stop()
        self._devices.setNoDev()

    def end(self) -> None:
        """Let go of everything."""
        self.measure(False)
        self.close()
        self._ringer.close()
        self._heartbeat = None

    def ring(self, ringing: bool) -> None:
        """Ring for an incoming call, or be silent at once."""
        if not ringing:
            self._ringer.stop()
        elif not self._ringer.is_ringing and self.is_open:
            self._ring()

    def measure(self, wanted: bool) -> None:
        """Report levels, or no more; the devices are open for as long."""
        if not wanted:
            self._meter.end()
            if Need.LEVELS in self._needs and self._heartbeat is not None:
                self.microphone.stopTransmit(self._heartbeat)
            self.close(Need.LEVELS)
        elif Need.LEVELS not in self._needs:
            self.open(Need.LEVELS)
            self._listen()
            self._meter.begin(lambda: self.microphone, lambda: self.speaker)

    def failed(self, device: int) -> None:
        """PJSIP says that a device failed, by its number. A failure of one no longer in use does not matter."""
        if self._ringer.is_ringing and self._ringer.index == device:
            self._ringer.close()
            self._ring(at_speaker=True)
        elif self.is_open and self._used != _NOTHING:
            self._replace_dead()

    @property
    def microphone(self) -> pj.AudioMedia:
        """Where sound comes from: silence when there is no microphone."""
        return self._devices.getCaptureDevMedia()

    @property
    def speaker(self) -> pj.AudioMedia:
        """Where sound goes to."""
        return self._devices.getPlaybackDevMedia()

    # --- Opening ------------------------------------------------------------------------------------------------------

    def _open_best(self, news: SoundNews) -> None:
        if not self._try_all(news):
            self._look(refresh=True)
            if not self._try_all(news):
                self._hopeless = self._known.best(self._wanted.capture, self._wanted.playback)
                self._used = _NOTHING
                self._devices.setNullDev()
                faults = (SoundFault.NO_MICROPHONE, SoundFault.NO_SPEAKER)
                self._change(SoundChanged("", "", faults, ring=self._rings_at("")), news)
        self._begin_watch()

    def _try_all(self, news: SoundNews) -> bool:
        capture, playback = self._known.best(self._wanted.capture, self._wanted.playback)
        if playback is None:
            return False
        rings_at = self._rings_at(playback)
        if capture is not None and self._try(capture, playback, 0):
            self._used = (capture, playback)
            self._change(SoundChanged(capture, playback, ring=rings_at), news)
            return True
        if self._try(capture, playback, pj.PJSUA_SND_DEV_SPEAKER_ONLY):
            self._used = (None, playback)
            # A microphone that is listed and does not open is not tried each second: that would interrupt the speaker.
            self._hopeless = (capture, playback)
            self._change(SoundChanged("", playback, (SoundFault.NO_MICROPHONE,), ring=rings_at), news)
            return True
        return False

    def _try(self, capture: str | None, playback: str, mode: int) -> bool:
        try:
            # PJSUA opens when the mode is set, and until then only takes note of the devices.
            self._devices.setNoDev()
            self._devices.setOutputRoute(settings.EAR_ROUTES.get(self._wanted.ear, settings.EAR_ROUTES["both"]), True)
            self._devices.setCaptureDev(self._known.capture_index(capture))
            self._devices.setPlaybackDev(self._known.playback_index(playback))
            self._devices.setSndDevMode(mode)
        except pj.Error as error:
            warn(f"a sound device did not open: status {error.status}")
            return False
        return True

    # --- Ringing ------------------------------------------------------------------------------------------------------

    def _rings_at(self, playback: str) -> str:
        """The name of the device that a call rings at."""
        return self._known.speaker(self._wanted.ring) or playback

    def _ring(self, *, at_speaker: bool = False) -> None:
        name = "" if at_speaker else self._known.speaker(self._wanted.ring) or ""
        if name == self._used[1]:
            name = ""
        index = self._known.playback_index(name) if name else -1
        if not self._ringer.ring(index, self.speaker):
            name = ""
        self._change(replace(self.state, ring=name or self._used[1] or "", news=SoundNews.NONE), SoundNews.NONE)

    def _look_for_ringer(self) -> None:
        """While it rings somewhere else, look whether the device that was chosen for it is back."""
        if self._ringer.is_ringing and self._wanted.ring and self._known.speaker(self._wanted.ring) is None:
            self._look(refresh=True)
            if self._known.speaker(self._wanted.ring) is not None:
                self._ring()

    # --- Watching -----------------------------------------------------------------------------------------------------

    def _begin_watch(self) -> None:
        if self._heartbeat is None:
            self._heartbeat = Heartbeat()
        self._heartbeat.restart()
        if self._watch is not None:
            self._watch.cancel()
        real = self._used != _NOTHING
        wait = WATCH_SECONDS if real else RETURN_SECONDS
        self._watch = self._timers.after(wait, lambda: self._look_after(RETURN_SECONDS - wait))

    def _look_after(self, until_look: float) -> None:
        if self._heartbeat is None or not self.is_open:
            return
        if self._used != _NOTHING and self._heartbeat.still_for > STILL_SECONDS:
            self._replace_dead()
            return
        if until_look <= 0:
            if not self._is_as_wanted(self._used) and self._take_back():
                return
            self._look_for_ringer()
            until_look = RETURN_SECONDS
        self._watch = self._timers.after(WATCH_SECONDS, lambda: self._look_after(until_look - WATCH_SECONDS))

    def _replace_dead(self) -> None:
        self._devices.setNoDev()
        self._look(refresh=True)
        self._open_best(SoundNews.LOST)
        self._switched()

    def _take_back(self) -> bool:
        self._look(refresh=True)
        best = self._known.best(self._wanted.capture, self._wanted.playback)
        if best in (self._used, self._hopeless):
            return False
        self._open_best(SoundNews.RETURNED)
        self._switched()
        return True

    def _switched(self) -> None:
        """Other devices are open: go on with them."""
        self._listen()
        if self._ringer.is_ringing:
            self._ring()
        self.on_switched()

    def _listen(self) -> None:
        """PJSIP measures a microphone only while somebody hears it; the heartbeat does, and tells nobody."""
        if Need.LEVELS in self._needs and self._heartbeat is not None:
            self.microphone.startTransmit(self._heartbeat)

    def _is_as_wanted(self, found: Found) -> bool:
        wanted = (self._wanted.capture, self._wanted.playback)
        return all(
            name is not None and (is_same(name, one) if one else name == default)
            for name, one, default in zip(found, wanted, self._defaults, strict=True)
        )

    # --- Telling ------------------------------------------------------------------------------------------------------

    def _look(self, *, refresh: bool) -> None:
        if refresh:
            self._devices.refreshDevs()
        self._known = DeviceList(self._devices.enumDev2())
        found = SoundDevices(*self._known.names)
        if found != self.list:
            self.list = found
            self._hopeless = _NOTHING
            self._report(found)

    def _tell_what_there_is(self) -> None:
        """Report what there is, without opening it."""
        capture, playback = self._known.best(self._wanted.capture, self._wanted.playback)
        faults = []
        if capture is None:
            faults.append(SoundFault.NO_MICROPHONE)
        if playback is None:
            faults.append(SoundFault.NO_SPEAKER)
        rings_at = self._rings_at(playback or "")
        self._change(SoundChanged(capture or "", playback or "", tuple(faults), ring=rings_at), SoundNews.NONE)

    def _change(self, state: SoundChanged, news: SoundNews) -> None:
        if state != self.state or news is not SoundNews.NONE:
            self.state = state
            self._report(replace(state, news=news))
