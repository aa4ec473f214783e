"""The newest signed manifest of an organisation, read again when it was replaced."""

from provisioning.manifest import BadManifest, Manifest
from provisioning.organisation import Organisation, OrganisationError
from provisioning.signing import BadSignature
from server.logs import get_logger


class PublishedManifest:
    """Verifying and parsing it costs more than what it is asked for, so it is kept for as long as the file is the same.

    Args:
        organisation: whose manifest.
        trouble: what is logged when there is none that can be believed; once for each file that is no good.
    """

    def __init__(self, organisation: Organisation, trouble: str) -> None:
        self._organisation = organisation
        self._trouble = trouble
        self._seen: tuple[int, int, int] | None = None
        self._manifest: Manifest | None = None

    def now(self) -> Manifest | None:
        """Return the manifest that holds now; None where there is none that can be believed."""
        seen = self._stamp()
        if seen is None or seen != self._seen:
            self._manifest = self._read()
            # Of before the reading: what is replaced meanwhile is then read once more, and not missed.
            self._seen = seen
        return self._manifest

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            # Publishing moves a new file into place, so that at least its number differs.
            status = (self._organisation.directory / "manifest.jws").stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _read(self) -> Manifest | None:
        try:
            return self._organisation.manifest
        except (OrganisationError, BadManifest, BadSignature) as error:
            get_logger().error(self._trouble, reason=type(error).__name__)
            return None
