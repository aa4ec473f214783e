"""T.140 as it arrives: characters, erasures, lines; two sides that do not disturb each other."""

from hypothesis import given
from hypothesis import strategies as st

from client.core.text_log import TextLog

_NEW_LINE = "\u2028"


def lines(*writings: tuple[str, bool]) -> list[tuple[bool, str, bool]]:
    """What the screen shows after these."""
    log = TextLog(lambda: 7.0)
    for text, ours in writings:
        log.write(text, ours=ours)
    return [(line.ours, line.text, line.open) for line in log.lines]


def test_each_side_writes_its_own_line() -> None:
    assert lines(("您", False), ("he", True), ("好", False), ("llo", True)) == [
        (False, "您好", True),
        (True, "hello", True),
    ]


def test_a_new_line_ends_one_however_it_is_sent() -> None:
    for end in (_NEW_LINE, "\u2029", "\r\n", "\n", "\r"):
        assert lines((f"a{end}b", False)) == [(False, "a", False), (False, "b", True)]


def test_what_is_taken_back_is_gone_over_a_line_end_too() -> None:
    assert lines(("ab\b", False)) == [(False, "a", True)]
    assert lines((f"ab{_NEW_LINE}\b\b", False)) == [(False, "a", True)]
    assert lines(("a\b\b\b", False)) == []


def test_keep_alives_and_bells_are_no_characters() -> None:
    assert lines(("\ufeff\u0007a\ufeff", False)) == [(False, "a", True)]


@given(st.lists(st.tuples(st.text(st.sampled_from("ab\b\u2028")), st.booleans())))
def test_each_side_reads_as_a_text_with_erasures_would(writings: list[tuple[str, bool]]) -> None:
    expected: dict[bool, list[str]] = {True: [], False: []}
    for text, ours in writings:
        for character in text:
            if character == "\b":
                del expected[ours][-1:]
            elif character != _NEW_LINE or (expected[ours] and expected[ours][-1] != _NEW_LINE):
                # An empty line is nothing to show.
                expected[ours].append(character)
    for ours in (True, False):
        shown = "".join(
            text + ("" if is_open else _NEW_LINE) for side, text, is_open in lines(*writings) if side is ours
        )
        assert shown == "".join(expected[ours])
