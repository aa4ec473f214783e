"""Nothing that an agent wrote is lost, sent in somebody else's name, or thrown away."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from client.security.outbox import KeptWrapUp, Outbox
from client.security.vault import Vault, VaultDamaged
from tests.unit.security.fakes import MemoryKeys


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(Vault(tmp_path, MemoryKeys()))


def entry(ref: str = "c_1", person: str = "lin", notes: str = "a note") -> KeptWrapUp:
    return KeptWrapUp(person=person, ref=ref, code="answered", notes=notes, written_at=datetime.now(UTC))


def test_a_finished_wrap_up_replaces_its_draft(outbox: Outbox) -> None:
    outbox.keep_draft(entry(notes="half"))
    assert [draft.notes for draft in outbox.drafts("lin")] == ["half"]
    outbox.keep(entry(notes="whole"))
    assert outbox.drafts("lin") == []
    assert [waiting.notes for waiting in outbox.waiting("lin")] == ["whole"]


def test_it_waits_until_the_server_has_it(outbox: Outbox) -> None:
    outbox.keep(entry("c_1"))
    outbox.keep(entry("c_2"))
    outbox.sent("c_1")
    assert [waiting.ref for waiting in outbox.waiting("lin")] == ["c_2"]


def test_it_is_sent_in_nobody_elses_name(outbox: Outbox) -> None:
    outbox.keep(entry(person="lin"))
    assert outbox.waiting("wang") == []


def test_what_the_server_refuses_is_kept_aside(outbox: Outbox, tmp_path: Path) -> None:
    outbox.keep(entry())
    outbox.refused(entry())
    assert outbox.waiting("lin") == []
    assert (tmp_path / "refused-c_1.sealed").exists()


def test_an_entry_that_makes_no_sense_is_set_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    vault = Vault(tmp_path, MemoryKeys())
    outbox = Outbox(vault)
    vault.put("outbox-c_1", b'{"from": "another version"}')
    outbox.keep(entry("c_2"))
    with pytest.raises(VaultDamaged):
        outbox.waiting("lin")
    assert [waiting.ref for waiting in outbox.waiting("lin")] == ["c_2"]
    assert (tmp_path / "outbox-c_1.damaged").exists()


def test_the_note_does_not_show_when_an_entry_is_printed() -> None:
    assert "a note" not in repr(entry())
