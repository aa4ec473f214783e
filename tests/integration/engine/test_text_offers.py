"""Offers of real-time text that no well-meant telephone makes: whatever they say of redundancy, the engine lives on."""

import asyncio

import pytest

from client.core.telephony import AnswerCall, CallEnded, CallIncoming, EdgeAddress, RegistrationChanged
from client.core.telephony import RegistrationState as State
from tests.integration.engine.authority import Authority
from tests.integration.engine.parts import PATIENCE, Desk, configuration, credentials
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.test_calls import SECURE_SDP

KEY = "inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
CRYPTO = f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {KEY}"
RED = "98/98/98"
MANY = range(99, 127)


def offer(formats: str, *lines: str) -> str:
    """An offer with sound that can be accepted, and text of these formats."""
    text = (f"m=text 40002 RTP/SAVP {formats}", *(f"a={line}" for line in lines), CRYPTO)
    return SECURE_SDP + "".join(f"{line}\r\n" for line in text)


def red(number: int, protects: str = RED) -> tuple[str, ...]:
    return f"rtpmap:{number} red/1000", f"fmtp:{number} {protects}"


T140 = "rtpmap:98 t140/1000"
OFFERS = {
    "as it should be": offer("100 98", *red(100), T140),
    "twice": offer("100 101 98", *red(100), *red(101), T140),
    "twice, in front and behind": offer("101 98 100", *red(101), T140, *red(100)),
    "very often": offer(f"{' '.join(map(str, MANY))} 98", *(line for number in MANY for line in red(number)), T140),
    "often, of nothing": offer(f"{' '.join(map(str, MANY))} 98", *(f"rtpmap:{one} red/1000" for one in MANY), T140),
    "text twice": offer("100 98 97", *red(100), T140, "rtpmap:97 t140/1000"),
    "without parameters": offer("100 98", "rtpmap:100 red/1000", T140),
    "with nothing to protect": offer("100 98", "rtpmap:100 red/1000", "fmtp:100", T140),
    "only slashes": offer("100 98", *red(100, "/" * 40), T140),
    "forty generations": offer("100 98", *red(100, "/".join(["98"] * 40)), T140),
    "no payload type": offer("100 98", *red(100, "4294967295/4294967295"), T140),
    "of itself": offer("100 98", *red(100, "100/100"), T140),
    "in capitals": offer("100 98", "rtpmap:100 RED/1000", f"fmtp:100 {RED}", "rtpmap:98 T140/1000"),
    "without text": offer("100", *red(100)),
    "text without a map": offer("100 98", *red(100)),
    "a map without a clock": offer("100 98", "rtpmap:100 red", f"fmtp:100 {RED}", T140),
    "assignments": offer("100 98", *red(100, "=;=;=/x="), T140),
    "other numbers": offer("98 100", *red(98, "100/100/100"), "rtpmap:100 t140/1000"),
    "other numbers twice": offer("98 99 100", *red(98, "100/100"), *red(99, "100/100"), "rtpmap:100 t140/1000"),
}


@pytest.mark.parametrize("text", [True, False], ids=["text wanted", "no text wanted"])
async def test_no_offer_of_redundancy_does_harm(
    desk: Desk, edge: SmallEdge, authority: Authority, address: EdgeAddress, text: bool
) -> None:
    desk.send(configuration(authority, address, real_time_text=text), credentials())
    await desk.next(RegistrationChanged, lambda report: report.state is State.REGISTERED)
    engine = desk.supervisor.engine_pid
    for name, sdp in OFFERS.items():
        async with asyncio.timeout(PATIENCE):
            answered = await answer_to(edge, desk, sdp)
        assert formats_of(answered) <= formats_of(sdp), name
        assert desk.supervisor.engine_pid == engine, name


async def answer_to(edge: SmallEdge, desk: Desk, sdp: str) -> str:
    """Offer something, and return the answer; empty when there is none. The call is over then."""
    call = edge.invite(sdp)
    if (await call.answer(lambda answer: answer.status >= 180)).status >= 300:
        return ""
    desk.send(AnswerCall((await desk.next(CallIncoming)).call))
    answer = await call.answer()
    call.send("ACK")
    if answer.status == 200:
        call.send("BYE")
    await desk.next(CallEnded)
    return answer.body


def formats_of(sdp: str) -> set[str]:
    """The formats of the text in a session description."""
    line = next((line for line in sdp.splitlines() if line.startswith("m=text ")), "")
    return set() if line.startswith("m=text 0 ") else set(line.split()[3:])
