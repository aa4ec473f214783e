"""One PC's state: asked for as a whole now and then, and quickly all the time."""

from collections.abc import Callable

from client.security.posture.collect import Seen, collect, quick
from client.security.posture.desk_seen import DeskSeen
from client.security.posture.facts import Facts
from client.security.posture.integrity import Installation, Integrity
from client.security.posture.machine import Machine, ThisMachine, system_name
from client.security.posture.reporter import merged
from provisioning.posture import PosturePolicy

WHOLE_SECONDS = 25.0
"""How long the whole may take while somebody works; PowerShell on a slow PC takes more than ten."""
SIGN_IN_SECONDS = 4.0
"""How long a sign-in waits for it. What is not known by then is reported as unknown, and soon again."""


class Sensor:
    """Finds out about one PC. All methods block, none raises, and each may be called from any thread.

    Args:
        desk: tells how the desk's windows are now.
        machine: the PC; this one without it.
        system: its kind, as `platform.system` says.
        installation: the desk's own files.
    """

    def __init__(
        self,
        desk: Callable[[], DeskSeen],
        machine: Machine | None = None,
        system: str = "",
        installation: Installation | None = None,
    ) -> None:
        self.desk = desk
        self._machine = machine or ThisMachine()
        self._system = system or system_name()
        self._installation = installation or Installation()

    def whole(self, policy: PosturePolicy, seconds: float = WHOLE_SECONDS) -> tuple[Seen, Integrity]:
        """Ask for everything; what has not answered within `seconds` is unknown."""
        return collect(self._machine, self._system, seconds), self._installation.check(policy.release_keys)

    def quick(self, policy: PosturePolicy, seen: Seen) -> Facts:
        """Ask for what can change from one moment to the next: programs of the list, and who uses this session."""
        return quick(self._machine, self._system, policy.programs, seen)

    def at_sign_in(self, policy: PosturePolicy) -> tuple[Facts, DeskSeen, Integrity]:
        """Ask for all that a sign-in needs, within `SIGN_IN_SECONDS` and a little."""
        seen, integrity = self.whole(policy, SIGN_IN_SECONDS)
        return merged(seen, self.quick(policy, seen)), self.desk(), integrity
