"""A seat at work, for stories about the telephone: an agent signed in and ready, and customers who call."""

import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from tests.stage.accessibility import Sight
from tests.stage.callers import CallPlan, OwnCaller
from tests.stage.centre import Centre, Person
from tests.stage.customers import Customer, read_customers
from tests.stage.home_pc import HomePc
from tests.stage.seat import Seat
from tests.stage.tones import read_wav, tone_share, write_tone

AGENT_TONE = 1130.0
CUSTOMER_TONES = (620.0, 850.0)
"""Hz. No harmonic of each other, so that each can be told in a mixture."""


class VoiceStage:
    """One agent, one home PC, one contact centre.

    Args:
        directory: where everything goes; short, because sockets lie in it.
        language: the desk's, 'zh' or 'en'.
        posture: what stands in the organisation's [posture] table, in place of what is there by default.
    """

    def __init__(self, directory: Path, language: str = "en", *, posture: str = "") -> None:
        self.directory = directory
        self.centre = Centre(directory / "c", posture=posture)
        self.pc = HomePc(directory / "pc")
        self.pc.environment_extra["LANG"] = "zh_CN.UTF-8" if language == "zh" else "en_GB.UTF-8"
        self.seat = Seat(self.pc, self.pc.home / "desk")
        self.agent: Person | None = None
        self.customers: list[Customer] = []
        self._numbers = itertools.count(1)
        self._parts = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as starting:
            starting.enter_context(self.centre)
            starting.enter_context(self.pc)
            self.agent = self.centre.add_person("lin.yue", "林月")
            self.centre.add_person("chen.hao", "陈浩")
            self.customers = read_customers(self.centre.database_file)[3:7]
            starting.callback(self.seat.close)
            self.seat.open()
            self._enrol()
            self.sign_in()
            self.seat.can("work.ready")
            self.seat.does("work.ready")
            self.seat.can("work.pause")
            speech = write_tone(self.directory / "agent.wav", AGENT_TONE, seconds=600)
            starting.enter_context(self.pc.sound.speaking(speech))
            self._parts = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._parts.close()

    def _enrol(self) -> None:
        code = self.centre.new_code()
        self.seat.focuses("enrol.code")
        self.seat.types(code.code)
        self.seat.presses("Tab")
        self.seat.focuses("enrol.server")
        self.seat.types(self.centre.server_address)
        self.seat.presses("Return")
        self.seat.focuses("sign-in.name")

    def sign_in(self) -> None:
        """Sign the agent in, by keys."""
        assert self.agent is not None
        self.seat.fills_in_sign_in(self.agent.name, self.agent.password, self.agent.fresh_code())
        self.seat.presses("Return")
        self.seat.sees("screen.agent")

    @contextlib.contextmanager
    def calling(self, customer: int, *, text: bool = False) -> Iterator[OwnCaller]:
        """A customer calls, and hangs up at the end of the block if the call still runs. Yields the telephone."""
        assert self.agent is not None
        number = next(self._numbers)
        play = write_tone(self.directory / f"customer-{customer}.wav", CUSTOMER_TONES[customer])
        record = self.directory / f"heard-{number}.wav"
        plan = CallPlan(self.agent.name, self.customers[customer].phone, play, record, text=text)
        caller = OwnCaller(self.centre, plan, self.directory / f"caller-{number}.log")
        with caller:
            yield caller

    def answer(self) -> Sight:
        """Press the key for it as soon as it can be done."""
        self.seat.can("call.answer")
        self.seat.does("call.answer")
        return self.seat.can("call.hang-up")

    def finish_notes(self, number: int = 1) -> None:
        """Code and save so many notes; the agent is ready afterwards."""
        for _ in range(number):
            self.seat.can("work.save")
            self.seat.does("choose.1")
            self.seat.does("work.save")
        self.seat.waits("a desk with no call and no note", _is_free)


def _is_free(sight: Sight) -> bool:
    busy = (sight.by_id("work.save"), sight.by_id("call.hang-up"))
    return all(thing is None or not thing.enabled for thing in busy) and sight.by_id("work.pause") is not None


def seconds_with(recording: Path, hertz: float, share: float = 0.2) -> list[bool]:
    """For each second of a recording, whether the tone is in it."""
    samples, rate = read_wav(recording)
    return [tone_share(part, rate, hertz) >= share for part in np.array_split(samples, max(1, len(samples) // rate))]
