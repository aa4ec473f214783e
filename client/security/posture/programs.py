"""Which programs of the policy's lists run. Nothing else of what runs leaves this module."""

from collections.abc import Iterable

from client.security.posture.machine import Machine, Process
from provisioning.posture import Hit
from provisioning.posture_programs import Program

_MOST_HITS = 40
_LINUX_NAME = 15
"""Linux keeps so many characters of a process's name."""


def running(machine: Machine, listed: tuple[Program, ...], sound_devices: Iterable[str] = ()) -> tuple[Hit, ...] | None:
    """Return the listed programs that run or whose sound devices are there; None where that can't be told.

    Args:
        machine: the PC.
        listed: the policy's programs.
        sound_devices: the names of sound devices, where they are known.
    """
    processes = machine.processes()
    if processes is None:
        return None
    by_name = dict[str, list[Process]]()
    for process in processes:
        for name in process.names:
            by_name.setdefault(_plain(name), []).append(process)
    devices = [device.casefold() for device in sound_devices]
    found = (program for program in listed if _runs(program, by_name) or _is_device(program, devices))
    return tuple(Hit(name=program.name, kind=program.kind) for program in found)[:_MOST_HITS]


def _plain(name: str) -> str:
    return name.casefold().removesuffix(".exe")


def _runs(program: Program, by_name: dict[str, list[Process]]) -> bool:
    for listed in program.processes:
        name = _plain(listed)
        for process in (
            *by_name.get(name, ()),
            *(by_name.get(name[:_LINUX_NAME], ()) if len(name) > _LINUX_NAME else ()),
        ):
            if not program.arguments or any(argument in process.arguments for argument in program.arguments):
                return True
    return False


def _is_device(program: Program, devices: list[str]) -> bool:
    return any(part.casefold() in device for part in program.devices for device in devices)
