"""The sound devices: open from the first ring to the end of the last call, and at no other time.

A device that dies in a call is replaced by the best that is left within a second, and taken again when it returns.
"""

from collections.abc import Callable
from dataclasses import replace

import pjsua2 as pj

from client.core.telephony import SoundChanged, SoundDevices, SoundFault, SoundNews
from client.sip.engine.devices import DeviceList, Found
from client.sip.engine.heartbeat import Heartbeat
from client.sip.engine.log_lines import warn
from client.sip.engine.timers import Timer, Timers

WATCH_SECONDS = 0.2
STILL_SECONDS = 0.7
"""A device whose clock has stood still for so long is dead. With the watch's own interval, that is within a second."""

RETURN_SECONDS = 1.0
"""How often we look whether the chosen device is back."""

_NOTHING: Found = (None, None)


class Sound:
    """Opens the wanted devices, or what is left of them: a call without a microphone is still a call."""

    def __init__(
        self, devices: pj.AudDevManager, timers: Timers, report: Callable[[SoundChanged | SoundDevices], None]
    ) -> None:
        self.state = SoundChanged("", "")
        self.list = SoundDevices((), ())
        self.is_open = False
        self.on_switched: Callable[[], None] = lambda: None
        """Called when other devices have been opened during a call."""
        self._devices = devices
        self._timers = timers
        self._report = report
        self._wanted = ("", "")
        self._defaults: Found = _NOTHING
        self._used: Found = _NOTHING
        self._hopeless: Found = _NOTHING
        """What was listed, but did not open: not tried again before something else is listed."""
        self._heartbeat: Heartbeat | None = None
        self._watch: Timer | None = None
        self._known = DeviceList(())
        devices.setNoDev()

    def choose(self, capture: str, playback: str) -> None:
        """Choose devices by the beginning of their name; an empty name is the system's default."""
        self._wanted = (capture, playback)
        self._look(refresh=True)
        self._defaults = self._known.best("", "")
        if self.is_open:
            self._open_best(SoundNews.NONE)
            self.on_switched()
        else:
            self._tell_what_there_is()

    def open(self) -> None:
        """Open the devices. When they will not open, look for new ones and try again, and at last do without.

        Devices that worked when a call rang are kept open, so that answering has nothing to wait for.
        """
        if self.is_open:
            return
        self.is_open = True
        # A look around takes time, so it is taken only when the chosen device was not there the last time.
        self._look(refresh=not self._is_as_wanted(self._known.best(*self._wanted)))
        self._open_best(SoundNews.NONE)

    def close(self) -> None:
        """Let go of the devices; the microphone is off."""
        self.is_open = False
        self._used = _NOTHING
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        self._heartbeat = None
        self._devices.setNoDev()

    def failed(self) -> None:
        """PJSIP says that a device failed. A failure of one that is no longer in use does not matter."""
        if self.is_open and self._used != _NOTHING:
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
                self._hopeless = self._known.best(*self._wanted)
                self._used = _NOTHING
                self._devices.setNullDev()
                self._change(SoundChanged("", "", (SoundFault.NO_MICROPHONE, SoundFault.NO_SPEAKER)), news)
        self._begin_watch()

    def _try_all(self, news: SoundNews) -> bool:
        capture, playback = self._known.best(*self._wanted)
        if playback is None:
            return False
        if capture is not None and self._try(capture, playback, 0):
            self._used = (capture, playback)
            self._change(SoundChanged(capture, playback), news)
            return True
        if self._try(capture, playback, pj.PJSUA_SND_DEV_SPEAKER_ONLY):
            self._used = (None, playback)
            # A microphone that is listed and does not open is not tried each second: that would interrupt the speaker.
            self._hopeless = (capture, playback)
            self._change(SoundChanged("", playback, (SoundFault.NO_MICROPHONE,)), news)
            return True
        return False

    def _try(self, capture: str | None, playback: str, mode: int) -> bool:
        try:
            # PJSUA opens when the mode is set, and until then only takes note of the devices.
            self._devices.setNoDev()
            self._devices.setCaptureDev(self._known.capture_index(capture))
            self._devices.setPlaybackDev(self._known.playback_index(playback))
            self._devices.setSndDevMode(mode)
        except pj.Error as error:
            warn(f"a sound device did not open: status {error.status}")
            return False
        return True

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
        if self._heartbeat is None:
            return
        if self._used != _NOTHING and self._heartbeat.still_for > STILL_SECONDS:
            self._replace_dead()
            return
        if until_look <= 0:
            if not self._is_as_wanted(self._used) and self._take_back():
                return
            until_look = RETURN_SECONDS
        self._watch = self._timers.after(WATCH_SECONDS, lambda: self._look_after(until_look - WATCH_SECONDS))

    def _replace_dead(self) -> None:
        self._devices.setNoDev()
        self._look(refresh=True)
        self._open_best(SoundNews.LOST)
        self.on_switched()

    def _take_back(self) -> bool:
        self._look(refresh=True)
        best = self._known.best(*self._wanted)
        if best in (self._used, self._hopeless):
            return False
        self._open_best(SoundNews.RETURNED)
        self.on_switched()
        return True

    def _is_as_wanted(self, found: Found) -> bool:
        return all(
            name is not None and (name.startswith(wanted) if wanted else name == default)
            for name, wanted, default in zip(found, self._wanted, self._defaults, strict=True)
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
        capture, playback = self._known.best(*self._wanted)
        faults = []
        if capture is None:
            faults.append(SoundFault.NO_MICROPHONE)
        if playback is None:
            faults.append(SoundFault.NO_SPEAKER)
        self._change(SoundChanged(capture or "", playback or "", tuple(faults)), SoundNews.NONE)

    def _change(self, state: SoundChanged, news: SoundNews) -> None:
        if state != self.state or news is not SoundNews.NONE:
            self.state = state
            self._report(replace(state, news=news))
