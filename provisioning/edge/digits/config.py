"""What the keeper is told: a JSON file that `hearthline-admin edge config` writes."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class KeeperConfig(BaseModel):
    """Where everything is. Addresses are loopback: neither rtpengine's control nor its reports know a password."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server_url: str = Field(pattern=r"^wss://[^/]+/edge/control$")
    client_certificate: Path
    client_key: Path
    ca: Path
    relay_host: str
    relay_port: int
    """rtpengine's control (ng) address."""
    tones_host: str
    tones_port: int
    """Where rtpengine reports keys, by UDP."""
    call_store: Path
    """Kamailio's SQLite file, in which the keeper reads which tag is the customer's, and marks what is sealed."""
