"""Enrolment: a server address and a code, or the whole hearthline:// link."""

from PySide6.QtWidgets import QWidget

from client.core.events import EnrolSubmitted
from client.core.problems import Problem
from client.core.snapshot import DeskSnapshot
from client.ui.i18n import translate
from client.ui.kit import Kit
from client.ui.screens.form import Field, FormScreen

_LINK = "hearthline://"
_SERVER_PROBLEMS = {"enrolment-server-wrong", "server-unreachable", "enrolment-proof-wrong"}


class EnrolScreen(FormScreen):
    """The first screen on a new PC."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, "enrol", self._submit)
        self._busy = False
        self._problem: Problem | None = None
        self.code = Field("enrol.code")
        self.server = Field("enrol.server")
        self.add(self.code)
        self.add(self.server)
        self.code.edit.textChanged.connect(self._code_changed)
        self.retranslate()
        self.show_busy(False, "")

    def retranslate(self) -> None:
        """The language changed."""
        self.card.setAccessibleName(translate("enrol", "Enrol this PC"))
        self.title.setText(translate("enrol", "Enrol this PC"))
        self.lead.setText(translate("enrol", "Once only. IT gave you a code, or a link that has everything in it."))
        self.code.set_words(translate("enrol", "Enrolment code or link"), "XXXX-XXXX-XXXX-XXXX-XXXX-XXXX")
        self.server.set_words(translate("enrol", "Server address"), "desks.example.com")
        self.submit.setText(translate("enrol", "Enrol"))
        self.submit.retranslate()
        self._code_changed()

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show progress, or the problem beside the field that it is about."""
        self.problem.show_problem(snapshot.problem)
        self.show_busy(
            snapshot.busy, translate("enrol", "Making this PC's key, then asking the server for its certificate…")
        )
        self.code.edit.setEnabled(not snapshot.busy)
        fresh = snapshot.problem is not None and (snapshot.problem != self._problem or self._busy)
        self._busy, self._problem = snapshot.busy, snapshot.problem
        self._code_changed()
        if fresh and not snapshot.busy and snapshot.problem is not None:
            wrong = (
                self.server if snapshot.problem.code in _SERVER_PROBLEMS and self.server.edit.isEnabled() else self.code
            )
            wrong.edit.setFocus()
            wrong.edit.selectAll()

    def first_focus(self) -> QWidget:
        """Where to type first."""
        return self.code.edit

    def _code_changed(self, _text: str = "") -> None:
        link = self.code.edit.text().strip().lower().startswith(_LINK)
        self.server.edit.setEnabled(not link and not self._busy)
        self.server.show_hint(translate("enrol", "The link has the address in it.") if link else "")
        self.code.show_hint("")

    def _submit(self) -> None:
        code, server = self.code.edit.text().strip(), self.server.edit.text().strip()
        link = code.lower().startswith(_LINK)
        for field, text in ((self.code, code), (self.server, server or ("-" if link else ""))):
            if not text:
                field.show_hint(self.missing(), "bad")
                field.edit.setFocus()
                self.kit.announcer.say(f"{field.label.text()}: {self.missing()}", urgent=True)
                return
        self.kit.send(EnrolSubmitted("" if link else server, code))
