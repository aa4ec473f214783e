"""Why this desk is not trusted more, each reason with what a person can do about it.

A reason is a slug of the server's; behind a colon it may name the program that was found, or say that the PC could not
tell. A slug that this version does not know is shown as readable words.
"""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from client.ui.i18n import translate

_UNKNOWN = "unknown"

_FOUND: Final = {
    "no-posture": QT_TRANSLATE_NOOP("trust", "this PC has not reported its state"),
    "posture-overdue": QT_TRANSLATE_NOOP(
        "trust", "this PC's report is late; it comes by itself as soon as the server can be reached"
    ),
    "screen-capture-possible": QT_TRANSLATE_NOOP("trust", "this screen could be captured"),
    "key-not-in-hardware": QT_TRANSLATE_NOOP("trust", "this PC's key is not held by hardware"),
    "remote-session": QT_TRANSLATE_NOOP(
        "trust", "this PC is used from elsewhere; end the remote session and sign in at the PC itself"
    ),
    "desk-changed": QT_TRANSLATE_NOOP("trust", "this program's files were changed; ask IT to install it anew"),
    "remote-monitor": QT_TRANSLATE_NOOP(
        "trust", "a screen is drawn somewhere else; disconnect wireless and virtual screens"
    ),
    "many-monitors": QT_TRANSLATE_NOOP("trust", "more screens are connected than allowed; disconnect some"),
    "virtual-microphone": QT_TRANSLATE_NOOP(
        "trust", "there is a microphone without a device; remove virtual sound devices"
    ),
    "virtual-machine": QT_TRANSLATE_NOOP("trust", "this is a virtual machine; start the desk on the PC itself"),
    "system-not-supported": QT_TRANSLATE_NOOP("trust", "this operating system can't be checked; ask IT which can"),
    "patches-old": QT_TRANSLATE_NOOP("trust", "updates are missing; install the system's updates and restart the PC"),
    "disk-not-encrypted": QT_TRANSLATE_NOOP(
        "trust", "the disk is not encrypted; turn on BitLocker, FileVault or LUKS, or ask IT to help"
    ),
    "firewall-off": QT_TRANSLATE_NOOP("trust", "the firewall is off; turn it on in the system's settings"),
    "antivirus-off": QT_TRANSLATE_NOOP("trust", "there is no virus protection; turn it on in the system's settings"),
    "screen-lock-off": QT_TRANSLATE_NOOP(
        "trust", "the screen does not lock soon enough by itself; shorten the time in the system's settings"
    ),
    "clock-wrong": QT_TRANSLATE_NOOP("trust", "the clock is wrong; let the system set the time by itself"),
}

_CANNOT_TELL: Final = {
    "remote-session": QT_TRANSLATE_NOOP("trust", "it can't be told whether this PC is used from elsewhere"),
    "remote-control-running": QT_TRANSLATE_NOOP("trust", "it can't be told whether a remote control program runs"),
    "capture-running": QT_TRANSLATE_NOOP("trust", "it can't be told whether a program captures the screen"),
    "desk-changed": QT_TRANSLATE_NOOP(
        "trust", "it can't be told whether this program's files were changed; install the package from IT"
    ),
    "remote-monitor": QT_TRANSLATE_NOOP("trust", "it can't be told which screens are connected"),
    "many-monitors": QT_TRANSLATE_NOOP("trust", "it can't be told how many screens are connected"),
    "virtual-microphone": QT_TRANSLATE_NOOP("trust", "it can't be told whether the microphone is a real one"),
    "virtual-machine": QT_TRANSLATE_NOOP("trust", "it can't be told whether this is a virtual machine"),
    "patches-old": QT_TRANSLATE_NOOP(
        "trust", "it can't be told when updates were last installed; install the system's updates"
    ),
    "disk-not-encrypted": QT_TRANSLATE_NOOP("trust", "it can't be told whether the disk is encrypted; ask IT"),
    "firewall-off": QT_TRANSLATE_NOOP("trust", "it can't be told whether the firewall is on; ask IT"),
    "antivirus-off": QT_TRANSLATE_NOOP("trust", "it can't be told whether there is virus protection; ask IT"),
    "screen-lock-off": QT_TRANSLATE_NOOP(
        "trust", "it can't be told whether the screen locks by itself; set a time in the system's settings"
    ),
    "clock-wrong": QT_TRANSLATE_NOOP("trust", "it can't be told whether the clock is right"),
}

_PROGRAMS: Final = {
    "remote-control-running": QT_TRANSLATE_NOOP(
        "trust", "close {program}: while it runs, customers' data stays hidden"
    ),
    "capture-running": QT_TRANSLATE_NOOP("trust", "close {program}: it can capture the screen"),
    "virtual-microphone": QT_TRANSLATE_NOOP("trust", "close or remove {program}: it can change the voice"),
}


def reason_words(reason: str) -> str:
    """Words for one reason."""
    finding, _, detail = reason.partition(":")
    if detail == _UNKNOWN and finding in _CANNOT_TELL:
        return translate("trust", str(_CANNOT_TELL[finding]))
    if detail and finding in _PROGRAMS:
        return translate("trust", str(_PROGRAMS[finding])).format(program=detail)
    if finding in _FOUND:
        return translate("trust", str(_FOUND[finding]))
    words = " ".join(part.replace("-", " ") for part in (finding, detail) if part)
    return words[:1].upper() + words[1:]
