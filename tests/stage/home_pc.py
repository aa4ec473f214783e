"""A home PC: its own screen, session bus, key store, accessibility bus and sound, and nothing of anybody else's."""

import contextlib
import os
import secrets
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.integration.engine.virtual_sound import VirtualSound
from tests.stage.process import Program, StageError

_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "QT_SCALE_FACTOR")


class HomePc:
    """One PC in one home.

    Args:
        directory: everything of this PC, its user's home among it.
        size: the screen, in pixels.
        display: an X display to use instead of a virtual one, for somebody who wants to look.
    """

    def __init__(self, directory: Path, *, size: tuple[int, int] = (1440, 900), display: str | None = None) -> None:
        self.directory = directory
        self.home = directory / "home"
        self.logs = directory / "logs"
        self.sound = VirtualSound()
        self._size = size
        self._display = display
        self._running = contextlib.ExitStack()
        self.environment: dict[str, str] = {}
        self.environment_extra: dict[str, str] = {}
        """Set before `start`: what this PC's user has set, such as the language."""

    def start(self) -> None:
        """Bring the PC up; returns when every part of it is ready.

        Raises:
            StageError: a part did not come up.
        """
        for directory in (self.home, self.logs, self.directory / "run"):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.environment = {
            **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.directory / "run"),
            "XDG_DATA_HOME": str(self.home / ".local/share"),
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_CACHE_HOME": str(self.home / ".cache"),
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "QT_ACCESSIBILITY": "1",
            "QT_QPA_PLATFORM": "xcb",
            **self.environment_extra,
        }
        with contextlib.ExitStack() as starting:
            self._start_screen(starting)
            self._start_bus(starting)
            self._start_key_store(starting)
            starting.enter_context(self.sound)
            # The session's runtime directory stays where the bus and the key store have it.
            self.environment = {**self.sound.environment, **self.environment}
            self._running = starting.pop_all()

    def stop(self) -> None:
        """Shut the PC down."""
        self._running.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def screenshot(self, path: Path) -> Path:
        """Take a picture of the whole screen (PNG)."""
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["scrot", "--overwrite", "--silent", str(path)], env=self.environment, check=True, timeout=30)
        return path

    def press(self, *keys: str) -> None:
        """Press and release keys one after another, as X names them; they go to the window with the focus."""
        subprocess.run(
            ["xdotool", "key", "--clearmodifiers", "--delay", "30", *keys], env=self.environment, check=True, timeout=30
        )

    def type_text(self, text: str) -> None:
        """Type a text, character by character, into whatever has the focus."""
        # From standard input and not as an argument: what is typed may be a password.
        subprocess.run(
            ["xdotool", "type", "--delay", "12", "--file", "-"],
            input=text.encode(),
            env=self.environment,
            check=True,
            timeout=60,
        )

    # --- Parts --------------------------------------------------------------------------------------------------------

    def _start_screen(self, starting: contextlib.ExitStack) -> None:
        if self._display is not None:
            self.environment["DISPLAY"] = self._display
            for name in ("XAUTHORITY", "WAYLAND_DISPLAY"):
                if name in os.environ:
                    self.environment[name] = os.environ[name]
            return
        read_end, write_end = os.pipe()
        width, height = self._size
        screen = starting.enter_context(
            Program(
                ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
                self.logs / "xvfb.log",
                self.environment,
                pass_fds=[write_end],
            )
        )
        os.close(write_end)
        with os.fdopen(read_end, "rb") as numbers:
            number = numbers.readline().decode().strip()
        if not number:
            raise StageError(f"Xvfb did not start; its output is in {screen.log}")
        self.environment["DISPLAY"] = f":{number}"
        # Windows get the keyboard's focus as on any desktop; but not those that come before the window manager.
        starting.enter_context(Program(["openbox", "--sm-disable"], self.logs / "openbox.log", self.environment))
        self._wait_for_window_manager()

    def _wait_for_window_manager(self) -> None:
        for _ in range(400):
            asked = subprocess.run(
                ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"],
                env=self.environment,
                check=False,
                capture_output=True,
                text=True,
                timeout=30,
            )
            if "window id" in asked.stdout:
                return
            # It does not say when it is ready, so it is asked again until it is.
            time.sleep(0.05)
        raise StageError(f"the window manager did not start; its output is in {self.logs / 'openbox.log'}")

    def _start_bus(self, starting: contextlib.ExitStack) -> None:
        bus = starting.enter_context(
            Program(
                ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
                self.logs / "dbus.log",
                self.environment,
                pipe_output=True,
            )
        )
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.read_line("its address")
        starting.enter_context(
            Program(
                ["/usr/libexec/at-spi-bus-launcher", "--launch-immediately"], self.logs / "at-spi.log", self.environment
            )
        )

    def _start_key_store(self, starting: contextlib.ExitStack) -> None:
        password = secrets.token_hex(16)
        starting.enter_context(
            Program(
                ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"],
                self.logs / "keyring.log",
                self.environment,
                feed=password.encode(),
            )
        )
        # The bus starts nothing under this name; waiting for its owner is waiting for the key store.
        waited = subprocess.run(
            ["gdbus", "wait", "--session", "--timeout", "20", "org.freedesktop.secrets"],
            env=self.environment,
            check=False,
            capture_output=True,
            timeout=30,
        )
        if waited.returncode != 0:
            raise StageError(f"the key store did not start; its output is in {self.logs / 'keyring.log'}")
