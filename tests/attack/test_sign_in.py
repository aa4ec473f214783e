"""Whether a name exists can't be learned by signing in: not from the answer, and not from the work that it costs."""

import argon2
import httpx2
import pyotp
import pytest

from server.people import credentials
from tests.integration.server.people import Desk, It
from tests.integration.server.running import RunningServer


class CountingHasher(argon2.PasswordHasher):
    """Says how often it was made to work, and over which kind of hash."""

    def __init__(self) -> None:
        super().__init__()
        self.parameters: list[argon2.Parameters] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
        self.parameters.append(argon2.extract_parameters(hash if isinstance(hash, str) else hash.decode()))
        return super().verify(hash, password)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    made = CountingHasher()
    monkeypatch.setattr(credentials, "_HASHER", made)
    return made


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The time steps for which a code was computed."""
    computed = list[int]()
    original = pyotp.TOTP.generate_otp

    def counted(totp: pyotp.TOTP, step: int) -> str:
        computed.append(step)
        return original(totp, step)

    monkeypatch.setattr(pyotp.TOTP, "generate_otp", counted)
    return computed


def alike(answer: httpx2.Response) -> tuple[int, bytes, dict[str, str]]:
    kept = {name: value for name, value in answer.headers.items() if name not in {"x-request-id", "date"}}
    return answer.status_code, answer.content, kept


async def test_whoever_is_asked_for_the_work_is_the_same(
    server: RunningServer, it: It, desk: Desk, hasher: CountingHasher, codes: list[int]
) -> None:
    who, gone = await it.add("lina"), await it.add("bao")
    await it.send("POST", "/admin/people/bao/disable")
    bodies = {
        "nobody": desk.sign_in_body(who, name="nobody"),
        "wrong password": desk.sign_in_body(who, password="wrong"),
        "wrong code": desk.sign_in_body(who) | {"totp": "000000"},
        "disabled": desk.sign_in_body(gone),
    }
    work, answers = {}, {}
    for kind, body in bodies.items():
        hasher.parameters.clear()
        codes.clear()
        answers[kind] = alike(await desk.send("POST", "/session", body))
        work[kind] = (list(hasher.parameters), len(codes))
    assert len(hasher.parameters) == 1
    for kind in bodies:
        assert work[kind] == work["nobody"], kind
        assert answers[kind] == answers["nobody"], kind
    # What is compared with for nobody is a hash like everybody's, or its time would tell.
    assert work["nobody"][0] == [argon2.extract_parameters(credentials.hash_password("x"))]


async def test_a_success_costs_one_check_too(it: It, desk: Desk, hasher: CountingHasher) -> None:
    await desk.sign_in(await it.add("lina"))
    assert len(hasher.parameters) == 1


async def test_what_was_tried_too_often_is_not_worked_for(it: It, desk: Desk, hasher: CountingHasher) -> None:
    """Else guessing would cost the server 64 MiB a guess. A name that does not exist is refused after as many."""
    who = await it.add("lina")
    answers = {}
    for name in ("lina", "nobody"):
        body = desk.sign_in_body(who, name=name, password="wrong")
        for _ in range(5):
            await desk.send("POST", "/session", body)
        hasher.parameters.clear()
        answers[name] = (await desk.send("POST", "/session", body)).status_code
        assert hasher.parameters == []
    assert answers == {"lina": 429, "nobody": 429}
