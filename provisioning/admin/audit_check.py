"""Checking the audit log: what was changed, removed, inserted, reordered or cut off, and which entry is the first.

The check runs where its result is to be believed: at IT or an auditor, over what the server hands out, as well as in
the server. It needs the public keys, and gains from checkpoints that were kept elsewhere: who holds the whole server
can sign anew, but cannot reach those.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

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
    token_hash,
)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong."""

    entry: int
    """The first entry that is wrong, or that nothing proves any more."""
    why: str
    meaning: str


@dataclass(frozen=True)
class Verification:
    """What a check found: the log is whole, or what is wrong with it, beginning with the first bad entry."""

    entries: int
    checkpoints: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def whole(self) -> bool:
        """True when nothing was changed, removed, inserted, reordered or cut off."""
        return not self.findings

    @property
    def broken_at(self) -> int | None:
        """The first bad entry."""
        return self.findings[0].entry if self.findings else None

    @property
    def why(self) -> str:
        """What is wrong with it."""
        return self.findings[0].why if self.findings else ""


@dataclass(frozen=True)
class Chain:
    """The checkpoints that hold, and the first that does not."""

    good: tuple[Checkpoint, ...] = ()
    problem: Finding | None = None


def follow(stored: Sequence[StoredCheckpoint], keys: Sequence[str]) -> Chain:
    """Walk checkpoints from the first on, as far as they hold. `keys` are the public keys that IT has, oldest first."""
    good: list[Checkpoint] = []
    previous, number = GENESIS, 1
    pem = keys[0] if keys else ""
    for row in stored:
        proven = good[-1].seq if good else 0
        problem = ""
        if row.number != number:
            missing = row.number > number
            problem = f"checkpoint {number} is missing" if missing else f"checkpoint {row.number} was inserted"
        else:
            try:
                found = open_checkpoint(row.token, pem)
            except BadCheckpoint:
                problem = f"checkpoint {number} was changed, or signed by a key that is not the organisation's"
            else:
                problem = _misplaced(row, found, good, previous, keys)
        if problem:
            meaning = "Somebody tampered with the proof itself; entries from here on rest on their hashes alone"
            return Chain(tuple(good), Finding(proven + 1, problem, meaning))
        good.append(found)
        pem = found.next_key or pem
        previous, number = token_hash(row.token), number + 1
    return Chain(tuple(good))


def _misplaced(
    row: StoredCheckpoint, found: Checkpoint, good: Sequence[Checkpoint], previous: str, keys: Sequence[str]
) -> str:
    proven = good[-1].seq if good else 0
    generation = 1 + sum(checkpoint.next_key is not None for checkpoint in good)
    if (found.number, found.seq) != (row.number, row.seq):
        return f"checkpoint {row.number} stands in another place than it was signed for"
    if found.previous != previous or found.seq < proven or found.key != generation:
        return f"checkpoint {row.number} does not follow from the one before it"
    if found.next_key is not None and len(keys) > generation and keys[generation] != found.next_key:
        return f"checkpoint {row.number} hands over to another key than the organisation's"
    return ""


@dataclass
class Checker:
    """Reads a log once, in order: the checkpoints, then entry by entry, then the end.

    `head` was read before `stored` and the entries were, as a log may grow while it is read. `kept` are checkpoints
    from a file that was kept elsewhere. Where `keys` is None, only the chain of hashes is checked.
    """

    head: Head | None
    keys: tuple[str, ...] | None = None
    stored: Sequence[StoredCheckpoint] = ()
    kept: Sequence[str] = ()
    cadence: Cadence = field(default_factory=Cadence)

    def __post_init__(self) -> None:
        self._seq, self._hash = 0, GENESIS
        self._entry_finding: Finding | None = None
        self._overdue_at: int | None = None
        self._findings: list[Finding] = []
        self._anchors: dict[int, tuple[str, str]] = {}
        self._proven = 0
        self._last: Checkpoint | None = None
        self._checkpoints = 0
        if self.keys is not None:
            self._read_checkpoints(self.keys)
            self._compare_kept(self.keys)

    @property
    def done(self) -> bool:
        """True when a bad entry was found: the entries after it have nothing to say any more."""
        return self._entry_finding is not None

    def feed(self, entry: Entry) -> None:
        """Take the next entry, in the order of their numbers."""
        if self._entry_finding is not None:
            return
        if (problem := self._problem(entry)) is not None:
            self._entry_finding = Finding(*problem)
            return
        self._seq, self._hash = entry.seq, entry.hash
        if entry.seq in self._anchors:
            signed, name = self._anchors[entry.seq]
            if signed != entry.hash:
                first = self._proven + 1
                span = f"entry {first}" if first == entry.seq else f"entries {first} to {entry.seq}"
                self._entry_finding = Finding(
                    first,
                    f"{span} not as {name} signed",
                    "The log was written anew in this stretch, with its hashes computed again to match; what it says "
                    "from here on is not what happened",
                )
                return
            self._proven = entry.seq
        elif self._overdue_at is None and self.head is not None and entry.seq <= self.head.seq:
            last_seq, last_at = (self._last.seq, self._last.at) if self._last else (0, None)
            if entry.seq > last_seq and self.cadence.due(entry.seq, entry.at, last_seq, last_at):
                self._overdue_at = entry.seq

    def finish(self, head: Head | None) -> Verification:
        """Say what was found. `head` was read after the last entry."""
        if self._entry_finding is None:
            self._entry_finding = self._end(head)
        if (
            self._entry_finding is None
            and not self._findings
            and self.keys is not None
            and self._overdue_at is not None
        ):
            self._findings.append(self._overdue())
        # The entry first: what is wrong with checkpoints says only from where on nothing is proven.
        found = [self._entry_finding] if self._entry_finding else []
        return Verification(self._seq, self._checkpoints, (*found, *self._findings))

    def _read_checkpoints(self, keys: tuple[str, ...]) -> None:
        chain = follow(self.stored, keys)
        self._checkpoints = len(chain.good)
        self._last = chain.good[-1] if chain.good else None
        if chain.problem is not None:
            self._findings.append(chain.problem)
        elif self.head is not None and len(chain.good) < self.head.checkpoint:
            first = len(chain.good) + 1
            self._findings.append(
                Finding(
                    (self._last.seq if self._last else 0) + 1,
                    f"the checkpoints from {first} on were removed",
                    f"The log had {self.head.checkpoint} checkpoints; somebody took the proof of its end away",
                )
            )
        for checkpoint in chain.good:
            self._anchors[checkpoint.seq] = (checkpoint.hash, f"checkpoint {checkpoint.number}")

    def _compare_kept(self, keys: tuple[str, ...]) -> None:
        held = {row.number: row.token for row in self.stored}
        pem, previous, proven, differs = keys[0] if keys else "", GENESIS, 0, False
        for line, token in enumerate(self.kept, 1):
            try:
                found = open_checkpoint(token, pem)
            except BadCheckpoint:
                found = None
            if found is None or (found.number, found.previous) != (line, previous):
                self._findings.append(
                    Finding(
                        proven + 1,
                        f"line {line} of the kept checkpoints is not the organisation's checkpoint {line}",
                        "The file was changed or a line is missing, or it is another organisation's; from that line on "
                        "it proves nothing",
                    )
                )
                return
            # The file was out of reach of who tampered, so where both speak of one entry, it is the file that counts.
            self._anchors[found.seq] = (found.hash, f"kept checkpoint {line}")
            if not differs and held.get(line) != token:
                differs = True
                gone = "is gone from" if line not in held else "differs from that of"
                self._findings.append(
                    Finding(
                        proven + 1,
                        f"checkpoint {line}, which was kept, {gone} the log",
                        "The log was cut off, put back to an older state, or signed anew by somebody who holds its key",
                    )
                )
            pem, previous, proven = found.next_key or pem, token_hash(token), found.seq

    def _problem(self, entry: Entry) -> tuple[int, str, str] | None:
        expected = self._seq + 1
        if entry.seq < expected:
            return entry.seq, "the entry was inserted", "Entries are numbered from 1; the server never wrote this one"
        if entry.seq > expected:
            gone = f"{expected}" if entry.seq == expected + 1 else f"{expected} to {entry.seq - 1}"
            return expected, "an entry is missing", f"Somebody removed {gone} from the middle of the log"
        if entry.previous != self._hash:
            return (
                entry.seq,
                "the entry does not follow from the one before it",
                "It was inserted or moved, or the one before it was changed and its hash computed anew",
            )
        if entry.hash != entry_hash(entry):
            return entry.seq, "the entry was changed", "What it says now is not what was written"
        return None

    def _end(self, head: Head | None) -> Finding | None:
        cut = "the end of the log was cut off"
        signed = max(self._anchors, default=0)
        if self._seq < signed:
            name = self._anchors[signed][1]
            return Finding(self._seq + 1, cut, f"{name.capitalize()} was signed when the log reached entry {signed}")
        if head is None or self.head is None:
            return Finding(self._seq + 1, cut, "The row that says where the log ends was removed or holds nonsense")
        if self._seq < self.head.seq:
            return Finding(self._seq + 1, cut, f"The log had reached entry {self.head.seq}")
        if self._seq > head.seq:
            return Finding(head.seq + 1, "the entry was inserted", f"The server wrote no entry after {head.seq}")
        if self._seq == head.seq and self._hash != head.hash:
            return Finding(self._seq, "the entry was changed", "Its hash is not the one at which the log ends")
        return None

    def _overdue(self) -> Finding:
        first = (self._last.seq if self._last else 0) + 1
        if self._last is None:
            return Finding(
                first,
                "nothing is signed",
                "All checkpoints were removed, or this server was only just updated; in that case "
                "hearthline-admin audit checkpoints makes the first",
            )
        return Finding(
            first,
            f"a checkpoint was due at entry {self._overdue_at} and is not there",
            "Checkpoints were removed from the end, or the server could not sign (its log then says so)",
        )
