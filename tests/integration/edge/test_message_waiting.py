"""The trunk's word that voice messages wait reaches the desk, and nothing else that a NOTIFY could tell."""

from __future__ import annotations

import pytest

from .sip_peer import SipPeer
from .world import DOMAIN, World

SIPFRAG = "Content-Type: message/sipfrag;version=2.0"
SUMMARY = (
    "Messages-Waiting: yes\r\nMessage-Account: sip:13812345678@vm.example.com\r\n"
    "Voice-Message: 2/8 (0/2)\r\nFax-Message: 1/1\r\n\r\nFrom: 13812345678\r\n"
)
SUMMARY_TYPE = "Content-Type: application/simple-message-summary"


def notify(world: World, trunk: SipPeer, agent: str, *headers: str, body: str = SUMMARY) -> int:
    trunk.request(
        "NOTIFY", f"sip:{agent}@{DOMAIN}", from_="<sip:13812345678@vm.example.com>;tag=1", to=f"<sip:{agent}@{DOMAIN}>",
        call_id="13812345678-vm", headers=("Contact: <sip:13812345678@vm.example.com>", *headers), body=body,
    )  # fmt: skip
    return trunk.wait_reply("NOTIFY").status


def test_waiting_messages_are_told(world: World) -> None:
    desk, trunk = world.desk("v.told"), world.trunk()
    assert notify(world, trunk, "v.told", "Event: message-summary", "Subscription-State: active", SUMMARY_TYPE) == 200
    told = desk.wait_request("NOTIFY")
    assert told.body == "Messages-Waiting: yes\r\nVoice-Message: 2/8\r\n"
    assert told["Event"] == "message-summary"
    assert told["Content-Type"] == "application/simple-message-summary"
    assert told["From"].startswith(f"<sip:voicemail@{DOMAIN}>;tag=")
    assert told["To"] == f"<sip:v.told@{DOMAIN}>"
    assert told.uri == "sip:v.told@192.0.2.7:9;transport=tls"
    desk.reply(told, 200, tag="desk")
    for secret in ("13812345678", "vm.example.com", "Fax", trunk.address):
        assert secret not in desk.wire.decode()


def test_no_messages_any_more(world: World) -> None:
    desk = world.desk("v.none")
    body = "messages-waiting:no\r\n"
    assert notify(world, world.trunk(), "v.none", "Event: message-summary", SUMMARY_TYPE, body=body) == 200
    told = desk.wait_request("NOTIFY")
    assert told.body == "Messages-Waiting: no\r\n"
    desk.reply(told, 200, tag="desk")


@pytest.mark.parametrize(
    ("agent", "headers", "body", "status"),
    [
        ("v.desk", ("Event: presence", SUMMARY_TYPE), SUMMARY, 489),
        ("v.desk", ("Event: refer", SIPFRAG), "SIP/2.0 200 OK\r\n", 489),
        ("v.desk", ("Event: message-summary", "Content-Type: text/plain"), SUMMARY, 489),
        ("v.desk", ("Event: message-summary", SUMMARY_TYPE), "Messages-Waiting: 13812345678\r\n", 400),
        ("v.desk", ("Event: message-summary",), "", 489),
        ("v.absent", ("Event: message-summary", SUMMARY_TYPE), SUMMARY, 480),
        ("V%20x", ("Event: message-summary", SUMMARY_TYPE), SUMMARY, 404),
    ],
)
def test_every_other_notify_is_refused(
    world: World, agent: str, headers: tuple[str, ...], body: str, status: int
) -> None:
    desk = world.desk("v.desk")
    assert notify(world, world.trunk(), agent, *headers, body=body) == status
    assert not [m for m in desk.messages if m.method == "NOTIFY"]


def test_a_notify_from_home_is_refused(world: World) -> None:
    desk = world.desk("v.home")
    desk.request(
        "NOTIFY", f"sip:v.other@{DOMAIN}", from_=f"<sip:v.home@{DOMAIN}>;tag=1", to=f"<sip:v.other@{DOMAIN}>",
        call_id="vm", headers=("Event: message-summary", SUMMARY_TYPE), body=SUMMARY,
    )  # fmt: skip
    assert desk.wait_reply("NOTIFY").status == 403
