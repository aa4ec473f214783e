"""The [posture] table of organisation.toml: what IT asks of PCs at home."""

from typing import Self

from pydantic import ConfigDict, Field, model_validator

from provisioning.posture import PosturePolicy
from provisioning.posture_programs import DEFAULT_PROGRAMS, Program


class PostureTable(PosturePolicy):
    """The policy, with programs that are added to the list that comes with Hearthline, or taken from it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    programs: tuple[Program, ...] = Field(default=(), max_length=200)
    """Programs beside `DEFAULT_PROGRAMS`."""
    ignored_programs: tuple[str, ...] = ()
    """Names in `DEFAULT_PROGRAMS` that this organisation has no objection to."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        listed = {program.name for program in DEFAULT_PROGRAMS}
        if unknown := [name for name in self.ignored_programs if name not in listed]:
            raise ValueError(
                f"no program of the list is called {', '.join(unknown)}; see provisioning/posture_programs.py"
            )
        if twice := [program.name for program in self.programs if program.name in listed - set(self.ignored_programs)]:
            raise ValueError(f"{', '.join(twice)} is in the list already; ignore that one, or choose another name")
        return self

    def section(self) -> PosturePolicy:
        """Return what desks are told of it."""
        told = {name: getattr(self, name) for name in PosturePolicy.model_fields}
        kept = (program for program in DEFAULT_PROGRAMS if program.name not in self.ignored_programs)
        return PosturePolicy(**{**told, "programs": (*kept, *self.programs)})


TEMPLATE = """
# What a PC must show of itself. A finding costs trust: T0 sees no customer data, T1 masked data, T2 may reveal a field,
# T3 needs a key in hardware as well. Findings that are not named here have the limits of docs/posture.md.
[posture]
check_seconds = 60
oldest_patch_days = 45
longest_lock_seconds = 900
largest_clock_skew_seconds = 120
# ignored_programs = ["Snipaste"]
# at_most = {{ "virtual-machine" = "T0", "antivirus-off" = "T2" }}
# at_most_unknown = {{ "antivirus-off" = "T2" }}
#
# [[posture.programs]]
# name = "Our old remote helper"
# kind = "remote-control"  # or capture, virtual-microphone
# processes = ["oldhelper"]
"""
