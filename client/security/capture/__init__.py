"""Keeping the desk's windows out of what other programs capture, as far as the operating system can.

Nothing here knows Qt: windows come as the numbers that the operating system has for them.
"""

from client.security.capture.guard import CaptureGuard, Fixed, Protection
from client.security.capture.pick import guard_for

__all__ = ["CaptureGuard", "Fixed", "Protection", "guard_for"]
