"""What a screen reader would know of a desk, and waiting until it knows something."""

import json
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.stage.home_pc import HomePc
from tests.stage.process import Program

_PROBE = Path(__file__).with_name("accessibility_probe.py")


@dataclass(frozen=True)
class Thing:
    """Something on the screen."""

    id: str
    role: str
    name: str
    description: str
    text: str
    states: frozenset[str]
    depth: int

    @property
    def focused(self) -> bool:
        """Whether it has the keyboard."""
        return "focused" in self.states

    @property
    def enabled(self) -> bool:
        """Whether it can be used."""
        return "enabled" in self.states

    def says(self, words: str) -> bool:
        """Whether its name, text or description holds these words."""
        return words in self.name or words in self.text or words in self.description


@dataclass(frozen=True)
class Sight:
    """Everything on the screen at one moment."""

    things: tuple[Thing, ...]

    def says(self, words: str) -> bool:
        """Whether anything on the screen holds these words."""
        return any(thing.says(words) for thing in self.things)

    def by_id(self, identifier: str) -> Thing | None:
        """The thing with this identifier (the last part of a dotted path counts too)."""
        for thing in self.things:
            if thing.id == identifier or thing.id.endswith(f".{identifier}") or thing.id.endswith(f"/{identifier}"):
                return thing
        return None

    @property
    def everything(self) -> str:
        """All names, descriptions and texts, for searching."""
        return "\n".join(f"{thing.name}\n{thing.description}\n{thing.text}" for thing in self.things)


class NotSeen(AssertionError):
    """What was waited for did not appear on the screen."""


class Reader:
    """Reads one program on one PC.

    Args:
        pc: the PC, which must be running.
        pid: the program's process.
    """

    def __init__(self, pc: HomePc, pid: int) -> None:
        self._pid = pid
        self._trees: queue.Queue[list[dict[str, object]] | None] = queue.Queue()
        self._changed = threading.Event()
        self._probe = Program(
            ["/usr/bin/python3", str(_PROBE)],
            pc.logs / "accessibility.log",
            pc.environment,
            pipe_input=True,
            pipe_output=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Stop reading."""
        self._probe.stop()

    def look(self) -> Sight:
        """Read everything that is on the screen now."""
        self._probe.stdin.write(json.dumps({"ask": "tree", "pid": self._pid}).encode() + b"\n")
        self._probe.stdin.flush()
        tree = self._trees.get(timeout=60)
        if tree is None:
            raise NotSeen(f"the accessibility bus is gone; see {self._probe.log}")
        return Sight(tuple(_thing(entry) for entry in tree))

    def wait(self, what: str, seen: Callable[[Sight], bool], seconds: float = 20) -> Sight:
        """Look again after every change until `seen` is true.

        Raises:
            NotSeen: it did not become true within the bound, which is generous: it is there to end a failed test.
        """
        end = time.monotonic() + seconds
        while True:
            self._changed.clear()
            sight = self.look()
            if seen(sight):
                return sight
            left = end - time.monotonic()
            if left <= 0:
                raise NotSeen(f"{what} did not appear within {seconds:.0f} s. On the screen: {_summary(sight)}")
            # A change that the bus does not announce is looked for once a second.
            self._changed.wait(min(left, 1.0))

    def _listen(self) -> None:
        for line in self._probe.stdout:
            message = json.loads(line)
            if "tree" in message:
                self._trees.put(message["tree"])
            else:
                self._changed.set()
        self._trees.put(None)


def _thing(entry: dict[str, object]) -> Thing:
    states = entry["states"]
    depth = entry["depth"]
    assert isinstance(states, list)
    assert isinstance(depth, int)
    return Thing(
        id=str(entry["id"]),
        role=str(entry["role"]),
        name=str(entry["name"]),
        description=str(entry["description"]),
        text=str(entry["text"]),
        states=frozenset(states),
        depth=depth,
    )


def _summary(sight: Sight) -> str:
    names = [thing.name or thing.text for thing in sight.things]
    return " | ".join(name for name in names if name)[:2000]
