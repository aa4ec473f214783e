"""What every part of the screen is given: the look, the language, the keys, and the ways out."""

from collections.abc import Callable
from dataclasses import dataclass, field

from client.core.events import Event
from client.core.keys import PROFILES, KeyProfile
from client.core.snapshot import Words
from client.ui.announce import Announcer
from client.ui.clear import ClearSource, NothingClear
from client.ui.covering import Hidden
from client.ui.i18n import pick
from client.ui.i18n.languages import Languages
from client.ui.theme.theme import Theme


@dataclass
class Kit:
    """Shared by all widgets of one window."""

    theme: Theme
    languages: Languages
    announcer: Announcer
    send: Callable[[Event], None]
    """Tells the core."""
    invoke: Callable[[str], None]
    """Does a command of the registry, as if its key had been pressed."""
    clock: Callable[[], float]
    """Seconds since the epoch."""
    profile: KeyProfile = field(default=KeyProfile.STANDARD)
    safe: ClearSource = field(default_factory=NothingClear)
    """Where what may be painted in clear is."""
    hidden: Hidden | None = None
    """Why customers' data is covered now."""

    @property
    def language(self) -> str:
        """'zh' or 'en'."""
        return self.languages.current

    def words(self, words: Words) -> str:
        """The organisation's words in the language in force."""
        return pick(words, self.language)

    def key(self, command: str) -> str:
        """The key sequence of a command in the profile in force, or an empty string."""
        return PROFILES[self.profile].get(command, "")
