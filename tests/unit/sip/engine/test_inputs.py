"""What the engine takes from others: targets to call, names of devices, and what a mailbox says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.core.telephony import MessagesWaiting
from client.sip.engine.devices import choose
from client.sip.engine.faults import contained
from client.sip.engine.log_lines import FAULT
from client.sip.engine.messages import waiting_messages
from client.sip.engine.settings import opus_expected_loss
from client.sip.engine.targets import target_uri

NOTIFY = "NOTIFY sip:agent@example.invalid SIP/2.0\r\nEvent: message-summary\r\n\r\n"


def test_a_dial_token_is_called_at_the_lines_domain() -> None:
    assert target_uri("d_AbC-123", "example.invalid") == "sip:d_AbC-123@example.invalid;transport=tls"
    assert target_uri("*98#", "example.invalid") == "sip:*98%23@example.invalid;transport=tls"


@pytest.mark.parametrize(
    "target", ["", "a@elsewhere.invalid", "sip:a", "a;b=c", "a?Replaces=x", "a b", "a\r\nX: y", "１２３", "x" * 129]
)
def test_nothing_else_is_called(target: str) -> None:
    with pytest.raises(ValueError, match="no user part"):
        target_uri(target, "example.invalid")


@given(st.text())
def test_no_target_leads_out_of_the_domain(target: str) -> None:
    try:
        uri = target_uri(target, "example.invalid")
    except ValueError:
        return
    assert uri.count("@") == 1
    assert uri.endswith("@example.invalid;transport=tls")


@pytest.mark.parametrize(
    ("devices", "wanted", "chosen"),
    [
        (["hdmi", "default", "headset"], "", "default"),
        (["hdmi", "default", "headset"], "headset", "headset"),
        (["hdmi", "default", "headset (USB 2)"], "headset", "headset (USB 2)"),
        (["hdmi", "default"], "headset", "default"),
        (["Speakers (Realtek)", "Headset"], "", "Speakers (Realtek)"),
        ([], "headset", None),
    ],
)
def test_the_wanted_device_else_the_default_else_any(devices: list[str], wanted: str, chosen: str | None) -> None:
    assert choose({name: index for index, name in enumerate(devices)}, wanted) == chosen


@pytest.mark.parametrize(
    ("body", "waiting"),
    [
        ("Messages-Waiting: yes\r\nVoice-Message: 2/8 (0/2)\r\n", MessagesWaiting(2, 8)),
        ("messages-waiting : YES\r\n", MessagesWaiting(1, 0)),
        ("Messages-Waiting: no\r\n", MessagesWaiting(0, 0)),
        ("Messages-Waiting: perhaps\r\n", None),
        ("", None),
    ],
)
def test_a_mailbox_says_what_waits(body: str, waiting: MessagesWaiting | None) -> None:
    assert waiting_messages(NOTIFY + body) == waiting


@given(st.text())
def test_no_notification_breaks_anything(text: str) -> None:
    waiting_messages(text)
    waiting_messages(NOTIFY + text)


def test_a_mistake_is_told_without_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ValueError("13812345678")

    contained(fail)
    told = capsys.readouterr().err
    assert FAULT in told
    assert "ValueError at test_inputs.py:" in told
    assert "138" not in told


def test_the_encoder_prepares_for_what_is_lost() -> None:
    prepared = [opus_expected_loss(lost) for lost in (0, 3, 5, 8, 12, 20, 100)]
    assert prepared == sorted(prepared)
    assert (prepared[0], prepared[-1]) == (5, 30)
