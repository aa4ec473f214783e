"""What the process does to itself before any secret enters it."""

import ctypes
import faulthandler
import importlib
import os
import sys
from typing import TextIO

_PR_SET_DUMPABLE = 4  # <linux/prctl.h>
_PT_DENY_ATTACH = 31  # <sys/ptrace.h> of macOS
# <werapi.h>, <errhandlingapi.h>
_WER_NO_HEAP, _WER_QUEUE = 0x1, 0x2
_SEM_FAILCRITICALERRORS, _SEM_NOGPFAULTERRORBOX = 0x1, 0x2


def forbid_dumps() -> None:
    """Keep credentials and speech out of core dumps, and out of reach of another process's debugger where the OS can.

    Raises:
        OSError: the operating system refused.
    """
    if sys.platform == "win32":
        _forbid_windows_dumps()
        return
    resource = importlib.import_module("resource")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux" and ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the process could not be made undumpable")
    if sys.platform == "darwin":
        # No debugger from here on. Best effort: a system that has forgotten this call is no reason not to work.
        ctypes.CDLL(None, use_errno=True).ptrace(_PT_DENY_ATTACH, 0, None, 0)


def _forbid_windows_dumps() -> None:
    """Have Windows Error Reporting leave this process's memory out, and show no box that holds a crashed desk open.

    Raises:
        OSError: Windows refused.
    """
    if sys.platform == "win32":
        flags = ctypes.c_ulong(_WER_NO_HEAP | _WER_QUEUE)
        result = ctypes.WinDLL("wer.dll").WerSetFlags(flags)
        if result != 0:
            raise OSError(f"Windows Error Reporting could not be told to leave memory out: 0x{result & 0xFFFFFFFF:08X}")
        ctypes.WinDLL("kernel32.dll").SetErrorMode(_SEM_FAILCRITICALERRORS | _SEM_NOGPFAULTERRORBOX)


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
