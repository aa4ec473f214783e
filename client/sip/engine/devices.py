"""Choosing among the sound devices by their names."""

from collections.abc import Mapping, Sequence

import pjsua2 as pj

DEFAULT_CAPTURE = -1  # PJMEDIA_AUD_DEFAULT_CAPTURE_DEV
DEFAULT_PLAYBACK = -2  # PJMEDIA_AUD_DEFAULT_PLAYBACK_DEV

Found = tuple[str | None, str | None]
"""The best microphone and the best speaker by name; None where there is none."""


class DeviceList:
    """What PJSIP found when it last looked."""

    def __init__(self, devices: Sequence[pj.AudioDevInfo]) -> None:
        self._inputs = {str(one.name): index for index, one in enumerate(devices) if one.inputCount > 0}
        self._outputs = {str(one.name): index for index, one in enumerate(devices) if one.outputCount > 0}

    @property
    def names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The microphones and the speakers."""
        return tuple(self._inputs), tuple(self._outputs)

    def best(self, capture: str, playback: str) -> Found:
        """Return the wanted devices, or the default ones where those are missing."""
        return choose(self._inputs, capture), choose(self._outputs, playback)

    def capture_index(self, name: str | None) -> int:
        """PJSIP's number of a microphone."""
        return DEFAULT_CAPTURE if name is None else self._inputs[name]

    def playback_index(self, name: str) -> int:
        """PJSIP's number of a speaker."""
        return self._outputs[name]


def choose(devices: Mapping[str, int], wanted: str) -> str | None:
    """Return the wanted device, else one whose name begins so, else the default; None when there is none at all.

    ALSA's list has the system's choice under the name `default`, and PJMEDIA takes the first of the list instead.
    """
    if wanted in devices:
        return wanted
    alike = [name for name in devices if wanted and name.startswith(wanted)]
    system = [name for name in devices if name == "default"]
    return next(iter((*alike, *system, *devices)), None)
