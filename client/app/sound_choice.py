"""Which sound devices a person chose on this PC, kept across restarts."""

import logging
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from client.security.files import private_directory, write_whole

_log = logging.getLogger("hearthline.desk")


class SoundChoice(BaseModel):
    """Devices by name; an empty name is the system's choice. `ear` is both, left or right."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    capture: str = Field(default="", max_length=512)
    playback: str = Field(default="", max_length=512)
    ring: str = Field(default="", max_length=512)
    ear: str = Field(default="both", pattern=r"^(both|left|right)$")


class SoundChoices:
    """One small file in the profile's directory. A choice that can't be read or kept is no reason not to work."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "sound.json"

    def load(self) -> SoundChoice:
        """Return what was chosen last; the system's devices where nothing was, or it can't be read."""
        try:
            return SoundChoice.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return SoundChoice()
        except (OSError, ValidationError) as error:
            _log.info("the choice of sound devices can't be read: %s", type(error).__name__)
            return SoundChoice()

    def save(self, choice: SoundChoice) -> None:
        """Keep a choice."""
        try:
            private_directory(self._path.parent)
            write_whole(self._path, choice.model_dump_json().encode())
        except Exception as error:  # DiskFull and whatever else a disk can do.
            _log.info("the choice of sound devices is not kept: %s", type(error).__name__)
