"""What protects a window, and how sure that is."""

from dataclasses import dataclass
from typing import Literal, Protocol

Protection = Literal["verified", "requested", "none"]
"""'verified' only where the operating system, read back, says that the window is left out of every capture."""


class CaptureGuard(Protocol):
    """Protects one window at a time."""

    def protect(self, window_id: int) -> Protection:
        """Ask the operating system to leave the window out of captures, and read back what it says.

        May be called again for a window that is protected: what is read back is how it stands now. Never raises; a
        system that can't be asked gives 'none'.

        Args:
            window_id: the native number of a top-level window of this process (HWND, NSView*).
        """


@dataclass(frozen=True)
class Fixed:
    """The guard of a system that has nothing to ask: what it is worth is known beforehand.

    X11 lets every program read every window: 'none'. On Wayland no program sees another's windows, and captures go
    through the compositor, which asks the person; nothing can be read back, so that is never more than 'requested'.
    """

    worth: Protection

    def protect(self, window_id: int) -> Protection:
        """Tell the same of every window."""
        return self.worth
