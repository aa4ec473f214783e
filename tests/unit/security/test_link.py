"""What a desk asks the server about outgoing calls and quality, word for word, and what it makes of the answers."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from client.security.link import Link
from client.security.trouble import Refused
from provisioning import api
from provisioning.local_text import LocalText
from tests.unit.security.fakes import MemoryKeys, Organisation

TOKEN = "t_" + "A" * 32
RECORD = api.QualityRecord(
    codec="opus/48000", srtp="AEAD_AES_256_GCM", seconds=12.5, mos_mean=4.2, mos_worst=3.9, loss_mean=0.5,
    loss_worst=2.0, jitter_mean=3.0, jitter_worst=9.0, round_trip_mean=20.0, round_trip_worst=40.0,
    sent_loss_mean=0.0, sent_loss_worst=1.0, ended="remote",
)  # fmt: skip


@dataclass
class Answers:
    """Stands for the server: gives the next answer, and remembers what it was asked."""

    status: int = 200
    body: object = None
    asked: list[tuple[str, str, object]] = field(default_factory=list)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        sent = json.loads(request.content) if request.content else None
        self.asked.append((request.method, request.url.path, sent))
        content = b"" if self.body is None else json.dumps(self.body).encode()
        return httpx2.Response(self.status, content=content)


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
async def link(tmp_path: Path, answers: Answers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Link]:
    def without_network(_link: Link) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(base_url="https://127.0.0.1:8443", transport=httpx2.MockTransport(answers))

    monkeypatch.setattr(Link, "_new_client", without_network)
    device = Organisation().enrol(tmp_path / "profile", MemoryKeys())
    async with Link(device) as made:
        yield made


async def test_the_directory(link: Link, answers: Answers) -> None:
    entry = {"id": "zhao", "kind": "colleague", "label": {"en": "Zhao", "zh": "赵"}}
    answers.body = {"entries": [entry], "numbers": True}
    reply = await link.directory()
    assert answers.asked == [("GET", "/directory", None)]
    label = LocalText(en="Zhao", zh="赵")
    assert reply == api.DirectoryReply(
        entries=(api.DirectoryEntry(id="zhao", kind="colleague", label=label),), numbers=True
    )


@pytest.mark.parametrize("wanted", [{"entry": "zhao"}, {"call": "c_12345678"}, {"number": "95588"}])
async def test_a_dial_token(link: Link, answers: Answers, wanted: dict[str, str]) -> None:
    answers.status = 201
    answers.body = {"token": TOKEN, "ref": "c_87654321", "expires_at": "2026-11-25T12:00:00Z"}
    reply = await link.dial(api.DialRequest.model_validate(wanted))
    assert answers.asked == [
        ("POST", "/dial-tokens", {"entry": None, "call": None, "number": None} | wanted),
    ]
    assert reply == api.DialReply(token=TOKEN, ref="c_87654321", expires_at=datetime(2026, 11, 25, 12, tzinfo=UTC))
    assert TOKEN not in repr(reply)


async def test_quality(link: Link, answers: Answers) -> None:
    answers.status = 204
    await link.quality("c_12345678", RECORD)
    assert answers.asked == [("PUT", "/calls/c_12345678/quality", RECORD.model_dump())]


async def test_a_supervisor_asks_how_a_call_sounded(link: Link, answers: Answers) -> None:
    answers.body = {
        "ref": "c_12345678", "agent": "lina", "reported_at": "2026-11-25T12:00:00Z", "verdict": "poor",
        "findings": ["loss"], "record": RECORD.model_dump(),
    }  # fmt: skip
    reply = await link.call_quality("c_12345678")
    assert answers.asked == [("GET", "/calls/c_12345678/quality", None)]
    assert (reply.agent, reply.findings, reply.record) == ("lina", (api.QualityFinding.LOSS,), RECORD)


async def test_a_refusal_and_nonsense_are_told_apart(link: Link, answers: Answers) -> None:
    answers.status = 403
    answers.body = {"type": "urn:hearthline:problem:forbidden", "title": "Not allowed", "status": 403}
    with pytest.raises(Refused) as refused:
        await link.dial(api.DialRequest(number="95588"))
    assert refused.value.problem.problem_type is api.ProblemType.FORBIDDEN
    # The number was given out by a server that should not have: it is not repeated.
    answers.status, answers.body = 201, {"token": "13812345678", "ref": None}
    with pytest.raises(Refused) as refused:
        await link.dial(api.DialRequest(number="95588"))
    assert refused.value.problem.problem_type is api.ProblemType.INTERNAL
    assert "13812345678" not in str(refused.value)
