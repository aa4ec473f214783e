"""A microphone is never left open for nobody: engines whose desk is gone, and calls that are dead."""

import asyncio
import os
from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest

from client.core.telephony import (
    AnswerCall,
    CallConfirmed,
    CallEnd,
    CallEnded,
    CallIncoming,
    CallSilent,
    EdgeAddress,
    HangUp,
)
from client.sip.patience import Patience
from client.sip.process import COMMAND
from tests.integration.engine import parts
from tests.integration.engine.authority import Authority
from tests.integration.engine.parts import Customer, Desk, answered, calling, configuration, credentials
from tests.integration.engine.small_edge import SmallEdge
from tests.integration.engine.test_engine_process import BareDesk, bare_desk, ended, engine
from tests.integration.engine.virtual_sound import VirtualSound, tone

SPEECH = tone(440, 1.0)
FOREVER = 1_000.0


async def talking(desk: BareDesk, edge: SmallEdge, authority: Authority, address: EdgeAddress) -> None:
    desk.send(configuration(authority, address), credentials())
    await asyncio.wait_for(edge.registrations.get(), parts.PATIENCE)


async def answer(desk: BareDesk, customer: Customer) -> None:
    await desk.reports_until(CallIncoming(1, ""))
    desk.send(AnswerCall(1))
    await desk.reports_until(CallConfirmed(1))
    await customer.event("media")


def hearing(sound: VirtualSound) -> tuple[str, ...]:
    return ("env", *(f"{name}={value}" for name, value in sound.environment.items()), *COMMAND)


async def test_desk_and_customer_are_gone(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path, sound: VirtualSound
) -> None:
    patience = Patience(grace=0.2, silence=1.0, edge=FOREVER)
    async with engine(tmp_path, hearing(sound), patience) as (process, where):
        async with bare_desk(where) as desk:
            await talking(desk, edge, authority, address)
            async with calling(edge, authority, tmp_path, SPEECH) as customer:
                await answer(desk, customer)
                await asyncio.to_thread(sound.wait_for_listeners, 1)
                await desk.close()
                customer.vanish()
        assert await ended(process) == 0
    await asyncio.to_thread(sound.wait_for_listeners, 0)


async def test_desk_and_edge_are_gone(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path, sound: VirtualSound
) -> None:
    patience = Patience(grace=0.2, silence=FOREVER, edge=1.0)
    async with engine(tmp_path, hearing(sound), patience) as (process, where), bare_desk(where) as desk:
        await talking(desk, edge, authority, address)
        async with calling(edge, authority, tmp_path, SPEECH) as customer:
            await answer(desk, customer)
            await desk.close()
            await edge.stop()
            # The customer still talks, but nobody can hang up any more, on neither side.
            assert await ended(process) == 0
    await asyncio.to_thread(sound.wait_for_listeners, 0)


async def test_a_desk_that_comes_back_finds_its_call(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path
) -> None:
    async with (
        engine(tmp_path, patience=Patience(grace=0.2, silence=1.0)) as (process, where),
        bare_desk(where) as desk,
    ):
        await talking(desk, edge, authority, address)
        async with calling(edge, authority, tmp_path, SPEECH) as customer:
            await answer(desk, customer)
            await desk.close()
            # Several times the patience: the customer is heard, so the call stays.
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.shield(process.wait()), 3.0)
            async with bare_desk(where) as second:
                await second.reports_until(CallConfirmed(1))
                second.send(HangUp(1))
                await second.reports_until(CallEnded(1, CallEnd.LOCAL))
                await customer.event("ended")


async def test_nobody_is_there_to_answer(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path
) -> None:
    async with engine(tmp_path, patience=Patience(grace=FOREVER, ringing=0.5)) as (_, where):
        async with bare_desk(where) as desk:
            await talking(desk, edge, authority, address)
            await desk.close()
        async with calling(edge, authority, tmp_path, SPEECH) as customer:
            assert (await customer.event("ended"))["status"] == 480


async def test_a_silent_customer_is_told_and_not_ended(
    registered_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        call = await answered(registered_desk, customer)
        await registered_desk.next(CallConfirmed)
        customer.vanish()
        assert await registered_desk.next(CallSilent) == CallSilent(call, True)
        assert not any(isinstance(report, CallEnded) for report in registered_desk.reports)
        customer.come_back()
        assert await registered_desk.next(CallSilent) == CallSilent(call, False)


async def test_the_end_does_not_wait_for_an_edge_that_is_gone(
    hearing_desk: Desk, edge: SmallEdge, authority: Authority, tmp_path: Path, sound: VirtualSound
) -> None:
    async with calling(edge, authority, tmp_path, SPEECH) as customer:
        call = await answered(hearing_desk, customer)
        await hearing_desk.next(CallConfirmed)
        # It takes what is sent and answers nothing.
        edge.silent = True
        hearing_desk.send(HangUp(call))
        await asyncio.to_thread(sound.wait_for_listeners, 0)
        assert await hearing_desk.next(CallEnded) == CallEnded(call, CallEnd.LOCAL)
        edge.silent = False


async def test_an_engine_does_not_die_of_its_log(
    edge: SmallEdge, authority: Authority, address: EdgeAddress, tmp_path: Path
) -> None:
    async with engine(tmp_path) as (process, where), bare_desk(where) as desk:
        # The desk that read the log is gone; what is written now meets a closed pipe.
        transport = process._transport.get_pipe_transport(2)  # type: ignore[attr-defined]
        transport.close()
        await talking(desk, edge, authority, address)
        edge.invite("", ("X-Hearthline-Call", "c_12345678"))
        await desk.reports_until(CallIncoming(1, "c_12345678"))
        desk.send(AnswerCall(7), AnswerCall(1))
        assert psutil.pid_exists(process.pid)
        assert os.getpid() != process.pid
