"""Report descriptors as devices send them, and some that are made up for what those have not.

What a device says of itself is a fact about it. Each has its source; where only a part was published, only that part is
here. None was read off a device of ours.
"""

GN_LAYOUT = bytes.fromhex(
    "050b0905a1018502050b15002501092009977501950281 22 092f0921092409507501950481 06"
    "0907050975019501 8102 050b0906a10219b029bb1500250b75049501 8100 c0 75019505 8101"
    "050815002501091709090918092009217501950591 22 050b15002501099e75019501 9122 7501950a 9101 c0"
)
"""A call-centre headset with the layout that GN (Jabra) uses: hook, mute, flash, a button for "reject" whose page comes
after its usage, a keypad, and all lamps in report 2. The telephone part of the 332 bytes in a blog post of 2019 on HID
headsets (paodiao2012, CSDN, article 94834444)."""

DELL_SP325 = bytes.fromhex(
    "050c0901a101850c1500250109e909ea09e209cd09b509b609b009b1750195088102c00613ff0901a101150026ff008506090075089"
    "53d9102850709007508953d8102c00614ff0901a101150026ff0085100900750895058102c00699ff0901a101859a150026ff00953f"
    "75080903b102859b150025019501750109048106750195078101c0050b0905a10115002501750185050920950181 22 092f95018106"
    "092409210997092a0950950581060907050909017501950181020508850509170909091809200921092a9506912295029101c0"
)
"""Dell SP325 (413c:8223), read from sysfs on 13 May 2026 by an owner who published it: a whole composite device, with
consumer keys and Teams collections before the telephone."""

ANKER_POWERCONF = bytes.fromhex(
    "050c0901a10185011500250109e909ea09e209cd09b509b609b309b7750195088142c0"
    "050b0905a1018502050b150025010920099775019502 8123 092f09210970095075019504 8107"
    "05080917090909180920092175019505 9122 9503 9103 c0"
)
"""Anker PowerConf (291a:3301), published by an owner: it calls its buttons constant. The lamps were written down from
what the device does."""

PLANTRONICS_BLACKWIRE_3220 = bytes.fromhex(
    "050b0905a1018508092f1500250175019501 8106 0920092115002501 75019502 8122"
    "85090508090915002501 75019501 9122 8517091715002501 75019501 9122 c0"
)
"""Plantronics Blackwire 3220 (047f:c056) as Windows tells it, each lamp in a report of its own; from hidapi's pull
request 262, cut off there after the second lamp."""

LOGITECH_MX_BRIO = bytes.fromhex(
    "050b0905a1018508 15002501 092f75019501 8106 092075019501 8122 9506 8101"
    "05088508 090975019501 9122 050b092a75019501 9122 9506 9101 c0"
)
"""The telephone part of a Logitech MX Brio, a camera with a microphone; published by an owner, from macOS."""

RAZER_MICROPHONE = bytes.fromhex("050b0905a1018502 0920 15002501 95017501 8123 95017507 8107 c0")
"""The telephone part of a Razer microphone, published by an owner: a hook, and no lamp."""

MICROSOFT_GAME_VOICE = bytes.fromhex(
    "050b0905a1010509191129181500250175019508 8122 0508093aa102 0509191129171500250175019507 b1a2 c0"
    "06ffff09011500250175019501 b122 c0"
)
"""Microsoft Game Voice: says that it is a headset, and has none of a headset's buttons."""

MOMENTARY = bytes.fromhex("050b0905a1018501 15002501 0920092f0926 75019503 8102 75019505 8103 c0")
"""Made up, as hobbyists build them: hook, mute and drop as three push buttons, without a lamp."""

ARRAY_WITHOUT_NUMBERS = bytes.fromhex(
    "050b0901a101 15012503 0920092f0926 75089501 8100 0508 15002501 0917090909180920 75019504 9102 75049501 9103 c0"
)
"""Made up: one byte that says which of three buttons is down; reports without a number."""

KEYBOARD = bytes.fromhex(
    "05010906a101050719e029e7150025017501950881029501750881030507190029ff150026ff00750895068100"
    "0508190129051500250175019505 9102 75039501 9103 c0"
)
"""An ordinary keyboard: its lamp 0x09 is no business of ours, nor are its keys."""
