"""Linux: the screen saver's and logind's signals on D-Bus.

Which of them speak depends on the desktop: GNOME and KDE tell by their screen savers, others by logind's `LockedHint`;
`Lock` is what asks a desktop to lock, and sleep comes before any of it.
"""

import os
from typing import cast

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage

from client.ui.locks.lock import ScreenLock

_SAVERS = (
    ("org.freedesktop.ScreenSaver", "org.freedesktop.ScreenSaver"),
    ("org.gnome.ScreenSaver", "org.gnome.ScreenSaver"),
    ("org.mate.ScreenSaver", "org.mate.ScreenSaver"),
    ("org.cinnamon.ScreenSaver", "org.cinnamon.ScreenSaver"),
)
"""Service and interface; the path differs between desktops, so any will do."""
_LOGIND = "org.freedesktop.login1"
_SESSION = f"{_LOGIND}.Session"


def _slot(signature: str) -> bytes:
    # PySide's description asks for bytes; what it takes, and nothing else, is the text (6.11).
    return cast("bytes", SLOT(signature))


def session_path(session_id: str) -> str:
    """The object of a session at logind, whose names keep letters and figures and write all else as _ and hex."""
    escaped = "".join(
        letter if letter.isascii() and (letter.isalpha() or (letter.isdigit() and place)) else f"_{ord(letter):02x}"
        for place, letter in enumerate(session_id)
    )
    return f"/org/freedesktop/login1/session/{escaped}"


class LinuxLock(ScreenLock):
    """Listens on both buses.

    Args:
        parent: whose child this becomes.
        session: the session's bus, where screen savers are.
        system: the system's bus, where logind is.
        session_id: logind's name of this session (XDG_SESSION_ID); without it logind is not listened to for locking.
    """

    def __init__(self, parent: QObject, session: QDBusConnection, system: QDBusConnection, session_id: str) -> None:
        super().__init__(parent)
        # Kept, for a connection that is dropped is closed.
        self._buses = (session, system)
        for service, interface in _SAVERS:
            session.connect(service, "", interface, "ActiveChanged", self, _slot("saver(QDBusMessage)"))
        system.connect(_LOGIND, "", f"{_LOGIND}.Manager", "PrepareForSleep", self, _slot("sleep(QDBusMessage)"))
        if session_id:
            path = session_path(session_id)
            for name in ("Lock", "Unlock"):
                system.connect(_LOGIND, path, _SESSION, name, self, _slot("order(QDBusMessage)"))
            properties = "org.freedesktop.DBus.Properties"
            system.connect(_LOGIND, path, properties, "PropertiesChanged", self, _slot("hint(QString,QVariantMap)"))

    @Slot(QDBusMessage)
    def saver(self, message: QDBusMessage) -> None:
        """ActiveChanged(b): the screen saver covers the screen, or no longer."""
        active = _first(message)
        if not active:
            # Some desktops never take logind's order back; a screen that is open is open.
            self.say("order", False)
        self.say(message.interface(), active)

    @Slot(QDBusMessage)
    def sleep(self, message: QDBusMessage) -> None:
        """PrepareForSleep(b): the PC goes to sleep, or has woken."""
        self.say("sleep", _first(message))

    @Slot(QDBusMessage)
    def order(self, message: QDBusMessage) -> None:
        """Lock() and Unlock() of this session."""
        self.say("order", message.member() == "Lock")

    @Slot(str, "QVariantMap")
    def hint(self, _interface: str, changed: dict[str, object]) -> None:
        """PropertiesChanged(sa{sv}as) of this session; of a whole message Qt would leave the map unread."""
        if "LockedHint" not in changed:
            return
        locked = bool(changed["LockedHint"])
        if not locked:
            self.say("order", False)
        self.say("hint", locked)


def _first(message: QDBusMessage) -> bool:
    arguments = message.arguments()
    return bool(arguments and arguments[0])


def linux_lock(parent: QObject) -> ScreenLock:
    """Listen on the buses of this session; where there are none, nothing is ever told."""
    session_id = os.environ.get("XDG_SESSION_ID", "")
    return LinuxLock(parent, QDBusConnection.sessionBus(), QDBusConnection.systemBus(), session_id)
