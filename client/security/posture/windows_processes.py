"""The names of running programs on Windows: a Toolhelp snapshot, which starts no program of its own."""

import ctypes
from ctypes import wintypes

_SNAPPROCESS = 0x2
_INVALID = ctypes.c_void_p(-1).value
_LONGEST_NAME = 260


class _Entry(ctypes.Structure):
    """PROCESSENTRY32W of tlhelp32.h."""

    _fields_ = (
        ("size", wintypes.DWORD),
        ("usage", wintypes.DWORD),
        ("pid", wintypes.DWORD),
        ("heap", ctypes.c_size_t),
        ("module", wintypes.DWORD),
        ("threads", wintypes.DWORD),
        ("parent", wintypes.DWORD),
        ("priority", wintypes.LONG),
        ("flags", wintypes.DWORD),
        ("name", wintypes.WCHAR * _LONGEST_NAME),
    )


def snapshot() -> list[tuple[tuple[str, ...], str]] | None:
    """Return all processes by the names of their files. Windows tells no arguments this way."""
    library = ctypes.CDLL("kernel32", use_last_error=True)
    library.CreateToolhelp32Snapshot.restype = ctypes.c_void_p
    library.CreateToolhelp32Snapshot.argtypes = (wintypes.DWORD, wintypes.DWORD)
    for name in ("Process32FirstW", "Process32NextW"):
        getattr(library, name).argtypes = (ctypes.c_void_p, ctypes.POINTER(_Entry))
    library.CloseHandle.argtypes = (ctypes.c_void_p,)
    handle = library.CreateToolhelp32Snapshot(_SNAPPROCESS, 0)
    if handle is None or handle == _INVALID:
        return None
    listed = list[tuple[tuple[str, ...], str]]()
    try:
        entry = _Entry()
        entry.size = ctypes.sizeof(_Entry)
        more = library.Process32FirstW(handle, ctypes.byref(entry))
        while more:
            listed.append(((entry.name,), ""))
            more = library.Process32NextW(handle, ctypes.byref(entry))
    finally:
        library.CloseHandle(handle)
    return listed or None
