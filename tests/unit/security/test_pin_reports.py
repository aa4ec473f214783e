"""Whom the desk met in place of the server or an edge: sealed until the server knows, and never in the way."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from client.security import pin_reports, vault
from client.security.device_key import SoftwareDeviceKey
from client.security.files import DiskFull
from client.security.link import Link
from client.security.pin_reports import PinReports
from client.security.vault import Vault
from provisioning import pki
from provisioning.api import PinFailure, PinReport
from provisioning.device_proof import open_proof
from tests.unit.security.fakes import MemoryKeys

KEY = SoftwareDeviceKey(pki.key_pem(pki.generate_key()))
BEGAN = datetime(2026, 12, 1, 9, tzinfo=UTC)


def files(directory: Path) -> list[Path]:
    return list(directory.iterdir())


def pin(letter: str) -> str:
    return letter * 43


class FakeLink:
    """Takes reports, or is away."""

    def __init__(self) -> None:
        self.reports: list[PinReport] = []
        self.is_away = False
        self.meanwhile: Callable[[], None] = lambda: None

    async def report_pins(self, statement: str) -> None:
        if self.is_away:
            raise ConnectionError
        public = load_pem_public_key(KEY.public_pem.encode())
        assert isinstance(public, ec.EllipticCurvePublicKey)
        self.reports.append(PinReport.model_validate_json(open_proof(statement, "pin-report", public)))
        self.meanwhile()


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


class Clock:
    now = BEGAN

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def reports(tmp_path: Path) -> PinReports:
    return PinReports(Vault(tmp_path, MemoryKeys()), Clock())


async def send(reports: PinReports, link: FakeLink) -> None:
    await reports.send(cast(Link, link), KEY)


async def test_what_happened_is_told_once_signed_by_the_device(reports: PinReports, link: FakeLink) -> None:
    for _ in range(3):
        reports.note("websocket", "desks.bank.example", 8443, pin("A"))
    reports.note("sip", "edge.bank.example", 5061, pin("B"))
    await send(reports, link)
    await send(reports, link)
    [told] = link.reports
    minutes = [BEGAN + timedelta(minutes=number) for number in range(5)]
    assert told.failures == (
        PinFailure(
            kind="websocket", host="desks.bank.example", port=8443, seen=pin("A"),
            first_at=minutes[1], last_at=minutes[3], times=3,
        ),
        PinFailure(
            kind="sip", host="edge.bank.example", port=5061, seen=pin("B"),
            first_at=minutes[4], last_at=minutes[4], times=1,
        ),
    )  # fmt: skip


async def test_it_waits_for_a_good_way_and_survives_the_desk(tmp_path: Path, link: FakeLink) -> None:
    keys = MemoryKeys()
    PinReports(Vault(tmp_path, keys)).note("https", "desks.bank.example", 8443, pin("A"))
    link.is_away = True
    with pytest.raises(ConnectionError):
        await send(PinReports(Vault(tmp_path, keys)), link)
    link.is_away = False
    await send(PinReports(Vault(tmp_path, keys)), link)
    assert [one.seen for one in link.reports[0].failures] == [pin("A")]
    assert not files(tmp_path)


async def test_what_happens_again_while_it_is_told_is_told_again(reports: PinReports, link: FakeLink) -> None:
    reports.note("https", "desks.bank.example", 8443, pin("A"))
    link.meanwhile = lambda: reports.note("https", "desks.bank.example", 8443, pin("A"))
    await send(reports, link)
    link.meanwhile = lambda: None
    await send(reports, link)
    await send(reports, link)
    assert [report.failures[0].times for report in link.reports] == [1, 2]


def test_nothing_of_it_can_be_read_from_the_disk(tmp_path: Path, reports: PinReports) -> None:
    reports.note("https", "desks.bank.example", 8443, pin("A"))
    [file] = files(tmp_path)
    for value in ("desks.bank.example", "8443", pin("A")):
        assert value.encode() not in file.read_bytes()
        assert value not in file.name


async def test_who_shows_a_new_key_each_time_does_not_fill_the_disk(
    reports: PinReports, tmp_path: Path, link: FakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pin_reports, "_MOST", 3)
    for letter in "ABCDE":
        reports.note("https", "desks.bank.example", 8443, pin(letter))
    reports.note("https", "desks.bank.example", 8443, pin("A"))
    assert len(files(tmp_path)) == 3
    await send(reports, link)
    assert {(one.seen[0], one.times) for one in link.reports[0].failures} == {("A", 2), ("B", 1), ("C", 1)}


def test_a_full_disk_is_no_reason_to_raise(reports: PinReports, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise DiskFull("no room")

    monkeypatch.setattr(vault, "write_whole", full)
    reports.note("https", "desks.bank.example", 8443, pin("A"))


async def test_an_entry_that_was_tampered_with_is_left_out(tmp_path: Path, link: FakeLink, reports: PinReports) -> None:
    reports.note("https", "desks.bank.example", 8443, pin("A"))
    [file] = files(tmp_path)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    reports.note("sip", "edge.bank.example", 5061, pin("B"))
    await send(reports, link)
    assert [one.seen for one in link.reports[0].failures] == [pin("B")]
