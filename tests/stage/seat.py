"""A person at a desk: a real desk process on a home PC, worked by keys alone and read as a screen reader would."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import psutil

from client.core.keys import PROFILES, KeyProfile, presses
from tests.stage.accessibility import Reader, Sight
from tests.stage.home_pc import HomePc
from tests.stage.process import Program

_X_NAMES = {
    "Space": "space",
    "Esc": "Escape",
    "Backspace": "BackSpace",
    "=": "equal",
    "-": "minus",
    ";": "semicolon",
    ",": "comma",
    ".": "period",
    "/": "slash",
}
_ENGINE_MODULE = "client.sip.engine"


class Seat:
    """One desk and who sits at it.

    Args:
        pc: a running home PC.
        profile_directory: where the desk keeps its files.
        keys: which key profile the person uses; the desk must be set to the same.
    """

    def __init__(self, pc: HomePc, profile_directory: Path, keys: KeyProfile = KeyProfile.STANDARD) -> None:
        self.pc = pc
        self.profile_directory = profile_directory
        self.log = pc.logs / "desk.log"
        self._keys = PROFILES[keys]
        self._program: Program | None = None
        self._reader: Reader | None = None

    def open(self) -> None:
        """Start the desk; returns when something of it is on the screen."""
        self._program = Program(
            [sys.executable, "-m", "client.app", "--profile", str(self.profile_directory)],
            self.log,
            self.pc.environment,
            cwd=Path(__file__).parents[2],
        )
        self._reader = Reader(self.pc, self._program.pid)
        self._reader.wait("the desk", lambda sight: len(sight.things) > 1, seconds=60)

    def close(self) -> None:
        """End the desk, as a session manager would."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        if self._program is not None:
            self._program.stop()
            self._program = None

    @property
    def pid(self) -> int:
        """The desk's process id."""
        assert self._program is not None
        return self._program.pid

    @property
    def alive(self) -> bool:
        """Whether the desk runs."""
        return self._program is not None and self._program.alive

    @property
    def screen(self) -> Reader:
        """What is on the screen."""
        assert self._reader is not None
        return self._reader

    # --- Doing --------------------------------------------------------------------------------------------------------

    def does(self, command: str) -> None:
        """Press the key, or the two keys in turn, of a command in this person's key profile."""
        self.pc.press(*(x_key(key) for key in presses(self._keys[command])))

    def presses(self, *keys: str) -> None:
        """Press keys by their X names."""
        self.pc.press(*keys)

    def types(self, text: str) -> None:
        """Type into whatever has the keyboard."""
        self.pc.type_text(text)

    def fills_in_sign_in(self, name: str, password: str, digits: str) -> None:
        """Fill in the sign-in form, up to the key that submits it; the desk may remember the name."""
        sight = self.waits("the sign-in form", lambda seen: _has_focus(seen, "sign-in.name", "sign-in.password"))
        if _has_focus(sight, "sign-in.name"):
            self.types(name)
            self.presses("Tab")
            self.focuses("sign-in.password")
        self.types(password)
        self.presses("Tab")
        self.focuses("sign-in.reveal")
        self.presses("Tab")
        self.focuses("sign-in.totp")
        self.types(digits)

    # --- Seeing -------------------------------------------------------------------------------------------------------

    def sees(self, identifier: str, words: str = "", seconds: float = 20) -> Sight:
        """Wait until a thing is on the screen and holds these words."""

        def there(sight: Sight) -> bool:
            thing = sight.by_id(identifier)
            return thing is not None and thing.says(words)

        return self.screen.wait(f"'{words}' in {identifier}" if words else identifier, there, seconds)

    def waits(self, what: str, seen: Callable[[Sight], bool], seconds: float = 20) -> Sight:
        """Wait until something is so."""
        return self.screen.wait(what, seen, seconds)

    def focuses(self, identifier: str) -> Sight:
        """Wait until a thing has the keyboard."""

        return self.screen.wait(f"the focus on {identifier}", lambda sight: _has_focus(sight, identifier))

    def can(self, command: str) -> Sight:
        """Wait until the button of a command is on the screen and enabled."""

        def enabled(sight: Sight) -> bool:
            thing = sight.by_id(command)
            return thing is not None and thing.enabled

        return self.screen.wait(f"{command} enabled", enabled)

    def kill(self) -> None:
        """End the desk as a crash would. What it had started is left to itself."""
        os.kill(self.pid, signal.SIGKILL)
        assert self._program is not None
        self._program.process.wait()
        self._program = None
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    # --- The engine ---------------------------------------------------------------------------------------------------

    def engine_pid(self) -> int:
        """The id of this desk's engine process."""
        for child in psutil.Process(self.pid).children():
            if _ENGINE_MODULE in child.cmdline():
                return child.pid
        raise LookupError("the desk has no engine")

    def has_other_engine(self, than: int) -> bool:
        """Whether an engine runs that is not the one with this id."""
        try:
            return self.engine_pid() != than
        except LookupError:
            return False

    def kill_engine(self) -> int:
        """End the engine as a crash would; returns its id."""
        pid = self.engine_pid()
        os.kill(pid, signal.SIGKILL)
        return pid


def _has_focus(sight: Sight, *identifiers: str) -> bool:
    things = (sight.by_id(identifier) for identifier in identifiers)
    return any(thing is not None and thing.focused for thing in things)


def x_key(key: str) -> str:
    """The X name of a key of the registry."""
    return _X_NAMES.get(key, key.lower() if len(key) == 1 else key)
