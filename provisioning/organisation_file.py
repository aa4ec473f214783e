"""organisation.toml: what people edit to decide what goes into the next manifest."""

import json
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from provisioning.manifest import AccessibilitySection, LocalText, PolicySection

FILE_NAME = "organisation.toml"


class BadOrganisationFile(Exception):
    """organisation.toml cannot be read; the text says where and why."""


class _Table(BaseModel):
    # A mistyped key is a mistake that should be heard of, not a setting that silently does nothing.
    model_config = ConfigDict(frozen=True, extra="forbid")


class ServerTable(_Table):
    """Where desks find the server."""

    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65535)


class EdgeTable(_Table):
    """Where desks find the edge."""

    name: LocalText
    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65535)


class SipTable(_Table):
    """How desks register and speak."""

    domain: str = Field(min_length=1)
    codecs: tuple[str, ...] = Field(min_length=1)
    register_seconds: int = Field(default=300, ge=60, le=3600)


class OrganisationFile(_Table):
    """The whole file."""

    name: str = Field(min_length=1, max_length=80)
    server: ServerTable
    edge: EdgeTable
    sip: SipTable
    policy: PolicySection
    accessibility: AccessibilitySection = AccessibilitySection()


def read(path: Path) -> OrganisationFile:
    """Read organisation.toml.

    Raises:
        BadOrganisationFile: it is missing, not TOML, or has a member that makes no sense.
    """
    try:
        return OrganisationFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BadOrganisationFile(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadOrganisationFile(f"{path} is not TOML: {error}") from error
    except ValidationError as error:
        faults = [
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise BadOrganisationFile(f"{path}: {'; '.join(faults)}") from error


def render(name: str, server: ServerTable, edge: EdgeTable, sip_domain: str) -> str:
    """Return the text of a new organisation.toml, with comments for the people who will edit it."""
    return _TEMPLATE.format(
        name=_quoted(name),
        server_host=_quoted(server.host),
        server_port=server.port,
        edge_en=_quoted(edge.name.en),
        edge_zh=_quoted(edge.name.zh),
        edge_host=_quoted(edge.host),
        edge_port=edge.port,
        sip_domain=_quoted(sip_domain),
    )


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string, except for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


_TEMPLATE = """\
# What every desk obeys. After a change: hearthline-admin manifest publish

name = {name}

[server]
host = {server_host}
port = {server_port}

[edge]
name = {{ en = {edge_en}, zh = {edge_zh} }}
host = {edge_host}
port = {edge_port}

[sip]
domain = {sip_domain}
# In order of preference.
codecs = ["opus/48000", "G722/16000", "PCMA/8000", "PCMU/8000"]
register_seconds = 300

[policy]
# How long a device's certificate lives; desks renew it by themselves well before it ends.
certificate_days = 14

# How a call can end, in the order in which desks show it. Never reuse an id for another meaning: history keeps ids.
[[policy.wrap_up_codes]]
id = "instalment-arranged"
label = {{ en = "Instalments arranged", zh = "已办分期" }}

[[policy.wrap_up_codes]]
id = "call-back"
label = {{ en = "Call back", zh = "再联系" }}

[[policy.wrap_up_codes]]
id = "answered"
label = {{ en = "Answered", zh = "已解答" }}

[[policy.wrap_up_codes]]
id = "passed-to-expert"
label = {{ en = "Passed to an expert", zh = "转人工专家" }}

[[policy.wrap_up_codes]]
id = "complaint"
label = {{ en = "Complaint", zh = "投诉" }}

[[policy.wrap_up_codes]]
id = "details-changed"
label = {{ en = "Details changed", zh = "已改资料" }}

[[policy.wrap_up_codes]]
id = "declined"
label = {{ en = "Declined", zh = "客户婉拒" }}

[[policy.wrap_up_codes]]
id = "not-the-customer"
label = {{ en = "Not the customer", zh = "非客户本人" }}

# Where a person starts; each may choose differently for themselves.
[accessibility]
key_profile = "standard"  # or left-hand, right-hand
theme = "system"          # or light, dark, high-contrast
language = "system"       # or en, zh
"""
