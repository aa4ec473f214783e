"""A value in clear: read by the character, and gone from the process's memory when it is done with."""

import copy
import pickle
import sys
import threading

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from client.security.clear_value import ClearValue, Safe, wipe_bytes
from tests.unit.security.memory import Needle, found_in_memory

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/mem")


def _bytes(text: str) -> bytes:
    """A `bytes` that nobody shares: a literal's would be wiped for the whole program."""
    return bytes(bytearray(text.encode()))


@given(st.text())
def test_it_is_read_by_the_character(text: str) -> None:
    with ClearValue(_bytes(text)) as value:
        assert list(value.characters()) == list(text)
        assert len(value) == len(text)


@given(st.binary())
@example(b"\xa0\x90\x90\xbf")
def test_what_is_no_text_is_refused_as_python_would(raw: bytes) -> None:
    raw = bytes(bytearray(raw))
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        with pytest.raises(ValueError, match="not UTF-8"):
            ClearValue(raw)
    else:
        with ClearValue(raw) as value:
            assert list(value.characters()) == list(text)


def test_what_was_handed_over_is_zero_afterwards() -> None:
    """Of CPython: the content of a `bytes` follows its header, and nothing else holds a copy."""
    raw = _bytes("13812345678")
    ClearValue(raw).close()
    assert raw == bytes(11)


def test_what_is_no_text_is_wiped_all_the_same() -> None:
    raw = bytes(bytearray(b"1381234\xff678"))
    with pytest.raises(ValueError, match="not UTF-8"):
        ClearValue(raw)
    assert raw == bytes(11)


@pytest.mark.parametrize("raw", [b"", b"7"])
def test_what_everybody_shares_is_left_alone(raw: bytes) -> None:
    wipe_bytes(bytes(raw))
    assert raw in {b"", b"7"}
    assert bytes([0x37]) == b"7"


def test_nothing_is_left_after_the_end_and_it_ends_once() -> None:
    value = ClearValue(_bytes("张三"))
    assert value.is_open
    value.close()
    value.close()
    assert not value.is_open
    assert list(value.characters()) == []


def test_it_may_end_while_it_is_read() -> None:
    value = ClearValue(_bytes("张三丰"))
    reading = value.characters()
    assert next(reading) == "张"
    value.close()
    assert list(reading) == []


def test_it_says_nothing_of_itself_and_cannot_be_taken_along() -> None:
    with ClearValue(_bytes("13812345678")) as value:
        assert repr(value) == str(value) == "<ClearValue>"
        assert "138" not in f"{vars(value)}"
        for take in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError):
                take(value)


@linux
def test_it_is_kept_out_of_the_swap_space_and_out_of_dumps() -> None:
    with ClearValue(_bytes("13812345678")) as value:
        assert value.is_locked
        flags = _flags(value)
        # proc(5): lo, locked; dd, not in dumps; dc, not for children.
        assert {"lo", "dd", "dc"} <= flags


def _flags(value: ClearValue) -> set[str]:
    import ctypes  # noqa: PLC0415 - only here

    held = ctypes.c_char.from_buffer(value._pages)
    address = ctypes.addressof(held)
    del held
    inside = False
    with open("/proc/self/smaps", encoding="utf-8") as maps:
        for line in maps:
            first = line.split(maxsplit=1)[0]
            if "-" in first and not first.endswith(":"):
                start, end = (int(part, 16) for part in first.split("-"))
                inside = start <= address < end
            elif inside and first == "VmFlags:":
                return set(line.split()[1:])
    raise AssertionError("the pages are not there")


@linux
@pytest.mark.parametrize("chinese", [False, True])
def test_in_memory_it_is_once_while_it_lives_and_nowhere_afterwards(chinese: bool) -> None:
    needle = Needle(chinese=chinese)
    value = ClearValue(needle.value())
    assert len(found_in_memory(needle)) == 1
    assert sum(1 for _ in value.characters()) == len(needle)
    assert len(found_in_memory(needle)) == 1
    value.close()
    assert found_in_memory(needle) == []


@linux
def test_the_search_finds_what_was_made_a_string() -> None:
    """The test of the test: what is a `str` anywhere is found."""
    needle = Needle()
    value = ClearValue(needle.value())
    text = "".join(value.characters())
    value.close()
    assert found_in_memory(needle)
    assert text


def test_the_safe_wipes_one_or_all() -> None:
    safe = Safe()
    first, second = ClearValue(_bytes("first")), ClearValue(_bytes("second"))
    safe.put("l_1", first)
    safe.put("l_2", second)
    assert safe.get("l_1") is first
    safe.wipe("l_1")
    safe.wipe("l_1")
    assert (first.is_open, second.is_open, safe.get("l_1")) == (False, True, None)
    safe.wipe_all()
    assert not second.is_open
    assert safe.get("l_2") is None


def test_a_second_value_of_a_lease_wipes_the_first() -> None:
    safe = Safe()
    first, second = ClearValue(_bytes("first")), ClearValue(_bytes("second"))
    safe.put("l_1", first)
    safe.put("l_1", second)
    assert (first.is_open, second.is_open) == (False, True)
    safe.wipe_all()


def test_it_is_wiped_in_one_thread_while_another_reads() -> None:
    text = "9" * 4000
    for _ in range(20):
        value = ClearValue(_bytes(text))
        read: list[int] = []
        reader = threading.Thread(target=lambda value=value, read=read: read.append(sum(1 for _ in value.characters())))
        reader.start()
        value.close()
        reader.join()
        assert 0 <= read[0] <= len(text)
