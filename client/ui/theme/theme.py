"""The look in force: which colours, how large, which fonts. One object of it serves the whole program."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from client.ui.theme.stylesheet import build
from client.ui.theme.tokens import COLOURS, MONO, SANS_EN, SANS_ZH, SIZES, ZOOM_STEPS, Colours, ThemeName, Type


class Theme(QObject):
    """Colours and sizes. `changed` is emitted after the style sheet and fonts of the application are set."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.name = ThemeName.SYSTEM
        self.zoom = 1.0
        self.language = "en"
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._system_changed)

    @property
    def effective(self) -> ThemeName:
        """The theme shown, `SYSTEM` resolved."""
        if self.name is not ThemeName.SYSTEM:
            return self.name
        hints = self._app.styleHints()
        if hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast:
            return ThemeName.HIGH_CONTRAST
        return ThemeName.DARK if hints.colorScheme() is Qt.ColorScheme.Dark else ThemeName.LIGHT

    @property
    def colours(self) -> Colours:
        """The colours shown."""
        return COLOURS[self.effective]

    def colour(self, token: str) -> QColor:
        """A colour by its token's name."""
        return QColor(getattr(self.colours, token))

    def px(self, number: float) -> int:
        """Design pixels to pixels, never less than one for something that is there."""
        return max(1, round(number * self.zoom)) if number > 0 else 0

    def font(self, size: Type = Type.BODY, *, strong: bool = False, mono: bool = False) -> QFont:
        """A font of the type scale. Figures are tabular, so that a running time does not dance."""
        font = QFont()
        font.setFamilies(list(MONO if mono else SANS_ZH if self.language == "zh" else SANS_EN))
        font.setPixelSize(self.px(SIZES[size]))
        font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def set(self, *, name: ThemeName | None = None, zoom: float | None = None, language: str | None = None) -> None:
        """Change what is given and apply all of it."""
        self.name = name or self.name
        self.zoom = min(max(zoom or self.zoom, ZOOM_STEPS[0]), ZOOM_STEPS[-1])
        self.language = language or self.language
        self._apply()

    def next_zoom(self, direction: int) -> float:
        """The next step up (+1) or down (-1), or the present factor at the end of the scale."""
        if direction > 0:
            return next((step for step in ZOOM_STEPS if step > self.zoom + 0.001), self.zoom)
        return next((step for step in reversed(ZOOM_STEPS) if step < self.zoom - 0.001), self.zoom)

    def _system_changed(self) -> None:
        if self.name is ThemeName.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        palette = QPalette()
        c = self.colours
        for role, token in (
            (QPalette.ColorRole.Window, c.bg),
            (QPalette.ColorRole.WindowText, c.ink),
            (QPalette.ColorRole.Base, c.card),
            (QPalette.ColorRole.AlternateBase, c.bg),
            (QPalette.ColorRole.Text, c.ink),
            (QPalette.ColorRole.Button, c.card),
            (QPalette.ColorRole.ButtonText, c.ink),
            (QPalette.ColorRole.PlaceholderText, c.faint),
            (QPalette.ColorRole.Highlight, c.brand_solid),
            (QPalette.ColorRole.HighlightedText, c.on_brand),
        ):
            palette.setColor(role, QColor(token))
        QGuiApplication.setPalette(palette)
        QApplication.setFont(self.font())
        self._app.setStyleSheet(build(c, self.zoom, SANS_ZH if self.language == "zh" else SANS_EN))
        self.changed.emit()
