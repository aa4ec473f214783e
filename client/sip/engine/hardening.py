"""What the process does to itself before any secret enters it."""

import ctypes
import faulthandler
import importlib
import os
import sys
from typing import TextIO

_PR_SET_DUMPABLE = 4  # <linux/prctl.h>


def forbid_dumps() -> None:
    """Keep credentials and speech out of core dumps, and out of reach of another process's debugger where the OS can.

    Raises:
        OSError: the operating system refused.
    """
    if sys.platform == "win32":
        return
    resource = importlib.import_module("resource")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux" and ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the process could not be made undumpable")


def bound_name_lookups() -> None:
    """Let glibc's resolver give up soon (resolv.conf(5)): PJSIP looks names up on the thread that serves the desk."""
    os.environ["RES_OPTIONS"] = "timeout:2 attempts:1"


def silence_natives() -> TextIO:
    """Send what C libraries print to nowhere, and return the process's real standard output.

    PJSIP logs to standard output before it can be told not to, and ALSA complains on standard error for each device
    that is not there. Python's own standard error still reaches the desk.
    """
    announcements = os.fdopen(os.dup(1), "w", encoding="utf-8")
    sys.stderr = os.fdopen(os.dup(2), "w", encoding="utf-8", buffering=1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    faulthandler.enable(sys.stderr)
    return announcements
