"""Reports as the devices send and take them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.sip.headset import reports
from client.sip.headset.descriptor import Layout, parse
from client.sip.headset.usages import Button, Lamp
from tests.unit.sip.headset import recorded

GN = parse(recorded.GN_LAYOUT)
BLACKWIRE = parse(recorded.PLANTRONICS_BLACKWIRE_3220)
ARRAY = parse(recorded.ARRAY_WITHOUT_NUMBERS)
ALL_OFF = dict.fromkeys(Lamp, False)


def down(layout: Layout, report: str) -> set[Button]:
    return {field.button for field, is_down in reports.read(layout, bytes.fromhex(report)).items() if is_down}


@pytest.mark.parametrize(
    ("layout", "report", "buttons"),
    [
        # As seen on a Jabra Engage 50 (WICG/webhid issue 61): 02 01 00, and 02 00 00 when it gives up.
        (GN, "020100", {Button.HOOK}),
        (GN, "020000", set()),
        (GN, "020500", {Button.HOOK, Button.MUTE}),
        (GN, "024000", {Button.REJECT}),
        # "Line busy" and the keypad are no buttons of ours.
        (GN, "028207", set()),
        (BLACKWIRE, "0806", {Button.HOOK, Button.FLASH}),
        (ARRAY, "01", {Button.HOOK}),
        (ARRAY, "03", {Button.DROP}),
        (ARRAY, "00", set()),
        # Another report, a report cut off, nothing at all.
        (GN, "01ffff", set()),
        (GN, "02", set()),
        (GN, "", set()),
    ],
)
def test_the_buttons_of_a_report(layout: Layout, report: str, buttons: set[Button]) -> None:
    assert down(layout, report) == buttons


@pytest.mark.parametrize(
    ("layout", "lit", "expected"),
    [
        (GN, set(), ["020000"]),
        (GN, {Lamp.OFF_HOOK}, ["020100"]),
        (GN, {Lamp.RING}, ["020400"]),
        (GN, {Lamp.OFF_HOOK, Lamp.MUTE, Lamp.HOLD}, ["020b00"]),
        (ARRAY, {Lamp.OFF_HOOK, Lamp.MUTE}, ["0003"]),
        # Off-hook goes first into a call, and last out of it.
        (BLACKWIRE, {Lamp.OFF_HOOK, Lamp.MUTE}, ["1701", "0901"]),
        (BLACKWIRE, set(), ["0900", "1700"]),
        (parse(recorded.RAZER_MICROPHONE), {Lamp.OFF_HOOK}, []),
    ],
)
def test_the_reports_that_set_lamps(layout: Layout, lit: set[Lamp], expected: list[str]) -> None:
    assert [report.hex() for report in reports.write(layout, ALL_OFF | dict.fromkeys(lit, True))] == expected


@given(st.sampled_from((GN, BLACKWIRE, ARRAY)), st.binary(max_size=80))
def test_any_report_is_read(layout: Layout, report: bytes) -> None:
    assert set(reports.read(layout, report)) <= set(layout.buttons)
