"""The wire between desk and engine: every message comes back as it left, and nothing else gets in."""

import dataclasses
import json
import typing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.core.telephony import Order, Register, Report, SetMute
from client.sip.protocol import (
    MAX_LINE,
    Hello,
    Message,
    Ping,
    Pong,
    ProtocolError,
    decode_order,
    decode_report,
    encode,
)

FROM_DESK = [*typing.get_args(Order), Hello, Ping]
FROM_ENGINE = [*typing.get_args(Report), Pong]
# A lone surrogate is no text: UTF-8 cannot carry it, and no order or report can hold one.
st.register_type_strategy(str, st.text(st.characters(exclude_categories=["Cs"])))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@pytest.mark.parametrize("kind", FROM_DESK)
@given(data=st.data())
def test_what_the_desk_says_arrives_unchanged(kind: type[Any], data: st.DataObject) -> None:
    message = data.draw(st.from_type(kind))
    line = encode(message)
    assert line.count(b"\n") == 1
    assert decode_order(line) == message


@pytest.mark.parametrize("kind", FROM_ENGINE)
@given(data=st.data())
def test_what_the_engine_says_arrives_unchanged(kind: type[Any], data: st.DataObject) -> None:
    message = data.draw(st.from_type(kind))
    assert decode_report(encode(message)) == message


@pytest.mark.parametrize("kind", FROM_DESK)
def test_the_engine_does_not_speak_as_the_desk(kind: type[Any]) -> None:
    with pytest.raises(ProtocolError, match="no known type"):
        decode_report(json.dumps({"type": kind.__name__}).encode())


@pytest.mark.parametrize("kind", [*FROM_DESK, *FROM_ENGINE])
@given(data=st.data())
def test_a_missing_or_an_extra_member_is_refused(kind: type[Any], data: st.DataObject) -> None:
    decode = decode_order if kind in FROM_DESK else decode_report
    content = json.loads(encode(data.draw(st.from_type(kind))))
    with pytest.raises(ProtocolError, match="members"):
        decode(json.dumps({**content, "extra": 1}).encode())
    for name in [member.name for member in dataclasses.fields(kind)]:
        with pytest.raises(ProtocolError, match="members"):
            decode(json.dumps({key: value for key, value in content.items() if key != name}).encode())


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe",
        b'{"type":"SetMute","call":1,"call":2,"muted":true}',
        b'{"type":"SetMute","call":NaN,"muted":true}',
        b'{"type":"SetMute","call":true,"muted":true}',
        b'{"type":"SetMute","call":1.0,"muted":true}',
        b'{"type":"SetMute","call":"1","muted":true}',
        b'{"type":"SetMute","call":1,"muted":1}',
        b'{"type":"SetMute","call":1,"muted":null}',
        b'{"type":["SetMute"],"call":1,"muted":true}',
        b"[" * 100_000,
        b'{"type":"Shutdown"}' + b" " * MAX_LINE,
    ],
)
def test_what_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_order(line)


@given(st.binary(max_size=200))
def test_noise_is_refused_and_never_crashes(line: bytes) -> None:
    for decode in (decode_order, decode_report):
        with pytest.raises(ProtocolError):
            decode(line)


def test_no_password_in_an_error_or_in_a_repr() -> None:
    order = Register("sip:desk@example.invalid", "user", "example.invalid", "open sesame")
    assert "sesame" not in repr(order)
    assert "sesame" not in repr(Hello("open sesame"))
    for broken in (encode(order)[:-3], encode(order).replace(b'"realm"', b'"sesame"'), b'"open sesame"'):
        with pytest.raises(ProtocolError) as caught:
            decode_order(broken)
        error: BaseException | None = caught.value
        while error is not None:
            assert "sesame" not in f"{error}{error.args}"
            error = error.__cause__ or error.__context__


def test_a_message_that_is_too_long_is_not_sent() -> None:
    message: Message = Register("sip:" + "x" * MAX_LINE, "", "", "")
    with pytest.raises(ProtocolError, match="longer"):
        encode(message)
    assert decode_order(encode(SetMute(1, True))) == SetMute(1, True)
