"""Between calls: what this desk can prove about itself, in whole words."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from client.core.snapshot import DeskSnapshot, StatusSnapshot
from client.core.telephony import RegistrationState, SoundFault
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.labels import line_state, trust_words
from client.ui.theme.scale import spaced
from client.ui.theme.tokens import Type
from client.ui.widgets.glyph import Glyph, GlyphView
from client.ui.widgets.label import Label
from client.ui.widgets.panel import Panel


@dataclass(frozen=True)
class Check:
    """One line: a sign, what it is about, how it stands."""

    identifier: str
    glyph: Glyph
    tone: str
    title: str
    detail: str


def _sound(status: StatusSnapshot) -> str:
    if SoundFault.NO_MICROPHONE in status.sound_faults and SoundFault.NO_SPEAKER in status.sound_faults:
        return translate("desk-check", "No microphone and no headphone")
    if SoundFault.NO_MICROPHONE in status.sound_faults:
        return translate("desk-check", "No microphone: customers will not hear you")
    if SoundFault.NO_SPEAKER in status.sound_faults:
        return translate("desk-check", "No headphone: you will not hear customers")
    return translate("desk-check", "Microphone and headphone found")


def checks(kit: Kit, status: StatusSnapshot) -> tuple[Check, ...]:
    """All lines for a status."""
    line, line_tone, line_glyph = line_state(status.registration)
    if status.registration is RegistrationState.REGISTERED:
        line_glyph = Glyph.CHECK
        line += f" · {kit.words(status.edge)}" if status.edge else ""
    good, away = (Glyph.CHECK, "ok"), (Glyph.CROSS, "bad")
    server = (
        translate("desk-check", "Connected, with this PC's own certificate")
        if status.server_connected
        else translate("desk-check", "Away. Calls go on; saving waits, sealed, on this PC")
    )
    engine = translate("desk-check", "Running") if status.engine_running else translate("desk-check", "Starting")
    trust = trust_words(status.trust, status.trust_reasons)
    level = translate("desk-check", "Trust") + (f" T{status.trust}" if status.trust is not None else "")
    recording = (
        translate("desk-check", "This session is being recorded")
        if status.recording
        else translate("desk-check", "Nothing is being recorded")
    )
    if status.watchers:
        names = translate("status", ", ").join(status.watchers)
        watched = translate("desk-check", "Listening now: {names}").format(names=names)
    else:
        watched = translate("desk-check", "Nobody is listening")
    sound = (Glyph.WARN, "warn") if status.sound_faults else good
    return (
        Check("line", line_glyph, line_tone, translate("desk-check", "Telephone line"), line),
        Check("server", *(good if status.server_connected else away), translate("desk-check", "Server"), server),
        Check(
            "engine",
            *(good if status.engine_running else (Glyph.RING, "warn")),
            translate("desk-check", "Sound engine"),
            engine,
        ),
        Check("sound", *sound, translate("desk-check", "Headset"), _sound(status)),
        Check("trust", Glyph.SHIELD, "ok" if (status.trust or 0) >= 1 else "dim", level, trust),
        Check(
            "watch",
            Glyph.EYE,
            "brand" if status.watchers or status.recording else "dim",
            translate("desk-check", "Recording and listening"),
            f"{recording} · {watched}",
        ),
    )


class DeskCheck(Panel):
    """The lines."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, "panel.desk")
        self._grid = QGridLayout()
        spaced(self._grid, 14, (0, 4, 0, 0))
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        self._rows: list[tuple[GlyphView, Label, Label]] = []
        self._snapshot = DeskSnapshot()
        self.retranslate()

    def retranslate(self) -> None:
        """The language changed."""
        self.set_heading(translate("desk-check", "This desk"))
        self.show_snapshot(self._snapshot)

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show how the desk stands."""
        self._snapshot = snapshot
        for number, check in enumerate(checks(self.kit, snapshot.status)):
            if number == len(self._rows):
                self._add(number, check.identifier)
            sign, title, detail = self._rows[number]
            sign.show_as(check.glyph, check.tone)
            title.setText(check.title)
            detail.setText(check.detail)
            detail.setAccessibleName(f"{check.title}: {check.detail}")

    def _add(self, number: int, identifier: str) -> None:
        sign = GlyphView(self.kit.theme, Glyph.RING, size=18)
        title = Label(strong=True, wrap=True)
        detail = Label(size=Type.SMALL, tone="dim", wrap=True, name=f"check.{identifier}")
        words = QVBoxLayout()
        spaced(words, 1)
        words.addWidget(title)
        words.addWidget(detail)
        self._grid.addWidget(sign, number, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addLayout(words, number, 1)
        self._rows.append((sign, title, detail))
