"""The sheets of the window: those that are the screen's own affair, and the one that the core lays over it."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from client.core.snapshot import DeskSnapshot
from client.core.snapshot import Sheet as Which
from client.ui.kit import Kit
from client.ui.sheets.check import CheckSheet
from client.ui.sheets.dial import DialSheet
from client.ui.sheets.digits import DigitsSheet
from client.ui.sheets.help import HelpSheet
from client.ui.sheets.keypad import KeypadSheet
from client.ui.sheets.palette import PaletteSheet
from client.ui.sheets.quit import QuitSheet
from client.ui.sheets.reveal import RevealSheet
from client.ui.sheets.sheet import CoreSheet, Sheet
from client.ui.sheets.sound import SoundSheet

Maker = Callable[[Kit, QWidget], CoreSheet]
_CORE: dict[Which, Maker] = {
    Which.DIAL: DialSheet,
    Which.CONSULT: DialSheet,
    Which.TRANSFER: DialSheet,
    Which.KEYPAD: KeypadSheet,
    Which.SOUND: SoundSheet,
    Which.CHECK: CheckSheet,
    Which.REVEAL: RevealSheet,
    Which.DIGITS: DigitsSheet,
}


class Sheets:
    """All of them, and which one is on top. Those of the core are made when wanted: the desk must start fast."""

    def __init__(self, kit: Kit, over: QWidget) -> None:
        self._kit = kit
        self._over = over
        self.palette = PaletteSheet(kit, over)
        self.help = HelpSheet(kit, over)
        self.quit = QuitSheet(kit, over)
        self.own: tuple[Sheet, ...] = (self.palette, self.help, self.quit)
        self._core: dict[Maker, CoreSheet] = {}
        self.field_wanted = ""
        """The field in whose row the focus was when a field was asked to be shown."""
        self._shown: Which | None = None

    @property
    def all(self) -> tuple[Sheet, ...]:
        """Every sheet; what can lie above comes first."""
        return (*self.own, *self._core.values())

    @property
    def top(self) -> Sheet | None:
        """The open sheet that lies above the others."""
        return next((sheet for sheet in self.all if sheet.is_open), None)

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Open and close what the core wants, and bring it up to date."""
        wanted = self._make(_CORE[snapshot.sheet]) if snapshot.sheet is not None else None
        for sheet in self._core.values():
            if sheet is not wanted:
                sheet.close_sheet()
        if wanted is not None:
            wanted.show_snapshot(snapshot)
            if not wanted.is_open or snapshot.sheet is not self._shown:
                if isinstance(wanted, RevealSheet):
                    wanted.wanted, self.field_wanted = self.field_wanted, ""
                wanted.open()
                self._raise_own()
        self._shown = snapshot.sheet

    def close_own(self) -> None:
        """Take the screen's own sheets away; the core takes its own."""
        for sheet in self.own:
            sheet.close_sheet()

    def _make(self, kind: Maker) -> CoreSheet:
        if kind not in self._core:
            self._core[kind] = kind(self._kit, self._over)
        return self._core[kind]

    def _raise_own(self) -> None:
        """What the person opened above stays above."""
        for sheet in self.own:
            if sheet.is_open:
                sheet.raise_()
                sheet.first_focus().setFocus()

    def digits(self) -> str:
        """Whose the digits are while a sheet of the core is on top: 'dial', 'keypad', 'reveal', or nobody's."""
        kinds = ((KeypadSheet, "keypad"), (DialSheet, "dial"), (RevealSheet, "reveal"))
        return next((name for kind, name in kinds if isinstance(self.top, kind)), "")

    def can_choose(self, number: int) -> bool:
        """Whether the sheet with the digits has an entry of this number."""
        top = self.top
        return isinstance(top, KeypadSheet) or (isinstance(top, DialSheet | RevealSheet) and number <= top.count)

    def choose(self, number: int) -> None:
        """Choose the entry of this number in the sheet with the digits."""
        top = self.top
        if isinstance(top, KeypadSheet | DialSheet | RevealSheet):
            top.choose(number)
