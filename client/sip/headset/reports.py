"""Input reports read, output reports written, by the layout that the device has told."""

from collections.abc import Mapping

from client.sip.headset.descriptor import ButtonField, Layout
from client.sip.headset.usages import Lamp


def read(layout: Layout, report: bytes) -> dict[ButtonField, bool]:
    """Return which of the buttons in this report are down. Empty for a report that is foreign or cut off."""
    number, body = (report[0], report[1:]) if layout.numbered and report else (0, report)
    found: dict[ButtonField, bool] = {}
    for field in layout.buttons:
        if field.report != number or field.offset + field.size > 8 * len(body):
            continue
        value = int.from_bytes(body, "little") >> field.offset & ((1 << field.size) - 1)
        found[field] = value != 0 if field.value is None else value == field.value
    return found


def write(layout: Layout, lit: Mapping[Lamp, bool]) -> list[bytes]:
    """Return the output reports that set these lamps, each with its number before it (0 where there are none).

    Many headsets let their microphone, and with it the lamp for mute, follow the call: so off-hook goes first into a
    call, and last out of it.
    """
    bodies: dict[int, int] = {}
    for field in layout.lamps:
        bodies.setdefault(field.report, 0)
        if lit.get(field.lamp, False):
            bodies[field.report] |= 1 << field.offset
    first = {field.report for field in layout.lamps if field.lamp is Lamp.OFF_HOOK}
    into_call = lit.get(Lamp.OFF_HOOK, False)
    order = sorted(bodies, key=lambda report: (report in first) is not into_call)
    return [
        bytes([report]) + bodies[report].to_bytes((layout.output_bits[report] + 7) // 8, "little") for report in order
    ]
