"""What hearthline-admin and the server say to each other about the audit log."""

from pydantic import BaseModel, ConfigDict

from provisioning.admin.audit_chain import Entry, Head, StoredCheckpoint


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HeadReply(_Body):
    """GET /admin/audit/head: where the log ends now; null where that row is gone."""

    head: Head | None


class EntriesReply(_Body):
    """GET /admin/audit/entries: the next entries in the order of their numbers; none at the end."""

    entries: tuple[Entry, ...]


class CheckpointsReply(_Body):
    """GET /admin/audit/checkpoints: the next checkpoints in the order of their numbers; none at the end."""

    checkpoints: tuple[StoredCheckpoint, ...]


class SignedReply(_Body):
    """POST /admin/audit/checkpoints and /admin/audit/checkpoint-key: the newest checkpoint, and the next key."""

    checkpoint: int
    key: int
