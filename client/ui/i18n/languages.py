"""The language in force, switched while the program runs."""

import logging

from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from client.ui.i18n.catalogue import compiled

_log = logging.getLogger(__name__)

LANGUAGES = ("zh", "en")


def system_language() -> str:
    """'zh' where the system's first language is a Chinese one, 'en' otherwise."""
    first = next(iter(QLocale.system().uiLanguages()), "")
    return "zh" if first.lower().startswith("zh") else "en"


class Languages:
    """Installs the catalogue; Qt then sends LanguageChange to every widget."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._translator: QTranslator | None = None
        self._catalogue: QTranslator | None = None
        self.current = "en"

    def use(self, language: str) -> None:
        """Switch to 'zh' or 'en'."""
        if self._translator is not None:
            self._app.removeTranslator(self._translator)
            self._translator = None
        self.current = "en"
        if language == "zh" and (translator := self._chinese()) is not None:
            self._translator = translator
            self.current = "zh"
            self._app.installTranslator(translator)

    def chinese(self, context: str, text: str) -> str:
        """The Chinese words whatever language is in force: the palette finds an action by either name."""
        catalogue = self._chinese()
        return (catalogue.translate(context, text) or "") if catalogue is not None else ""

    def _chinese(self) -> QTranslator | None:
        if self._catalogue is None:
            file = compiled()
            translator = QTranslator(self._app)
            if file is None or not translator.load(str(file)):
                _log.error("the Chinese catalogue cannot be made or loaded; the screen stays English")
                return None
            self._catalogue = translator
        return self._catalogue
