"""The data policy that holds: that of the newest signed manifest."""

from provisioning.data_policy import DataPolicy
from provisioning.organisation import Organisation
from server.published import PublishedManifest

NOTHING = DataPolicy(fields=(), typed_reason=False)
"""What holds while there is no manifest that can be believed: calls go on, and no field is shown."""


class PublishedPolicy:
    """The policy of an organisation's manifest."""

    def __init__(self, organisation: Organisation) -> None:
        self._manifest = PublishedManifest(organisation, "no policy can be read, so no customer is shown")

    def now(self) -> DataPolicy:
        """Return the policy that holds now."""
        manifest = self._manifest.now()
        return manifest.data if manifest is not None else NOTHING
