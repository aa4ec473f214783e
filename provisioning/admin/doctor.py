"""hearthline-admin doctor: what is right, what is wrong, and what to do about it."""

import stat
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel

from provisioning.admin.client import AdminClient, ServerRefused, ServerUnreachable
from provisioning.manifest import BadManifest
from provisioning.organisation import Organisation, OrganisationError
from provisioning.organisation_file import BadOrganisationFile
from provisioning.policy_file import BadPolicyFile
from provisioning.signing import BadSignature

_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    ok: bool
    words: str


class _Health(BaseModel):
    status: str


def examine(organisation: Organisation) -> list[Finding]:
    """Look at an organisation's directory, certificates, manifest and server."""
    return [
        _files(organisation),
        *_certificates(organisation),
        _manifest(organisation),
        _server(organisation),
    ]


def _files(organisation: Organisation) -> Finding:
    if sys.platform == "win32":
        return Finding(True, "On Windows, check that nobody else may read the directory.")
    paths = [organisation.directory, *organisation.directory.iterdir()]
    if open_ones := sorted(path.name for path in paths if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)):
        return Finding(False, f"Others can read {', '.join(open_ones)}. Run: chmod -R go= {organisation.directory}")
    return Finding(True, "Nobody else can read the directory.")


def _certificates(organisation: Organisation) -> list[Finding]:
    now = datetime.now(UTC)
    shown = {
        "authority": organisation.authority.certificate,
        "server": organisation.server.certificate,
        "edge": organisation.edge.certificate,
        "edge's client": organisation.edge_client.certificate,
        "trunk": organisation.trunk.certificate,
        "admin": organisation.admin.certificate,
    }
    findings = []
    for name, certificate in shown.items():
        end = certificate.not_valid_after_utc
        left = f"until {end:%Y-%m-%d}"
        if end <= now:
            findings.append(Finding(False, f"The {name} certificate ended on {end:%Y-%m-%d}. Issue a new one."))
        elif end - now < _SOON:
            findings.append(Finding(False, f"The {name} certificate is good {left} only. Issue a new one soon."))
        else:
            findings.append(Finding(True, f"The {name} certificate is good {left}."))
    return findings


def _manifest(organisation: Organisation) -> Finding:
    try:
        manifest, published = organisation.manifest, organisation.is_published
    except (BadSignature, BadManifest, BadOrganisationFile, BadPolicyFile, OrganisationError) as error:
        return Finding(False, f"The manifest, organisation.toml or policy.toml is damaged: {error}.")
    if not published:
        return Finding(
            False,
            "organisation.toml or a key was changed since it was published. Run: hearthline-admin manifest publish",
        )
    return Finding(True, f"The manifest is version {manifest.version} and says what organisation.toml says.")


def _server(organisation: Organisation) -> Finding:
    try:
        with AdminClient(organisation) as client:
            client.get("/readyz", _Health)
    except (ServerRefused, ServerUnreachable) as error:
        return Finding(False, f"The server is not ready: {error}.")
    return Finding(True, "The server answers, holds the pinned key, and its database works.")
