"""The desk's loop beside Qt's: work handed in from outside runs there, and its end is the thread's end."""

import asyncio
import threading

import pytest

from client.app.loop_thread import LoopThread


def test_work_runs_in_the_loops_own_thread() -> None:
    thread = LoopThread()

    async def work() -> tuple[int, asyncio.AbstractEventLoop]:
        await asyncio.sleep(0)
        return threading.get_ident(), asyncio.get_running_loop()

    where, loop = thread.run(work()).result(10)
    assert where != threading.get_ident()
    assert loop is thread.loop
    thread.stop()


def test_what_work_raises_reaches_who_asked() -> None:
    thread = LoopThread()

    async def work() -> None:
        raise LookupError("not there")

    with pytest.raises(LookupError, match="not there"):
        thread.run(work()).result(10)
    thread.stop()


def test_stopping_waits_for_the_thread_and_closes_the_loop() -> None:
    before = threading.active_count()
    thread = LoopThread()
    assert threading.active_count() == before + 1
    thread.stop()
    assert thread.loop.is_closed()
    assert threading.active_count() == before


def test_other_threads_can_hand_work_in_at_once() -> None:
    thread = LoopThread()
    done: list[int] = []

    def hand_in(number: int) -> None:
        thread.loop.call_soon_threadsafe(done.append, number)

    hands = [threading.Thread(target=hand_in, args=(number,)) for number in range(20)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    async def count() -> int:
        return len(done)

    assert thread.run(count()).result(10) == 20
    thread.stop()
