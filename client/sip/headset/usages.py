"""The controls that we know, of the USB-IF's HID Usage Tables 1.5: Telephony Device Page, LED Page, Button Page."""

from enum import Enum

LED_PAGE = 0x08
BUTTON_PAGE = 0x09
TELEPHONY_PAGE = 0x0B

Usage = tuple[int, int]
"""A usage page and a usage on it."""


class Button(Enum):
    """What can be pressed."""

    HOOK = "hook"
    FLASH = "flash"
    DROP = "drop"
    MUTE = "mute"
    REJECT = "reject"


class Lamp(Enum):
    """What can be lit."""

    OFF_HOOK = "off-hook"
    RING = "ring"
    MUTE = "mute"
    HOLD = "hold"


BUTTONS: dict[Usage, Button] = {
    (TELEPHONY_PAGE, 0x20): Button.HOOK,
    (TELEPHONY_PAGE, 0x21): Button.FLASH,
    (TELEPHONY_PAGE, 0x26): Button.DROP,
    (TELEPHONY_PAGE, 0x2F): Button.MUTE,
    # "Programmable Button" 7. Makers use it for "reject" (GN, Gigaset and others), and write it in two ways: some name
    # the page of buttons only after the usage.
    (TELEPHONY_PAGE, 0x07): Button.REJECT,
    (BUTTON_PAGE, 0x07): Button.REJECT,
}

LAMPS: dict[Usage, Lamp] = {
    (LED_PAGE, 0x09): Lamp.MUTE,
    (LED_PAGE, 0x17): Lamp.OFF_HOOK,
    (LED_PAGE, 0x18): Lamp.RING,
    (LED_PAGE, 0x20): Lamp.HOLD,
}
