"""Descriptors of real headsets are read rightly, and no descriptor whatever does harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.sip.headset.descriptor import BadDescriptor, ButtonField, LampField, Layout, parse
from client.sip.headset.usages import Button, Lamp
from tests.unit.sip.headset import recorded

REAL = (
    recorded.GN_LAYOUT,
    recorded.DELL_SP325,
    recorded.ANKER_POWERCONF,
    recorded.PLANTRONICS_BLACKWIRE_3220,
    recorded.LOGITECH_MX_BRIO,
    recorded.RAZER_MICROPHONE,
)


def places(layout: Layout) -> dict[Button | Lamp, tuple[int, int]]:
    fields: tuple[ButtonField | LampField, ...] = (*layout.buttons, *layout.lamps)
    return {
        field.button if isinstance(field, ButtonField) else field.lamp: (field.report, field.offset) for field in fields
    }


@pytest.mark.parametrize(
    ("descriptor", "expected"),
    [
        (
            recorded.GN_LAYOUT,
            {
                Button.HOOK: (2, 0),
                Button.MUTE: (2, 2),
                Button.FLASH: (2, 3),
                Button.REJECT: (2, 6),
                Lamp.OFF_HOOK: (2, 0),
                Lamp.MUTE: (2, 1),
                Lamp.RING: (2, 2),
                Lamp.HOLD: (2, 3),
            },
        ),
        (
            recorded.DELL_SP325,
            {
                Button.HOOK: (5, 0),
                Button.MUTE: (5, 1),
                Button.FLASH: (5, 3),
                Button.REJECT: (5, 7),
                Lamp.OFF_HOOK: (5, 0),
                Lamp.MUTE: (5, 1),
                Lamp.RING: (5, 2),
                Lamp.HOLD: (5, 3),
            },
        ),
        (
            recorded.ANKER_POWERCONF,
            {
                Button.HOOK: (2, 0),
                Button.MUTE: (2, 2),
                Button.FLASH: (2, 3),
                Lamp.OFF_HOOK: (2, 0),
                Lamp.MUTE: (2, 1),
                Lamp.RING: (2, 2),
                Lamp.HOLD: (2, 3),
            },
        ),
        (
            recorded.PLANTRONICS_BLACKWIRE_3220,
            {
                Button.MUTE: (8, 0),
                Button.HOOK: (8, 1),
                Button.FLASH: (8, 2),
                Lamp.MUTE: (9, 0),
                Lamp.OFF_HOOK: (0x17, 0),
            },
        ),
        (recorded.LOGITECH_MX_BRIO, {Button.MUTE: (8, 0), Button.HOOK: (8, 1), Lamp.MUTE: (8, 0)}),
        (recorded.RAZER_MICROPHONE, {Button.HOOK: (2, 0)}),
        (recorded.MICROSOFT_GAME_VOICE, {}),
        (recorded.KEYBOARD, {}),
        (b"", {}),
    ],
)
def test_each_control_is_found_in_its_place(descriptor: bytes, expected: dict[Button | Lamp, tuple[int, int]]) -> None:
    assert places(parse(descriptor)) == expected


def test_the_kinds_of_controls_are_told_apart() -> None:
    buttons = {field.button: field for field in parse(recorded.GN_LAYOUT).buttons}
    assert not buttons[Button.HOOK].relative
    assert not buttons[Button.HOOK].returns
    assert buttons[Button.MUTE].relative
    assert not buttons[Button.REJECT].relative
    assert buttons[Button.REJECT].returns


def test_buttons_that_share_a_place_have_their_values() -> None:
    layout = parse(recorded.ARRAY_WITHOUT_NUMBERS)
    assert not layout.numbered
    assert {field.button: (field.offset, field.value) for field in layout.buttons} == {
        Button.HOOK: (0, 1),
        Button.MUTE: (0, 2),
        Button.DROP: (0, 3),
    }


def test_a_long_usage_a_range_and_a_saved_state_are_understood() -> None:
    # The hook by a usage that brings its own page; mute out of a range; and between them a page that is put back.
    descriptor = bytes.fromhex(
        "050b0905a101 1500250175019501 a4 0501 0b20000b00 8122 b4 192f292f 8106 950a 190029ff 8101 c0"
    )
    assert places(parse(descriptor))[Button.HOOK] == (0, 0)
    assert places(parse(descriptor))[Button.MUTE] == (0, 1)


@pytest.mark.parametrize(
    "descriptor",
    [
        recorded.GN_LAYOUT[:-1],
        recorded.GN_LAYOUT + b"\xc0",
        recorded.GN_LAYOUT[:-3] + b"\xb4",
        b"\x27\x00",
        b"\xfe\xff\x00",
        b"\xfe",
        b"\x85\x00",
        bytes.fromhex("29ff"),
        bytes.fromhex("050b192f2920"),
        # A report of 2^32 fields of 2^32 bits.
        bytes.fromhex("050b0905a101 77ffffffff 97ffffffff 0920 8102 c0"),
        bytes.fromhex("050b0905a101 75019501 0920 8102 8501 0920 8102 c0"),
        b"\xa1\x01" * 100 + b"\xc0" * 100,
        b"\xa4" * 100,
        b"\x05\x0b" * 3000,
    ],
)
def test_a_descriptor_that_makes_no_sense_is_refused(descriptor: bytes) -> None:
    with pytest.raises(BadDescriptor):
        parse(descriptor)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_layout_or_refused(descriptor: bytes) -> None:
    try:
        layout = parse(descriptor)
    except BadDescriptor:
        return
    assert len(layout.buttons) + len(layout.lamps) <= 256


@given(st.sampled_from(REAL), st.data())
def test_a_real_one_with_some_bytes_changed_is_a_layout_or_refused(descriptor: bytes, data: st.DataObject) -> None:
    changed = bytearray(descriptor)
    for place in data.draw(st.lists(st.integers(0, len(changed) - 1), max_size=6)):
        changed[place] = data.draw(st.integers(0, 255))
    try:
        layout = parse(bytes(changed))
    except BadDescriptor:
        return
    assert all(field.offset + field.size <= layout.output_bits[field.report] for field in layout.lamps)
