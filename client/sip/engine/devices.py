"""Choosing among the sound devices by their names.

A name is a device's identity: ALSA's carry the card's id, which the kernel keeps apart for cards of the same make, and
not its number, which changes with the order in which the cards were found.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pjsua2 as pj

DEFAULT_CAPTURE = -1  # PJMEDIA_AUD_DEFAULT_CAPTURE_DEV
DEFAULT_PLAYBACK = -2  # PJMEDIA_AUD_DEFAULT_PLAYBACK_DEV

Found = tuple[str | None, str | None]
"""The best microphone and the best speaker by name; None where there is none."""


class DeviceList:
    """What PJSIP found when it last looked."""

    def __init__(self, devices: Sequence[pj.AudioDevInfo]) -> None:
        self._inputs = _numbered((str(one.name), index) for index, one in enumerate(devices) if one.inputCount > 0)
        self._outputs = _numbered((str(one.name), index) for index, one in enumerate(devices) if one.outputCount > 0)

    @property
    def names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The microphones and the speakers."""
        return tuple(self._inputs), tuple(self._outputs)

    def best(self, capture: str, playback: str) -> Found:
        """Return the wanted devices, or the default ones where those are missing."""
        return choose(self._inputs, capture), choose(self._outputs, playback)

    def speaker(self, wanted: str) -> str | None:
        """Return the wanted speaker, and None where it is missing or none is wanted."""
        return next((name for name in self._outputs if wanted and is_same(name, wanted)), None)

    def capture_index(self, name: str | None) -> int:
        """PJSIP's number of a microphone."""
        return DEFAULT_CAPTURE if name is None else self._inputs[name]

    def playback_index(self, name: str) -> int:
        """PJSIP's number of a speaker."""
        return self._outputs[name]


def choose(devices: Mapping[str, int], wanted: str) -> str | None:
    """Return the wanted device, else the default; None when there is none at all.

    ALSA's list has the system's choice under the name `default`, and PJMEDIA takes the first of the list instead.
    """
    if wanted in devices:
        return wanted
    alike = [name for name in devices if wanted and is_same(name, wanted)]
    system = [name for name in devices if name == "default"]
    return next(iter((*alike, *system, *devices)), None)


def is_same(name: str, wanted: str) -> bool:
    """Whether a device is the wanted one: its name is the wanted one, or begins with it and goes on after a word's end.

    `front:CARD=Headset` is `front:CARD=Headset,DEV=0`, and not `front:CARD=Headset_1,DEV=0`, which is another headset
    of the same make.
    """
    rest = name.removeprefix(wanted)
    return name.startswith(wanted) and not (rest[:1].isalnum() or rest[:1] == "_")


def _numbered(devices: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The devices by name. Where a system gives several the same name, all but the first one get a number."""
    seen: Counter[str] = Counter()
    named: dict[str, int] = {}
    for name, index in devices:
        seen[name] += 1
        named[name if seen[name] == 1 else f"{name} ({seen[name]})"] = index
    return named
