"""The audit log's check: whatever single thing is done to a valid log, it is found, and the right entry is named."""

import copy
import stat
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.admin.audit_chain import (
    GENESIS,
    BadCheckpoint,
    Cadence,
    Checkpoint,
    Entry,
    Head,
    StoredCheckpoint,
    entry_hash,
    open_checkpoint,
    sign_checkpoint,
    token_hash,
)
from provisioning.admin.audit_check import Checker, Verification
from provisioning.admin.audit_keys import CheckpointKeys
from provisioning.organisation import Organisation, OrganisationError
from provisioning.signing import generate_signing_key, public_pem, sign

START = datetime(2026, 11, 25, 9, tzinfo=UTC)
CADENCE = Cadence(entries=4, time=timedelta(minutes=5))
KEYS = [generate_signing_key() for _ in range(2)]
PUBLIC = tuple(public_pem(key) for key in KEYS)


@dataclass
class Log:
    """A log as a database holds it, and as somebody with that database may change it."""

    entries: list[Entry] = field(default_factory=list)
    stored: list[StoredCheckpoint] = field(default_factory=list)
    head: Head | None = None

    def check(self, kept: tuple[str, ...] = (), keys: tuple[str, ...] | None = PUBLIC[:1]) -> Verification:
        checker = Checker(self.head, keys, self.stored, kept, CADENCE)
        # As a database returns them.
        for entry in sorted(self.entries, key=lambda each: each.seq):
            checker.feed(entry)
        return checker.finish(self.head)

    def tokens(self) -> tuple[str, ...]:
        return tuple(row.token for row in self.stored)

    def rehash(self, start: int) -> None:
        """Compute every hash from entry `start` on anew, and the head: what a forger with the whole database does."""
        previous = self.entries[start - 2].hash if start > 1 else GENESIS
        for index in range(start - 1, len(self.entries)):
            moved = self.entries[index].model_copy(update={"previous": previous, "seq": index + 1})
            previous = entry_hash(moved)
            self.entries[index] = moved.model_copy(update={"hash": previous})
        self.end()

    def end(self) -> None:
        last = self.entries[-1]
        self.head = Head(seq=last.seq, hash=last.hash, checkpoint=len(self.stored))


def valid_log(count: int, rotate_at: int | None = None) -> Log:
    """A log as the server writes it: a checkpoint at entries 1, 5, 9, ... and one more where the key changes."""
    log, key, previous, token = Log(), 1, GENESIS, ""
    for seq in range(1, count + 1):
        entry = Entry(
            seq=seq,
            at=START + timedelta(seconds=seq),
            actor=f"person:{seq % 3}",
            action="call.offered",
            object=f"call:{seq}",
            details={"reason": f"{seq}"},
            previous=previous,
            hash="",
        )
        previous = entry_hash(entry)
        log.entries.append(entry.model_copy(update={"hash": previous}))
        for handing_over in [False] * (seq % 4 == 1) + [True] * (seq == rotate_at):
            made = Checkpoint(
                number=len(log.stored) + 1,
                seq=seq,
                hash=previous,
                at=entry.at,
                previous=token_hash(token) if token else GENESIS,
                key=key,
                next_key=PUBLIC[1] if handing_over else None,
            )
            token = sign_checkpoint(made, KEYS[key - 1])
            log.stored.append(StoredCheckpoint(number=made.number, seq=seq, token=token))
            key += handing_over
    log.end()
    return log


LOG = valid_log(22, rotate_at=11)


@pytest.mark.parametrize("count", [1, 4, 5, 22])
@pytest.mark.parametrize("rotate_at", [None, 1])
def test_a_valid_log_is_whole(count: int, rotate_at: int | None) -> None:
    log = valid_log(count, rotate_at)
    for keys in (PUBLIC, PUBLIC[:1]):
        found = log.check(log.tokens(), keys)
        assert (found.whole, found.entries, found.broken_at, found.why) == (True, count, None, "")
        assert found.checkpoints == len(log.stored)


def test_an_empty_log_is_whole() -> None:
    assert Log(head=Head(seq=0, hash=GENESIS, checkpoint=0)).check().whole


ENTRY_EDITS = st.one_of(
    st.tuples(st.sampled_from(["actor", "action", "object", "previous", "hash"]), st.text(max_size=70)),
    st.tuples(
        st.just("details"), st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=2)
    ),
    st.tuples(st.just("at"), st.datetimes(timezones=st.just(UTC))),
    st.tuples(st.just("seq"), st.integers(-(2**63), 2**63 - 1)),
)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 21), ENTRY_EDITS, st.booleans())
def test_any_single_edit_of_an_entry_is_found(index: int, edit: tuple[str, object], with_keys: bool) -> None:
    log = copy.deepcopy(LOG)
    changed = log.entries[index].model_copy(update=dict([edit]))
    taken = edit[0] == "seq" and any(entry.seq == edit[1] for entry in log.entries)
    if changed == log.entries[index] or taken:
        return
    log.entries[index] = changed
    found = log.check(keys=PUBLIC if with_keys else None)
    assert not found.whole
    # A number that no longer fits tears a hole, or stands before entry 1; all other edits are named where they are.
    inserted = edit[0] == "seq" and changed.seq < 1
    assert found.broken_at == (changed.seq if inserted else index + 1)
    assert found.findings[0].meaning


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_single_edit_of_a_checkpoint_is_found(data: st.DataObject) -> None:
    log = copy.deepcopy(LOG)
    index = data.draw(st.integers(0, len(log.stored) - 1))
    row = log.stored[index]
    kind = data.draw(st.sampled_from(["number", "seq", "token", "remove"]))
    if kind == "token":
        place = data.draw(st.integers(0, len(row.token) - 1))
        letter = data.draw(st.sampled_from("ABCDwxyz0189-_.=é "))
        edited = row.token[:place] + letter + row.token[place + 1 :]
        changed: StoredCheckpoint | None = row.model_copy(update={"token": edited})
    elif kind == "remove":
        changed = None
    else:
        changed = row.model_copy(update={kind: data.draw(st.integers(-(2**63), 2**63 - 1))})
    numbers = {each.number for each in log.stored} - {row.number}
    if changed == row or (changed is not None and changed.number in numbers):
        return
    rest = [*log.stored[:index], *log.stored[index + 1 :], *([changed] if changed else [])]
    log.stored = sorted(rest, key=lambda each: each.number)
    found = log.check()
    assert not found.whole
    assert "checkpoint" in found.why


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_removing_swapping_or_inserting_is_found_at_its_place(data: st.DataObject) -> None:
    log = copy.deepcopy(LOG)
    index = data.draw(st.integers(0, 21))
    kind = data.draw(st.sampled_from(["remove", "swap", "insert"]))
    place = index + 1
    if kind == "remove":
        del log.entries[index]
    elif kind == "swap":
        other = data.draw(st.integers(0, 21).filter(lambda each: each != index))
        one, two = log.entries[index], log.entries[other]
        log.entries[index] = two.model_copy(update={"seq": one.seq})
        log.entries[other] = one.model_copy(update={"seq": two.seq})
        place = min(index, other) + 1
    else:
        # Moved up by one from there on, as an insertion must; the hashes stay.
        forged = log.entries[index].model_copy(update={"actor": "person:nobody"})
        moved = [each.model_copy(update={"seq": each.seq + 1}) for each in log.entries[index:]]
        log.entries[index:] = [forged, *moved]
    assert log.check().broken_at == place
    assert log.check(keys=None).broken_at == place


@given(st.integers(1, 21), st.booleans())
@settings(deadline=None)
def test_a_log_written_anew_by_who_owns_the_database_is_found_where_it_was_signed(place: int, adds: bool) -> None:
    log = copy.deepcopy(LOG)
    forged = log.entries[place - 1].model_copy(update={"actor": "person:nobody"})
    log.entries[place - 1 : place] = [log.entries[place - 1], forged] if adds else [forged]
    log.rehash(place)
    assert log.check(keys=None).whole, "the hashes alone cannot tell, or this test proves nothing"
    found = log.check()
    # Entry 21 is the last that was signed: a change after it can be made by who is quicker than the next checkpoint.
    if place + adds > 21:
        assert found.whole
        return
    first_bad = place + adds
    unsigned_since = max(row.seq for row in log.stored if row.seq < first_bad) if first_bad > 1 else 0
    assert found.broken_at == unsigned_since + 1 <= first_bad
    assert "not as checkpoint" in found.why


@pytest.mark.parametrize(("left", "head_too"), [(21, False), (20, False), (20, True), (3, True), (1, False)])
def test_a_cut_end_is_found(left: int, head_too: bool) -> None:
    log = copy.deepcopy(LOG)
    del log.entries[left:]
    if head_too:
        log.end()
    found = log.check()
    assert (found.broken_at, found.why) == (left + 1, "the end of the log was cut off")


def put_back(log: Log, entries: int) -> None:
    """Put the log back to an older state, as from a backup: all of it fits, and the newest checkpoints are gone."""
    del log.entries[entries:]
    log.stored = [row for row in log.stored if row.seq <= entries]
    log.end()


def test_an_older_state_is_found_by_the_checkpoints_that_were_kept() -> None:
    log = copy.deepcopy(LOG)
    put_back(log, 14)
    assert log.check().whole, "inside the database nothing is left to tell, or this test proves nothing"
    found = log.check(LOG.tokens())
    assert [each.entry for each in found.findings] == [15, 14]
    assert "checkpoint 6, which was kept, is gone" in found.findings[1].why


def test_a_log_signed_anew_with_the_organisations_own_key_is_found_by_the_checkpoints_that_were_kept() -> None:
    log = valid_log(22, rotate_at=11)
    log.entries[6] = log.entries[6].model_copy(update={"actor": "person:nobody"})
    log.rehash(7)
    previous = ""
    for index, row in enumerate(log.stored):
        old = open_checkpoint(row.token, PUBLIC[index > 3])
        entry_hash_now = log.entries[row.seq - 1].hash
        names = token_hash(previous) if previous else GENESIS
        previous = sign_checkpoint(old.model_copy(update={"hash": entry_hash_now, "previous": names}), KEYS[index > 3])
        log.stored[index] = row.model_copy(update={"token": previous})
    assert log.check().whole, "who has the key can sign what they like, or this test proves nothing"
    found = log.check(LOG.tokens())
    assert (found.broken_at, found.why) == (6, "entries 6 to 9 not as kept checkpoint 3 signed")
    assert found.findings[1].why == "checkpoint 3, which was kept, differs from that of the log"


@pytest.mark.parametrize("last", [0, 1, 6])
def test_checkpoints_removed_from_the_end_are_missed(last: int) -> None:
    log = copy.deepcopy(LOG)
    del log.stored[last:]
    assert log.check().why == f"the checkpoints from {last + 1} on were removed"
    # The head too: then it shows by their being overdue.
    log.end()
    found = log.check()
    if last == 6:
        # Up to entry 20 nothing more was due after the one at 17, and so far nobody can tell.
        assert (found.broken_at, found.why) == (18, "a checkpoint was due at entry 21 and is not there")
    else:
        assert not found.whole
    if last == 0:
        assert (found.broken_at, found.why) == (1, "nothing is signed")
        assert log.check(keys=()).why == "nothing is signed"


def test_a_checkpoint_is_due_by_number_by_time_and_when_the_clock_was_set_back() -> None:
    due = CADENCE.due
    minute = timedelta(minutes=1)
    assert due(1, START, 0, None)
    assert not due(4, START + 4 * minute, 1, START)
    assert due(5, START + 4 * minute, 1, START)
    assert due(2, START + 5 * minute, 1, START)
    assert due(2, START - minute, 1, START)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: (*lines[:2], *lines[3:]),
        lambda lines: (*lines[:2], lines[3], lines[2], *lines[4:]),
        lambda lines: (*lines[:2], lines[2][:-1] + ("A" if lines[2][-1] != "A" else "Q"), *lines[3:]),
        lambda lines: (*lines[:2], "nonsense", *lines[3:]),
    ],
)
def test_a_kept_file_that_was_changed_is_no_proof(spoil: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
    found = LOG.check(spoil(LOG.tokens()))
    assert (found.broken_at, found.why) == (6, "line 3 of the kept checkpoints is not the organisation's checkpoint 3")


def test_checkpoints_of_another_organisation_are_none() -> None:
    stranger = (public_pem(generate_signing_key()),)
    found = LOG.check(LOG.tokens(), stranger)
    assert "checkpoint 1 was changed, or signed by a key that is not the organisation's" in found.why


def test_after_a_rotation_the_old_key_signs_nothing_more() -> None:
    log = copy.deepcopy(LOG)
    last = log.stored[-1]
    before = token_hash(log.stored[-2].token)
    forged = Checkpoint(number=last.number, seq=21, hash=log.entries[20].hash, at=START, previous=before, key=1)
    log.stored[-1] = last.model_copy(update={"token": sign_checkpoint(forged, KEYS[0])})
    assert f"checkpoint {last.number} was changed, or signed by a key" in log.check().why


@pytest.mark.parametrize("change", [{"previous": GENESIS}, {"key": 1}, {"seq": 12}, {"number": 6}])
def test_a_signed_checkpoint_that_does_not_follow_is_found(change: dict[str, object]) -> None:
    log = copy.deepcopy(LOG)
    last = log.stored[-1]
    made = open_checkpoint(last.token, PUBLIC[1]).model_copy(update=change)
    log.stored[-1] = last.model_copy(update={"token": sign_checkpoint(made, KEYS[1]), "seq": made.seq})
    assert log.check().why.startswith("checkpoint 7 ")
    assert not log.check(log.tokens()).whole


def test_one_signature_has_one_text() -> None:
    """The last character of a signature carries two bits, and base64 would read it with the other four set as well."""
    token = LOG.stored[-1].token
    accepted = []
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        try:
            open_checkpoint(token[:-1] + letter, PUBLIC[1])
        except BadCheckpoint:
            continue
        accepted.append(letter)
    assert accepted == [token[-1]]


def test_a_rotation_to_a_key_that_it_does_not_have_is_found() -> None:
    other = public_pem(generate_signing_key())
    assert LOG.check(keys=(PUBLIC[0], other)).why == "checkpoint 4 hands over to another key than the organisation's"


def test_a_checkpoint_is_not_what_another_kind_of_signature_is_over() -> None:
    made = Checkpoint(number=1, seq=1, hash=GENESIS, at=START, previous=GENESIS, key=1)
    with pytest.raises(BadCheckpoint):
        open_checkpoint(sign(made.model_dump_json().encode(), KEYS[0]), PUBLIC[0])
    assert open_checkpoint(sign_checkpoint(made, KEYS[0]), PUBLIC[0]) == made


# --- the keys' files --------------------------------------------------------------------------------------------------


@pytest.fixture(params=[None, b"a passphrase"])
def organisation(request: pytest.FixtureRequest, tmp_path: Path) -> Organisation:
    """An organisation from before there were checkpoints; the keys need its directory and passphrase alone."""
    return Organisation(tmp_path, request.param)


def is_same(one: Ed25519PrivateKey, two: Ed25519PrivateKey) -> bool:
    return public_pem(one) == public_pem(two)


def test_the_first_key_is_made_once(organisation: Organisation) -> None:
    assert CheckpointKeys(organisation).public() == ()
    made = CheckpointKeys(organisation).private(1)
    assert is_same(CheckpointKeys(organisation).private(1), made)
    assert is_same(CheckpointKeys(organisation).make(1), made)
    assert CheckpointKeys(organisation).public() == (public_pem(made),)
    assert sorted(path.name for path in organisation.directory.iterdir()) == [
        "audit-checkpoint-1.key",
        "audit-checkpoint-1.pub",
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in organisation.directory.iterdir()} == {0o600}
    text = (organisation.directory / "audit-checkpoint-1.key").read_text()
    assert ("ENCRYPTED" in text) == (organisation.passphrase is not None)


def test_a_rotation_leaves_the_public_keys(organisation: Organisation) -> None:
    keys = CheckpointKeys(organisation)
    public = (public_pem(keys.private(1)), public_pem(keys.make(2)))
    keys.retire(1)
    assert keys.public() == public
    with pytest.raises(OrganisationError, match=r"audit-checkpoint-1\.key cannot be read"):
        keys.private(1)


def test_a_lost_first_key_is_not_made_anew(organisation: Organisation) -> None:
    CheckpointKeys(organisation).private(1)
    (organisation.directory / "audit-checkpoint-1.key").unlink()
    with pytest.raises(OrganisationError, match="restore it from your copy"):
        CheckpointKeys(organisation).private(1)


def test_keys_that_do_not_open_are_said_to(organisation: Organisation) -> None:
    CheckpointKeys(organisation).private(1)
    with pytest.raises(OrganisationError, match="does not open with the organisation's passphrase"):
        CheckpointKeys(replace(organisation, passphrase=b"another")).private(1)
    (organisation.directory / "audit-checkpoint-1.pub").write_text("nonsense")
    with pytest.raises(OrganisationError, match="is damaged"):
        CheckpointKeys(organisation).public()
