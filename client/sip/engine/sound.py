"""The sound devices: open from the first ring to the end of the last call, and at no other time."""

from collections.abc import Callable

import pjsua2 as pj

from client.core.telephony import SoundChanged, SoundFault
from client.sip.engine.log_lines import warn

_DEFAULT_CAPTURE = -1  # PJMEDIA_AUD_DEFAULT_CAPTURE_DEV
_DEFAULT_PLAYBACK = -2  # PJMEDIA_AUD_DEFAULT_PLAYBACK_DEV


class Sound:
    """Opens the wanted devices, or what is left of them: a call without a microphone is still a call."""

    def __init__(self, devices: pj.AudDevManager, report: Callable[[SoundChanged], None]) -> None:
        self.state = SoundChanged("", "")
        self._devices = devices
        self._report = report
        self._capture = ""
        self._playback = ""
        self._open = False
        devices.setNoDev()

    def choose(self, capture: str, playback: str) -> None:
        """Choose devices by the beginning of their name; an empty name is the system's default."""
        self._capture, self._playback = capture, playback
        self._look()
        if self._open:
            self.close()
            self.open()

    def open(self) -> None:
        """Open the devices. When they will not open, look for new ones and try again, and at last do without.

        Devices that worked when a call rang are kept open, so that answering has nothing to wait for.
        """
        if self._open:
            return
        self._open = True
        if not self._try_all():
            self._devices.refreshDevs()
            if not self._try_all():
                self._devices.setNullDev()
                self._change(SoundChanged("", "", (SoundFault.NO_MICROPHONE, SoundFault.NO_SPEAKER)))

    def close(self) -> None:
        """Let go of the devices; the microphone is off."""
        self._open = False
        self._devices.setNoDev()

    @property
    def microphone(self) -> pj.AudioMedia:
        """Where sound comes from: silence when there is no microphone."""
        return self._devices.getCaptureDevMedia()

    @property
    def speaker(self) -> pj.AudioMedia:
        """Where sound goes to."""
        return self._devices.getPlaybackDevMedia()

    def _try_all(self) -> bool:
        capture, playback = self._find()
        if playback is None:
            return False
        if capture is not None and self._try(capture, playback, 0):
            self._change(SoundChanged(self._name(capture), self._name(playback)))
            return True
        if self._try(_DEFAULT_CAPTURE if capture is None else capture, playback, pj.PJSUA_SND_DEV_SPEAKER_ONLY):
            self._change(SoundChanged("", self._name(playback), (SoundFault.NO_MICROPHONE,)))
            return True
        return False

    def _try(self, capture: int, playback: int, mode: int) -> bool:
        try:
            # PJSUA opens when the mode is set, and until then only takes note of the devices.
            self._devices.setNoDev()
            self._devices.setCaptureDev(capture)
            self._devices.setPlaybackDev(playback)
            self._devices.setSndDevMode(mode)
        except pj.Error as error:
            warn(f"a sound device did not open: status {error.status}")
            return False
        return True

    def _look(self) -> None:
        """Report what there is, without opening it."""
        capture, playback = self._find()
        faults = []
        if capture is None:
            faults.append(SoundFault.NO_MICROPHONE)
        if playback is None:
            faults.append(SoundFault.NO_SPEAKER)
        self._change(SoundChanged(self._name(capture), self._name(playback), tuple(faults)))

    def _find(self) -> tuple[int | None, int | None]:
        devices = self._devices.enumDev2()
        inputs = {index: str(device.name) for index, device in enumerate(devices) if device.inputCount > 0}
        outputs = {index: str(device.name) for index, device in enumerate(devices) if device.outputCount > 0}
        return (
            _choose(inputs, self._capture, _DEFAULT_CAPTURE),
            _choose(outputs, self._playback, _DEFAULT_PLAYBACK),
        )

    def _name(self, device: int | None) -> str:
        return "" if device is None else str(self._devices.getDevInfo(device).name)

    def _change(self, state: SoundChanged) -> None:
        if state != self.state:
            self.state = state
            self._report(state)


def _choose(devices: dict[int, str], wanted: str, default: int) -> int | None:
    """Return a device: the wanted one, else the default; None when there is none at all.

    ALSA's list has the system's choice under the name `default`, and PJMEDIA takes the first of the list instead.
    """
    named = [index for index, name in devices.items() if name == (wanted or "default")]
    alike = [index for index, name in devices.items() if wanted and name.startswith(wanted)]
    system = [index for index, name in devices.items() if name == "default"]
    for index in (*named, *alike, *system):
        return index
    return default if devices else None
