"""Customers' telephones, which reach the edge through its trunk, as the contact centre's own switch would."""

import json
import queue
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from tests.stage.centre import DOMAIN, Centre
from tests.stage.ports import HOST
from tests.stage.process import Program, StageError


class Caller(Protocol):
    """A telephone that makes one call."""

    recording: Path
    """What it heard, as a WAV file; whole once it has stopped."""

    def wait(self, event: str, seconds: float = 20) -> float:
        """Wait for an event and return its time on the monotonic clock."""

    def hang_up(self) -> None:
        """End the call."""

    def stop(self) -> None:
        """Put the telephone away."""


@dataclass(frozen=True)
class CallPlan:
    """Who calls whom, and what they play."""

    agent: str
    caller: str
    play: Path
    record: Path
    control_port: int = 0
    """Where a stranger's telephone is worked, where it needs that; 0 takes a free one."""
    srtp: bool = True
    text: bool = False
    """Whether the telephone also takes real-time text; our own caller alone can."""


def trunk_files(centre: Centre) -> tuple[Path, Path, Path]:
    """The authority's certificate, and certificate and key of the trunk, as the contact centre's switch has them."""
    directory = centre.organisation_directory
    return directory / "ca.crt", directory / "trunk.crt", directory / "trunk.key"


class OwnCaller:
    """A caller on our own media core, in a process of its own."""

    def __init__(self, centre: Centre, plan: CallPlan, log: Path) -> None:
        ca, certificate, key = trunk_files(centre)
        self.recording = plan.record
        self.last: dict[str, Any] = {}
        """The event that was waited for last, whole."""
        self._events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._program = Program(
            [sys.executable, "-m", "tests.integration.engine.customer_agent"],
            log,
            None,
            pipe_input=True,
            pipe_output=True,
            cwd=Path(__file__).parents[2],
        )
        options = {
            "uri": f"sip:{plan.agent}@{DOMAIN}",
            "caller": f"sip:{plan.caller}@{DOMAIN}",
            "proxy": f"sip:{HOST}:{centre.trunk_port};transport=tls;lr",
            "ca": str(ca),
            "certificate": str(certificate),
            "key": str(key),
            "play": str(plan.play),
            "record": str(plan.record),
            "srtp": plan.srtp,
            "text": plan.text,
        }
        self.order(json.dumps(options))
        threading.Thread(target=self._listen, daemon=True).start()

    def wait(self, event: str, seconds: float = 20) -> float:
        """See Caller.

        Raises:
            StageError: the call ended, or the time is over, before it happened.
        """
        while True:
            try:
                found = self._events.get(timeout=seconds)
            except queue.Empty:
                raise StageError(f"the caller did not get to '{event}' in {seconds:.0f} s") from None
            if found is None or (found["event"] == "ended" != event):
                raise StageError(f"the call ended before '{event}', with status {(found or {}).get('status')}")
            if found["event"] == event:
                self.last = found
                return float(found["at"])

    def hang_up(self) -> None:
        """See Caller."""
        self.order("hangup")

    def stop(self) -> None:
        """See Caller."""
        # The end of its input ends its call and then itself, with the recording closed properly.
        self._program.finish()
        self._program.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def order(self, line: str) -> None:
        """Tell the telephone what to do; see `tests.integration.engine.customer_agent`."""
        self._program.stdin.write(line.encode() + b"\n")
        self._program.stdin.flush()

    def _listen(self) -> None:
        for line in self._program.stdout:
            self._events.put(json.loads(line))
        self._events.put(None)
