"""A saved name finds its device again, whatever else has been plugged in, and no other one."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import pjsua2 as pj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.sip.engine.devices import DeviceList, choose, is_same

CARDS = ("default", "front:CARD=Headset,DEV=0", "front:CARD=Headset_1,DEV=0", "sysdefault:CARD=PCH")


def listed(*names: str, inputs: bool = True) -> DeviceList:
    devices = [SimpleNamespace(name=name, inputCount=int(inputs), outputCount=1) for name in names]
    return DeviceList(cast(Sequence[pj.AudioDevInfo], devices))


@given(st.permutations(CARDS))
def test_a_saved_name_survives_another_order_of_cards(order: list[str]) -> None:
    known = listed(*order)
    for name in CARDS:
        assert known.best(name, name) == (name, name)
        assert order[known.playback_index(name)] == name


def test_two_headsets_of_one_make_are_told_apart() -> None:
    """The second one gets an id of its own from the kernel; the first one's must not lead to it."""
    only_second = {"default": 0, "front:CARD=Headset_1,DEV=0": 1}
    assert choose(only_second, "front:CARD=Headset") == "default"
    assert choose(only_second, "front:CARD=Headset,DEV=0") == "default"
    assert choose(only_second, "front:CARD=Headset_1") == "front:CARD=Headset_1,DEV=0"


def test_two_devices_of_one_name_are_numbered() -> None:
    known = listed("Headset", "Loudspeaker", "Headset")
    assert known.names[1] == ("Headset", "Loudspeaker", "Headset (2)")
    assert (known.playback_index("Headset"), known.playback_index("Headset (2)")) == (0, 2)


def test_a_device_that_is_gone_falls_back_and_returns() -> None:
    headset = CARDS[1]
    assert listed("default", CARDS[3]).best(headset, headset) == ("default", "default")
    assert listed(*CARDS).best(headset, headset) == (headset, headset)
    assert listed(CARDS[3]).best(headset, headset) == (CARDS[3], CARDS[3])
    assert listed().best(headset, headset) == (None, None)


def test_a_speaker_for_ringing_is_that_one_or_none() -> None:
    known = listed(*CARDS, inputs=False)
    assert known.speaker("sysdefault:CARD=PCH") == "sysdefault:CARD=PCH"
    assert known.speaker("") is None
    assert known.speaker("a box that is gone") is None
    assert known.best("", "") == (None, "default")


@pytest.mark.parametrize(
    ("name", "wanted", "same"),
    [
        ("Headset", "Headset", True),
        ("Headset (USB Audio)", "Headset", True),
        ("Headset2", "Headset", False),
        ("Headset_1", "Headset", False),
        ("耳机2", "耳机", False),
        ("Head", "Headset", False),
    ],
)
def test_a_name_may_go_on_only_after_a_words_end(name: str, wanted: str, same: bool) -> None:
    assert is_same(name, wanted) is same
