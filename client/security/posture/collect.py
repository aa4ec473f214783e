"""All collectors together, within a bound: one that fails or hangs leaves its part unknown."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from client.security.posture import linux, macos, windows
from client.security.posture.facts import Facts
from client.security.posture.machine import Machine
from client.security.posture.programs import running
from provisioning.posture_programs import Program

_log = logging.getLogger("hearthline.posture")

Collector = Callable[[Machine], Facts]
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Seen:
    """What was found, and the names of sound devices, which stay here: the policy's lists are compared with them."""

    facts: Facts
    sound_devices: tuple[str, ...] = ()


def collect(machine: Machine, system: str, seconds: float) -> Seen:
    """Ask the PC about itself; blocks for no longer than `seconds`.

    Args:
        machine: the PC.
        system: 'Linux', 'Windows' or 'Darwin', as `platform.system` says.
        seconds: what has not answered by then is unknown.
    """
    match system:
        case "Linux":
            return _all(machine, linux.COLLECTORS, linux.sound_devices, seconds)
        case "Darwin":
            return _all(machine, macos.COLLECTORS, macos.sound_devices, seconds)
        case "Windows":
            found = bounded([lambda: windows.collect(machine)], seconds)
            return Seen(*found[0]) if found else Seen(Facts(os="windows"))
    return Seen(Facts(os="other"))


def quick(machine: Machine, system: str, programs: tuple[Program, ...], seen: Seen) -> Facts:
    """Ask only for what can change from one moment to the next, and costs little to ask."""
    try:
        facts = Facts(programs=running(machine, programs, seen.sound_devices))
        if system == "Windows":
            # A session at the PC can be taken over from elsewhere while it runs.
            facts.update(windows.session_now())
    except Exception as error:
        # As below.
        _log.info("the quick look failed: %s", type(error).__name__)
        return Facts(programs=None)
    return facts


def _all(
    machine: Machine,
    collectors: Sequence[Collector],
    devices: Callable[[Machine], tuple[str, ...]],
    seconds: float,
) -> Seen:
    def asking(collector: Collector) -> Callable[[], Seen]:
        return lambda: Seen(collector(machine))

    work = [asking(collector) for collector in collectors]
    work.append(lambda: Seen(Facts(), devices(machine)))
    facts, names = Facts(), tuple[str, ...]()
    for seen in bounded(work, seconds):
        facts.update(seen.facts)
        names += seen.sound_devices
    return Seen(facts, names)


def bounded(work: Sequence[Callable[[], Answer]], seconds: float) -> list[Answer]:
    """Do all of it at once, and return what is answered in time, in the order of the questions.

    What hangs is left to itself, in a thread that does not keep the desk from ending.
    """
    answers: dict[int, Answer] = {}
    end = time.monotonic() + seconds

    def do(number: int, one: Callable[[], Answer]) -> None:
        try:
            answers[number] = one()
        except Exception as error:
            # A collector's mistake must not cost the sign-in. The kind alone: the rest may name what is in the home.
            _log.info("a collector failed: %s", type(error).__name__)

    threads = [
        threading.Thread(target=do, args=(number, one), name=f"posture-{number}", daemon=True)
        for number, one in enumerate(work)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    late = dict(answers)
    return [late[number] for number in sorted(late)]
