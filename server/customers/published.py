"""The policy that holds: that of the newest signed manifest, read again when the manifest was replaced."""

from provisioning.data_policy import DataPolicy
from provisioning.manifest import BadManifest
from provisioning.organisation import Organisation, OrganisationError
from provisioning.signing import BadSignature
from server.logs import get_logger

NOTHING = DataPolicy(fields=(), typed_reason=False)
"""What holds while there is no manifest that can be believed: calls go on, and no field is shown."""


class PublishedPolicy:
    """The policy of an organisation's manifest.

    Reading it for every card would cost more than the card itself, so it is kept for as long as the file is the same.
    """

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._seen: tuple[int, int, int] | None = None
        self._policy = NOTHING

    def now(self) -> DataPolicy:
        """Return the policy that holds now."""
        seen = self._stamp()
        if seen is None or seen != self._seen:
            self._policy = self._read()
            # Of before the reading: what is replaced meanwhile is then read once more, and not missed.
            self._seen = seen
        return self._policy

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            # Publishing moves a new file into place, so that at least its number differs.
            status = (self._organisation.directory / "manifest.jws").stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _read(self) -> DataPolicy:
        try:
            return self._organisation.manifest.data
        except (OrganisationError, BadManifest, BadSignature) as error:
            get_logger().error("no policy can be read, so no customer is shown", reason=type(error).__name__)
            return NOTHING
