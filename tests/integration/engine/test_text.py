"""Real-time text in the same call: T.140 over RFC 4103, both ways, Chinese and corrections included."""

from pathlib import Path

import pytest

from client.core.telephony import (
    AnswerCall,
    CallConfirmed,
    CallEnded,
    CallIncoming,
    CallMedia,
    EdgeAddress,
    HangUp,
    RegistrationChanged,
    RegistrationState,
    SendText,
    SetHold,
    TextReceived,
)
from tests.integration.engine.authority import Authority
from tests.integration.engine.parts import Customer, Desk, calling, configuration, credentials
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.virtual_sound import tone

SPEECH = tone(440, 1.0)


@pytest.fixture
async def texting_desk(desk: Desk, authority: Authority, address: EdgeAddress) -> Desk:
    desk.send(configuration(authority, address, real_time_text=True), credentials())
    await desk.next(RegistrationChanged, lambda report: report.state is RegistrationState.REGISTERED)
    return desk


async def answered(desk: Desk, customer: Customer) -> CallMedia:
    desk.send(AnswerCall((await desk.next(CallIncoming)).call))
    media = await desk.next(CallMedia, lambda report: report.active)
    await desk.next(CallConfirmed)
    await customer.event("media")
    return media


async def received(customer: Customer, wanted: str) -> str:
    """What the customer read until it has all that is wanted."""
    text = ""
    while len(text) < len(wanted):
        text += (await customer.event("text"))["text"]
    return text


async def test_text_goes_both_ways(texting_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path) -> None:
    async with calling(edge, authority, tmp_path, SPEECH, text=True) as customer:
        media = await answered(texting_desk, customer)
        assert media.text is True
        typed = "您好, hello\b!\u2028"
        for character in typed:
            texting_desk.send(SendText(media.call, character))
        assert await received(customer, typed) == typed
        customer.order("text 再见\\bx")
        text = ""
        while len(text) < 4:
            text += (await texting_desk.next(TextReceived)).text
        assert text == "再见\bx"


async def test_a_long_text_arrives_whole_and_in_order(
    texting_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    """Longer than what goes into one packet, and into the packet's three generations."""
    pasted = "".join(f"{number}、您好。" for number in range(120))
    async with calling(edge, authority, tmp_path, SPEECH, text=True) as customer:
        call = (await answered(texting_desk, customer)).call
        texting_desk.send(SendText(call, pasted), SendText(call, "!"))
        assert await received(customer, pasted + "!") == pasted + "!"


async def test_text_goes_on_after_a_hold(
    texting_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH, text=True) as customer:
        call = (await answered(texting_desk, customer)).call
        for held in (True, False):
            texting_desk.send(SetHold(call, held))
            await texting_desk.next(CallMedia, lambda report, held=held: report.held_locally is held)  # type: ignore[misc]
        texting_desk.send(SendText(call, "again"))
        assert await received(customer, "again") == "again"
        texting_desk.send(HangUp(call))
        await texting_desk.next(CallEnded)


async def test_a_call_without_text_is_a_call(
    texting_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        media = await answered(texting_desk, customer)
        assert media.text is False
        texting_desk.send(SendText(media.call, "nobody reads this"), HangUp(media.call))
        await texting_desk.next(CallEnded)


async def test_a_desk_that_does_not_want_text_has_none(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH, text=True) as customer:
        assert (await answered(registered_desk, customer)).text is False
