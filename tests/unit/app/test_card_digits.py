"""Cards between the core and the server: what is asked, and what its answers become."""

from dataclasses import dataclass, field
from typing import cast

import pytest

from client.app.card_digits import CardDigits
from client.core import events, intents
from client.core.events import Event
from client.core.snapshot import DigitsSnapshot
from client.security.link import Link
from client.security.trouble import Refused
from provisioning import api

REF, DIGITS = "c_reference1", "d_0123456789abcdef"


@dataclass
class FakeLink:
    """A server that answers as told."""

    answer: api.DigitsView | api.ProblemType
    asked: list[tuple[str, object]] = field(default_factory=list)

    async def ask_digits(self, ref: str, request: api.DigitsRequest) -> api.DigitsView:
        self.asked.append((ref, request))
        return self._answer()

    async def cancel_digits(self, ref: str, digits: str) -> None:
        self.asked.append((ref, digits))
        self._answer()

    def _answer(self) -> api.DigitsView:
        if isinstance(self.answer, api.ProblemType):
            raise Refused(api.Problem(type=api.PROBLEM_PREFIX + self.answer, title="", status=400))
        return self.answer


def digits(answer: api.DigitsView | api.ProblemType) -> tuple[CardDigits, FakeLink, list[Event]]:
    emitted: list[Event] = []
    link = FakeLink(answer)
    return CardDigits(cast("Link", link), emitted.append), link, emitted


VIEW = api.DigitsView(digits=DIGITS, ref=REF, stage=api.DigitsStage.NUMBER)


async def test_a_card_is_asked_for() -> None:
    room, link, emitted = digits(VIEW)
    assert not await room.ask(intents.AskDigits(REF, "12.50"))
    assert link.asked == [(REF, api.DigitsRequest(amount="12.50"))]
    assert emitted == [events.DigitsArrived(REF, DIGITS, DigitsSnapshot("number"))]


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (api.ProblemType.DIGITS_UNAVAILABLE, "digits-unavailable"),
        (api.ProblemType.DIGITS_RUNNING, "digits-running"),
        (api.ProblemType.FORBIDDEN, "digits-not-now"),
        (api.ProblemType.NOT_FOUND, "digits-not-now"),
    ],
)
async def test_a_refusal_has_words_of_its_own(problem: api.ProblemType, code: str) -> None:
    room, _, emitted = digits(problem)
    await room.ask(intents.AskDigits(REF))
    assert emitted == [events.DigitsRefused(code)]


async def test_an_amount_that_the_server_would_not_take_is_not_sent() -> None:
    room, link, emitted = digits(VIEW)
    await room.ask(intents.AskDigits(REF, "a lot"))
    assert link.asked == []
    assert emitted == [events.DigitsRefused("invalid-request")]


async def test_stopping_it() -> None:
    room, link, emitted = digits(VIEW)
    assert not await room.cancel(intents.CancelDigits(REF, DIGITS))
    assert link.asked == [(REF, DIGITS)]
    assert emitted == []


async def test_a_stop_that_did_not_arrive_is_told() -> None:
    room, _, emitted = digits(api.ProblemType.SESSION_REQUIRED)
    assert await room.cancel(intents.CancelDigits(REF, DIGITS)) == "session-required"
    assert emitted == [events.Failed("session-required")]
