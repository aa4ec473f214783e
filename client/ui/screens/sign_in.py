"""Sign-in: name, password, six digits."""

import re

from PySide6.QtCore import QEvent, QObject, QRegularExpression, Qt
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from client.core.events import SignInSubmitted
from client.core.snapshot import DeskSnapshot, Screen
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.screens.form import Field, FormScreen
from client.ui.widgets.button import Button
from client.ui.widgets.label import identify

_TOTP = re.compile(r"^\d{6}$", re.ASCII)


class SignInScreen(FormScreen):
    """Who works here now."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, "sign-in", self._submit)
        self._snapshot = DeskSnapshot()
        self._caps = False
        self.name = Field("sign-in.name")
        self.password = Field("sign-in.password", secret=True)
        self.totp = Field("sign-in.totp")
        for field in (self.name, self.password, self.totp):
            self.add(field)
        self.totp.edit.setValidator(QRegularExpressionValidator(QRegularExpression(r"[0-9 ]{0,7}"), self))
        self.totp.edit.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.reveal = Button(kit, kind="quiet", small=True)
        identify(self.reveal, "sign-in.reveal")
        self.reveal.clicked.connect(self._toggle_reveal)
        self.password.line.addWidget(self.reveal)
        self.password.edit.installEventFilter(self)
        self.retranslate()
        self.show_busy(False, "")

    def retranslate(self) -> None:
        """The language changed."""
        organisation = self._snapshot.organisation
        self.card.setAccessibleName(translate("sign-in", "Sign in"))
        self.title.setText(organisation or translate("sign-in", "Sign in"))
        self.lead.setText(translate("sign-in", "Sign in to your desk.") if organisation else "")
        self.lead.setVisible(bool(organisation))
        self.name.set_words(translate("sign-in", "Name"))
        self.password.set_words(translate("sign-in", "Password"))
        self.totp.set_words(translate("sign-in", "Six digits"), "123456")
        self.totp.show_hint(translate("sign-in", "From your authenticator app; they change every 30 seconds."))
        self.submit.setText(translate("sign-in", "Sign in"))
        self.submit.retranslate()
        self._show_reveal()

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show who the organisation is, progress, and the problem."""
        before, self._snapshot = self._snapshot, snapshot
        if snapshot.organisation != before.organisation:
            self.retranslate()
        if snapshot.screen is not Screen.SIGN_IN:
            # What was typed is not kept a moment longer than it takes to send it.
            for field in (self.password, self.totp):
                field.edit.clear()
            return
        self.problem.show_problem(snapshot.problem)
        self.show_busy(snapshot.busy, translate("sign-in", "Signing in…"))
        for field in (self.name, self.password, self.totp):
            field.edit.setEnabled(not snapshot.busy)
        if snapshot.problem is not None and before.busy and not snapshot.busy:
            self.totp.edit.clear()
            self.password.edit.setFocus()
            self.password.edit.selectAll()

    def first_focus(self) -> QWidget:
        """The name, or the password where the name is known."""
        return self.password.edit if self.name.edit.text() else self.name.edit

    def _toggle_reveal(self) -> None:
        shown = self.password.edit.echoMode() is QLineEdit.EchoMode.Normal
        mode = QLineEdit.EchoMode.Password if shown else QLineEdit.EchoMode.Normal
        self.password.edit.setEchoMode(mode)
        self._show_reveal()

    def _show_reveal(self) -> None:
        shown = self.password.edit.echoMode() is QLineEdit.EchoMode.Normal
        hide, show = translate("sign-in", "Hide the password"), translate("sign-in", "Show the password")
        self.reveal.setText(hide if shown else show)
        self.reveal.retranslate()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell from what arrives whether Caps Lock is on: a capital without Shift, or a small letter with it."""
        if watched is self.password.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            text, shift = event.text(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if event.key() == Qt.Key.Key_CapsLock and self._caps:
                self._show_caps(False)
            elif len(text) == 1 and text.isascii() and text.isalpha():
                self._show_caps(text.isupper() != shift)
        return super().eventFilter(watched, event)

    def _show_caps(self, on: bool) -> None:
        if on and not self._caps:
            self.kit.announcer.say(translate("sign-in", "Caps Lock is on."), urgent=True)
        self._caps = on
        self.password.show_hint(translate("sign-in", "Caps Lock is on.") if on else "", "warn")

    def _submit(self) -> None:
        name, password = self.name.edit.text().strip(), self.password.edit.text()
        totp = self.totp.edit.text().replace(" ", "")
        for field, text in ((self.name, name), (self.password, password)):
            if not text:
                field.show_hint(self.missing(), "bad")
                field.edit.setFocus()
                self.kit.announcer.say(f"{field.label.text()}: {self.missing()}", urgent=True)
                return
            field.show_hint("")
        if not _TOTP.match(totp):
            six = translate("sign-in", "Six digits are needed.")
            self.totp.show_hint(six, "bad")
            self.totp.edit.setFocus()
            self.kit.announcer.say(six, urgent=True)
            return
        self.totp.show_hint(translate("sign-in", "From your authenticator app; they change every 30 seconds."))
        self.kit.send(SignInSubmitted(name, password, totp))
