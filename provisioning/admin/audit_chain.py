"""The audit log as data: entries chained by hashes, and the signed checkpoints that hold the chain in place.

Whoever can write the database can change an entry and compute every hash after it anew. A checkpoint takes that away:
it is a compact JWS (RFC 7515) with Ed25519 (RFC 8037) over the number and hash of an entry, made with a key that is not
in the database. Checkpoints are chained too, each naming the SHA-256 of the one before it.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, ValidationError

GENESIS = "0" * 64
"""What stands for the hash before the first entry, and before the first checkpoint."""

_ALGORITHM = "Ed25519"
_TYPE = "hearthline-audit-checkpoint+jws"
_REGISTRY = jws.JWSRegistry(algorithms=[_ALGORITHM])


class BadCheckpoint(Exception):
    """The key that counts did not sign this checkpoint, or it was changed since."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Frozen):
    """One line of the audit log. Strict: a number that was stored as text is not what was written."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    seq: int
    at: AwareDatetime
    actor: str
    action: str
    object: str
    details: JsonValue
    previous: str
    hash: str

    @classmethod
    def unreadable(cls, seq: int) -> Self:
        """Return what stands for a line whose columns hold nonsense: it has no hash, so it counts as changed."""
        at = datetime(1970, 1, 1, tzinfo=UTC)
        return cls(seq=seq, at=at, actor="", action="", object="", details=None, previous="", hash="")


class Checkpoint(_Frozen):
    """What is signed: up to entry `seq` the log is what `hash` says."""

    number: int = Field(ge=1)
    seq: int = Field(ge=0)
    hash: str
    at: AwareDatetime
    previous: str
    """SHA-256 of the checkpoint before it, as it was signed."""
    key: int = Field(ge=1)
    """Which of the organisation's checkpoint keys signs, counted from 1."""
    next_key: str | None = None
    """In a rotation: the public key (PEM) that signs from the next checkpoint on."""


class StoredCheckpoint(_Frozen):
    """A checkpoint as the log keeps it: its place, and the signed text."""

    number: int
    seq: int
    token: str


class Head(_Frozen):
    """Where the log says that it ends."""

    seq: int
    hash: str
    checkpoint: int
    """The number of the newest checkpoint; 0 where there is none."""


@dataclass(frozen=True)
class Cadence:
    """When a checkpoint is due: so many entries, or so much time, after the last one."""

    entries: int = 1000
    time: timedelta = timedelta(minutes=5)

    def due(self, seq: int, at: datetime, last_seq: int, last_at: datetime | None) -> bool:
        """Whether entry `seq`, written at `at`, calls for one. The first entry does, and so does a clock set back."""
        return last_at is None or seq - last_seq >= self.entries or not timedelta() <= at - last_at < self.time


def entry_hash(entry: Entry) -> str:
    """Return the hash that an entry should have: SHA-256 over its canonical JSON, with the hash before it."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [entry.seq, at, entry.actor, entry.action, entry.object, entry.details, entry.previous]
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def token_hash(token: str) -> str:
    """Return what the next checkpoint names this one by."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_checkpoint(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """Sign a checkpoint and return its compact serialization."""
    header = {"alg": _ALGORITHM, "typ": _TYPE}
    payload = checkpoint.model_dump_json().encode()
    return jws.serialize_compact(header, payload, OKPKey.import_key(key), registry=_REGISTRY)


def open_checkpoint(token: str, public_pem: str) -> Checkpoint:
    """Return what was signed, if this key signed it and every character is as it was then.

    Raises:
        BadCheckpoint: it is not.
    """
    try:
        found = jws.deserialize_compact(token, OKPKey.import_key(public_pem), registry=_REGISTRY)
        if found.headers().get("typ") != _TYPE or found.payload is None:
            raise BadCheckpoint("this is not a checkpoint")
        return Checkpoint.model_validate_json(found.payload)
    except (JoseError, ValidationError, ValueError) as error:
        raise BadCheckpoint("the checkpoint was not signed by this key, or was changed") from error
