"""What a person chose for the screen, kept across restarts: language, theme, zoom, keys. Never customer data."""

import json
import logging
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from client.core.keys import KeyProfile
from client.ui.theme.tokens import ZOOM_STEPS, ThemeName

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Choices:
    """The choices. `language` is 'zh', 'en', or empty for the system's; `double_strike_ms` is EN 301 549, 5.8."""

    language: str = ""
    theme: ThemeName = ThemeName.SYSTEM
    zoom: float = 1.0
    keys: KeyProfile = KeyProfile.STANDARD
    double_strike_ms: int = 250
    sign_in_name: str = ""
    """The agent's own name at the last sign-in; on a shared PC the next person types over it."""
    defaults_taken: bool = False
    """Whether the organisation's defaults were taken over; they are offered once, and what a person chose stays."""


class Preferences(Protocol):
    """Where the choices are kept."""

    def read(self) -> Choices:
        """Return the choices; the defaults where there are none or they can't be read."""

    def write(self, choices: Choices) -> None:
        """Keep the choices. A failure is logged and no more: a lost zoom factor must not stop anybody's work."""


class MemoryPreferences:
    """Choices for as long as the program runs."""

    def __init__(self, choices: Choices | None = None) -> None:
        self._choices = choices or Choices()

    def read(self) -> Choices:
        """Return what was written last."""
        return self._choices

    def write(self, choices: Choices) -> None:
        """Keep the choices."""
        self._choices = choices


class JsonPreferences:
    """Choices in a small JSON file, replaced as a whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Choices:
        """Return the choices in the file; each one that is missing or makes no sense is the default."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Choices()
        except (OSError, ValueError):
            _log.warning("the preferences file cannot be read; defaults are used")
            return Choices()
        return _checked(found if isinstance(found, dict) else {})

    def write(self, choices: Choices) -> None:
        """Replace the file."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = self._path.with_suffix(".new")
            fresh.write_text(json.dumps(asdict(choices), indent=2) + "\n", encoding="utf-8")
            os.replace(fresh, self._path)
        except OSError:
            _log.warning("the preferences file cannot be written; the choice lasts until the program ends")


def _checked(found: dict[str, Any]) -> Choices:
    default = Choices()
    language = found.get("language")
    name = found.get("sign_in_name")
    theme = found.get("theme")
    keys = found.get("keys")
    return Choices(
        language=language if language in ["zh", "en"] else default.language,
        theme=ThemeName(theme) if theme in list(ThemeName) else default.theme,
        zoom=_number(found.get("zoom"), ZOOM_STEPS[0], ZOOM_STEPS[-1], default.zoom),
        keys=KeyProfile(keys) if keys in list(KeyProfile) else default.keys,
        double_strike_ms=int(_number(found.get("double_strike_ms"), 0, 1000, default.double_strike_ms)),
        sign_in_name=name if isinstance(name, str) and len(name) <= 80 else default.sign_in_name,
        defaults_taken=found.get("defaults_taken") is True,
    )


def _number(value: object, least: float, most: float, default: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    return float(value) if least <= value <= most else default
