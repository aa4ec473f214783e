"""Where a desk leaves its engine, so that its successor finds it: a place of its own for each profile."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from client.core import telephony as tel
from client.sip.rendezvous import PrivateFile, Rendezvous
from client.sip.supervisor import EngineSupervisor


def rendezvous_of(profile: Path) -> Rendezvous:
    """Return the place for a profile. Two desks that shared one would take the engine from each other."""
    return PrivateFile(profile / "engine")


def supervisor_at(
    place: Rendezvous,
) -> Callable[[Callable[[tel.Report], None], Callable[[], Awaitable[tel.Register | None]]], EngineSupervisor]:
    """Return a maker of supervisors that leave their engine at this place, and find an earlier one there."""
    return lambda on_report, credentials: EngineSupervisor(on_report, credentials, rendezvous=place)
