"""organisation.toml: what people edit to decide what goes into the next manifest."""

import json
import re
import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from provisioning.local_text import LocalText
from provisioning.manifest import AccessibilitySection, EdgeSection, PolicySection, ScreenSection, SipSection
from provisioning.organisation_dialling import CallerNumber, Destination, Dialling, check_distinct
from provisioning.organisation_posture import TEMPLATE as POSTURE_TEMPLATE
from provisioning.organisation_posture import PostureTable

FILE_NAME = "organisation.toml"


# A host name or an IPv4 address, or an IPv6 address in brackets, and a port.
_HOST_PORT = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]):([0-9]{1,5})")


class BadOrganisationFile(Exception):
    """organisation.toml cannot be read; the text says where and why."""


def _host_port(text: str) -> str:
    match = _HOST_PORT.fullmatch(text)
    if match is None or not 0 < int(match[1]) < 65536:
        raise ValueError("write HOST:PORT, such as turn.example.org:3478")
    return text


_HostPort = Annotated[str, AfterValidator(_host_port)]


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
    real_time_text: bool = True
    message_waiting: bool = False
    ice: bool = False
    stun: tuple[_HostPort, ...] = ()
    turn: _HostPort | None = None
    noise_suppression: bool = False
    gain_control: bool = False

    @model_validator(mode="after")
    def _used(self) -> Self:
        if (self.stun or self.turn) and not self.ice:
            raise ValueError("desks use stun and turn with ICE only; set ice = true, or take them out")
        return self

    def section(self, edges: tuple[EdgeSection, ...], ca_pem: str) -> SipSection:
        """Return what desks are told of it."""
        told = self.model_dump() | {"turn": self.turn or ""}
        return SipSection(**told, edges=edges, ca_pem=ca_pem)


class PolicyTable(PolicySection):
    """What the organisation asks of desks, and what the server alone needs to know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    manual_dialling: bool = False
    caller_number: CallerNumber = ""

    def section(self) -> PolicySection:
        """Return what desks are told of it."""
        return PolicySection(**{name: getattr(self, name) for name in PolicySection.model_fields})


class OrganisationFile(_Table):
    """The whole file."""

    name: str = Field(min_length=1, max_length=80)
    server: ServerTable
    edge: EdgeTable
    further_edges: tuple[EdgeTable, ...] = Field(default=(), max_length=7)
    sip: SipTable
    policy: PolicyTable
    accessibility: AccessibilitySection = AccessibilitySection()
    screen: ScreenSection = ScreenSection()
    posture: PostureTable = PostureTable()
    directory: Annotated[tuple[Destination, ...], AfterValidator(check_distinct)] = ()

    @property
    def edges(self) -> tuple[EdgeTable, ...]:
        """All edges, in the order in which desks try them."""
        return (self.edge, *self.further_edges)

    @model_validator(mode="after")
    def _edges_apart(self) -> Self:
        places = [(edge.host, edge.port) for edge in self.edges]
        if len(set(places)) != len(places):
            raise ValueError("two edges have the same host and port; desks could not tell them apart")
        return self

    @property
    def dialling(self) -> Dialling:
        """Whom agents may call, for the server."""
        return Dialling(
            directory=self.directory,
            manual_dialling=self.policy.manual_dialling,
            caller_number=self.policy.caller_number,
        )


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
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise BadOrganisationFile(f"{path}: {'; '.join(faults)}") from error


def render(name: str, server: ServerTable, edge: EdgeTable, sip_domain: str) -> str:
    """Return the text of a new organisation.toml, with comments for the people who will edit it."""
    return (_TEMPLATE + POSTURE_TEMPLATE).format(
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

# A desk that can't reach an edge tries the next one. Each shows the same key, so the pins hold for all of them; write
# an edge's configuration with: hearthline-admin edge config --edge 2
# [[further_edges]]
# name = {{ en = "Hangzhou two", zh = "杭州二号" }}
# host = "192.0.2.11"
# port = 5061

[sip]
domain = {sip_domain}
# In order of preference.
codecs = ["opus/48000", "G722/16000", "PCMA/8000", "PCMU/8000"]
register_seconds = 300
# Typing to each other during a call (RFC 4103), letter by letter. Callers whose telephone can't do it notice nothing.
real_time_text = true
# Whether desks ask the contact centre for voicemail (RFC 3842); true only where it keeps any for agents.
message_waiting = false
# Media goes straight to the edge, and that is enough in most homes. With ice = true desks also try what is in stun and
# turn, for networks that let no UDP out. The TURN server takes the edge's credentials: hearthline-admin edge turn.
ice = false
# stun = ["turn.example.org:3478"]
# turn = "turn.example.org:3478"
# Clean the agent's voice on the agent's own PC. Off, because good headsets do it better, and twice is worse than once.
noise_suppression = false
gain_control = false

[policy]
# How long a device's certificate lives; desks renew it by themselves well before it ends, and a device that was
# switched off for longer gets the next one by its device key, for so many days.
certificate_days = 1
absence_days = 90
# "hardware" lets nobody sign in at a PC whose key was not proven to be in a TPM; "any" takes the OS key store too.
# Whose TPMs count, tpm-makers.pem beside this file says: the makers' certificates, one after the other.
device_key = "any"
# A ready agent's call is answered by itself after so many seconds, after a warning tone. Without this line: never.
# auto_answer_seconds = 3
# A call for an agent who is in one: "wait" shows it beside the first one, "refuse" sends it back to the queue.
second_call = "wait"
# Whether agents may type any number and call it. Without it they call colleagues, the directory, and customers back.
manual_dialling = false
# The number that customers and services see when an agent calls them; empty for the trunk's own choice.
caller_number = ""

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

[screen]
# What is drawn over the desk's window: "invisible" (a pattern that hearthline-admin watermark reads in pictures of it),
# "visible" (agent, device and time, in words), "both", or "none".
watermark = "invisible"
# Whether customers' data is covered while another program has the focus. A locked PC's screen is always covered.
blank_when_unfocused = true

# Whom agents may call and transfer to, beside their colleagues, in the order in which desks show it. The target is what
# the trunk is asked for, and desks never see it. A queue is inside the contact centre, a service is outside.
#
# [[directory]]
# id = "cards-experts"
# kind = "queue"
# label = {{ en = "Card experts", zh = "信用卡专家组" }}
# target = "7001"
#
# [[directory]]
# id = "interpreter"
# kind = "service"
# label = {{ en = "Interpreter", zh = "口译服务" }}
# target = "+862155550100"
"""
