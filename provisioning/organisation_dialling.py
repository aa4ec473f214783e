"""Whom agents may call, as the organisation decides it.

Desks see names and never targets: a desk dials a token, and the edge asks the server what it stands for. So this is no
part of the manifest; publishing writes it beside the manifest, for the server alone.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from provisioning.api import Name
from provisioning.local_text import LocalText

FILE_NAME = "dialling.json"

Target = Annotated[str, Field(pattern=r"^\+?[A-Za-z0-9*#._-]{1,64}$")]
"""A user part, as the trunk understands it: an extension, a queue's name, or a number."""
CallerNumber = Annotated[str, Field(pattern=r"^(\+?[0-9]{2,20})?$")]
"""A number to show, or an empty string for the trunk's own choice."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Destination(_Part):
    """A queue or a service that agents may call and transfer to."""

    id: Name
    kind: Literal["queue", "service"]
    """A queue is inside the contact centre; a service is outside, and is shown the organisation's number."""
    label: LocalText
    target: Target


class Dialling(_Part):
    """Everything that the server needs to know about outgoing calls. As it stands here, it allows colleagues only."""

    directory: tuple[Destination, ...] = ()
    manual_dialling: bool = False
    caller_number: CallerNumber = ""

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        check_distinct(self.directory)
        return self


def check_distinct(directory: tuple[Destination, ...]) -> tuple[Destination, ...]:
    """Return the directory.

    Raises:
        ValueError: two entries share an id, so a desk could not say which one it means.
    """
    seen: set[str] = set()
    for entry in directory:
        if entry.id in seen:
            raise ValueError(f"two entries have the id {entry.id}; give each its own")
        seen.add(entry.id)
    return directory
