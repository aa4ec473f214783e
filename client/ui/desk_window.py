"""The desk's window: the screens, the bars around them, and what the local commands do."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from client.core.commands import BY_ID, COMMANDS
from client.core.events import Invoked
from client.core.keys import KeyProfile
from client.core.snapshot import DeskSnapshot, Screen, ScreenDefaults
from client.ui import call_words, covering
from client.ui.announce import Announcer
from client.ui.attention import Attention
from client.ui.bridge import Bridge
from client.ui.clear import ClearSource, NothingClear
from client.ui.covering import Hidden, covered
from client.ui.focus_order import move, walk
from client.ui.i18n import translate
from client.ui.i18n.languages import LANGUAGES, Languages, system_language
from client.ui.keyboard import Keyboard, is_text_field
from client.ui.kit import Kit
from client.ui.labels import profile_label, theme_label
from client.ui.narrator import changes
from client.ui.panels.call_bar import CallBar
from client.ui.panels.problem import ProblemView
from client.ui.panels.status_bar import StatusBar
from client.ui.preferences import Choices, Preferences
from client.ui.reasons import reason
from client.ui.screens.agent import AgentScreen
from client.ui.screens.enrol import EnrolScreen
from client.ui.screens.sign_in import SignInScreen
from client.ui.screens.starting import StartingScreen
from client.ui.screens.supervisor import SupervisorScreen
from client.ui.sheets.stack import Sheets
from client.ui.theme.scale import rescale, spaced
from client.ui.theme.theme import Theme
from client.ui.theme.tokens import ThemeName
from client.ui.widgets.edit import Edit, LineCover
from client.ui.widgets.focus_ring import FocusRing
from client.ui.widgets.key_hint import KeyHint
from client.ui.widgets.label import identify

_WITH_BARS = {Screen.AGENT, Screen.SUPERVISOR}
_DIGITS = "choose."
_DECISIONS = {"approval.approve": True, "approval.refuse": False}
AnyScreen = StartingScreen | EnrolScreen | SignInScreen | AgentScreen | SupervisorScreen
Choice = TypeVar("Choice", ThemeName, KeyProfile)


class DeskWindow(QWidget):
    """Shows the bridge's snapshots and sends what the person does.

    `closing` is emitted once, when the person closes the window and no call stands against it; the window is gone
    after it, and with it the application's event loop, so shut the rest down when `exec` returns.
    """

    closing = Signal()

    def __init__(
        self,
        bridge: Bridge,
        preferences: Preferences,
        theme: Theme,
        languages: Languages,
        *,
        clock: Callable[[], float] = time.time,
        safe: ClearSource | None = None,
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._preferences = preferences
        self.choices = preferences.read()
        self.snapshot = DeskSnapshot()
        self._uncovered = self.snapshot
        self._line_covers: list[LineCover] = []
        self._may_close = False
        self.setObjectName("desk")
        self.setMinimumSize(480, 400)
        theme.zoom, theme.name = self.choices.zoom, self.choices.theme
        languages.use(self.choices.language or system_language())
        theme.language = languages.current
        self.announcer = Announcer(self)
        self.kit = Kit(
            theme,
            languages,
            self.announcer,
            bridge.send,
            self.invoke,
            clock,
            self.choices.keys,
            safe or NothingClear(),
        )
        self._build()
        self.attention = Attention(self, bridge.send, self.agent.customer.cover)
        self.keyboard = Keyboard(self, self.choices.keys, self.choices.double_strike_ms)
        self.keyboard.command.connect(self.invoke)
        self.keyboard.waiting.connect(lambda first: self.key_hint.wait(first, self.keyboard.sequences.seconds()))
        self._ticker = QTimer(self)
        self._ticker.setInterval(1000)
        self._ticker.timeout.connect(self._tick)
        theme.changed.connect(self._rescale)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)
        bridge.snapshot.connect(self.show_snapshot)
        theme.set()
        self.retranslate()
        self._show()

    def _build(self) -> None:
        kit = self.kit
        self.call_bar = CallBar(kit)
        self.problem = ProblemView(kit, "problem", dismissable=True)
        self.body = QWidget()
        identify(self.body, "body")
        # The work takes what the bars leave, however little; the bars are never squeezed for it.
        self.body.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.stack = QStackedLayout(self.body)
        self.starting = StartingScreen(kit)
        self.enrol = EnrolScreen(kit)
        self.sign_in = SignInScreen(kit)
        self.agent = AgentScreen(kit)
        self.supervisor = SupervisorScreen(kit)
        self.sign_in.name.edit.setText(self.choices.sign_in_name)
        self.screens: dict[Screen, AnyScreen] = {
            Screen.STARTING: self.starting,
            Screen.ENROL: self.enrol,
            Screen.SIGN_IN: self.sign_in,
            Screen.AGENT: self.agent,
            Screen.SUPERVISOR: self.supervisor,
        }
        for screen in self.screens.values():
            self.stack.addWidget(screen)
        self.status_bar = StatusBar(kit)
        column = QVBoxLayout(self)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        spaced(column, 0)
        column.addWidget(self.call_bar)
        column.addWidget(self.problem)
        column.addWidget(self.body, 1)
        column.addWidget(self.status_bar)
        self.sheets = Sheets(kit, self.body)
        self.sheets.palette.chosen.connect(self.invoke)
        self.sheets.quit.confirmed.connect(self.close_now)
        self.key_hint = KeyHint(kit, self.body)
        self.focus_ring = FocusRing(self, kit.theme)

    # --- Snapshots ----------------------------------------------------------------------------------------------------

    def show_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Show a snapshot, tell what changed, and keep the focus where it makes sense."""
        self._uncovered = snapshot
        if self.kit.hidden is not None:
            snapshot = covered(snapshot)
        old, self.snapshot = self.snapshot, snapshot
        if snapshot.defaults is not None and not self.choices.defaults_taken:
            self._take_defaults(snapshot.defaults)
        focus = self.focusWidget()
        self._show()
        for text, urgent in changes(self.kit, old, snapshot):
            self.announcer.say(text, urgent=urgent)
        rings, rang = call_words.ringing(snapshot), call_words.ringing(old)
        if rings is not None and (rang is None or rang.ref != rings.ref):
            QApplication.alert(self)
            self.raise_()
        if old.screen is not snapshot.screen:
            self.keyboard.cancel()
            self.sheets.close_own()
            if old.screen is Screen.SIGN_IN and snapshot.person is not None:
                self._choose(sign_in_name=snapshot.person.name)
            self._focus_first()
        elif focus is not None and not (focus.isVisible() and focus.isEnabled()):
            self._focus_first()
        elif old.call is not None and snapshot.call is None and snapshot.wrap_up and not is_text_field(focus):
            # What comes after a call is its wrap-up; the digits are the codes' from now on.
            self.agent.wrap_up.setFocus()

    def cover(self, hidden: Hidden | None) -> None:
        """Take customers' data off the screen, or show it again. Nothing of it is said: it is not news."""
        if hidden is self.kit.hidden:
            return
        self.kit.hidden = hidden
        if hidden is not None:
            self.agent.customer.cover()
        self.snapshot = covered(self._uncovered) if hidden is not None else self._uncovered
        focus = self.focusWidget()
        self._cover_fields()
        self._show()
        if focus is not None and not (focus.isVisible() and focus.isEnabled()):
            self._focus_first()
        # On the screen before anything else happens, and not with the next repaint.
        self.repaint()

    def _cover_fields(self) -> None:
        """What a person has typed is as much a customer's as what came from the server."""
        hidden = self.kit.hidden
        for edit in self.findChildren(Edit):
            edit.uncover() if hidden is None else edit.cover(covering.words(hidden))
        if hidden is None:
            while self._line_covers:
                self._line_covers.pop().lift()
        elif not self._line_covers:
            lines = [line for sheet in self.sheets.all if sheet.is_open for line in sheet.findChildren(QLineEdit)]
            self._line_covers = [LineCover(line) for line in lines]

    def _show(self) -> None:
        snapshot = self.snapshot
        bars = snapshot.screen in _WITH_BARS
        self.stack.setCurrentWidget(self.screens[snapshot.screen])
        # A desk that was restarted in a call shows the call at once: hearing does not depend on signing in.
        strip = snapshot.screen is Screen.SIGN_IN and snapshot.call is not None
        self.call_bar.setVisible(snapshot.screen is Screen.AGENT or strip)
        self.call_bar.show_snapshot(snapshot)
        self.problem.show_problem(snapshot.problem if bars else None)
        self.problem.dismiss.setEnabled("problem.dismiss" in snapshot.enabled)
        self.screens[snapshot.screen].show_snapshot(snapshot)
        if snapshot.screen is not Screen.SIGN_IN:
            self.sign_in.show_snapshot(snapshot)
        self.status_bar.show_snapshot(snapshot)
        self.sheets.show_snapshot(snapshot)
        self._show_digits()
        self._title()

    def _title(self) -> None:
        rings = call_words.ringing(self.snapshot) is not None
        prefix = f"● {translate('call-bar', 'Incoming call')} — " if rings else ""
        self.setWindowTitle(f"{prefix}Hearthline")

    def _focus_first(self) -> None:
        sheet = self.sheets.top
        first = (sheet or self.screens[self.snapshot.screen]).first_focus()
        if first is None and self.snapshot.screen is Screen.AGENT:
            first = self.call_bar.pill
        if first is not None:
            first.setFocus()

    def _focus_changed(self, _old: QWidget | None, _new: QWidget | None) -> None:
        self.status_bar.show_typing(is_text_field(self.focusWidget()))
        self._show_digits()

    def _show_digits(self) -> None:
        self.agent.show_digits(self._digit_panel())

    def _digit_panel(self) -> str:
        return self.sheets.digits() or self.agent.digit_panel(self.focusWidget())

    # --- Commands -----------------------------------------------------------------------------------------------------

    def invoke(self, command: str) -> None:
        """Do a command of the registry, whether its key, its button or the palette asked for it."""
        if not self.can(command):
            why = f"{translate('commands', BY_ID[command].title)}: {reason(command, self.snapshot)}"
            self.announcer.say(why, urgent=True)
            return
        if BY_ID[command].local:
            self._local(command)
            return
        # What was typed up to now goes first, so that nothing is saved without its last words.
        self.agent.wrap_up.flush()
        if command in _DECISIONS and self.snapshot.approvals:
            # What is decided is what was on the screen, and not what may have come to the front since.
            self.supervisor.approval.decide(approved=_DECISIONS[command])
            return
        if command == "customer.reveal":
            self.sheets.field_wanted = self.agent.customer.field_of(self.focusWidget())
        digits = command.startswith(_DIGITS)
        if digits and self.sheets.digits():
            self.sheets.choose(int(command.removeprefix(_DIGITS)))
            return
        self._bridge.send(Invoked(command, self._digit_panel() if digits else ""))

    def can(self, command: str) -> bool:
        """Whether a command would do something now."""
        if command.startswith("focus.") and command not in {"focus.next", "focus.previous"}:
            return self._place(command) is not None
        if command == "field.leave":
            return self.sheets.top is not None or is_text_field(self.focusWidget())
        if BY_ID[command].local:
            return True
        if command.startswith(_DIGITS):
            number = int(command.removeprefix(_DIGITS))
            if self.sheets.digits():
                return self.sheets.can_choose(number)
            return self.snapshot.screen is Screen.AGENT and self.agent.can_choose(self._digit_panel(), number)
        return command in self.snapshot.enabled

    def _local(self, command: str) -> None:
        match command:
            case "focus.next" | "focus.previous":
                self._move(forwards=command == "focus.next")
            case "field.leave":
                self._leave()
            case "view.palette":
                self._open_palette()
            case "view.help":
                (self.sheets.help.close_sheet if self.sheets.help.is_open else self.sheets.help.open)()
            case "view.language":
                now = LANGUAGES.index(self.kit.language)
                self.set_language(LANGUAGES[(now + 1) % len(LANGUAGES)])
            case "view.theme":
                self.set_theme(_next(ThemeName, self.kit.theme.name))
            case "view.keys":
                self.set_keys(_next(KeyProfile, self.kit.profile))
            case "view.larger" | "view.smaller":
                self.set_zoom(self.kit.theme.next_zoom(1 if command == "view.larger" else -1))
            case "program.quit":
                self.close()
            case _:
                self._go(command)

    def _go(self, command: str) -> None:
        self.sheets.close_own()
        if self.sheets.top is not None:
            self.sheets.top.dismiss()
        if (place := self._place(command)) is not None:
            place.setFocus()

    def _place(self, command: str) -> QWidget | None:
        screen = self.supervisor if self.snapshot.screen is Screen.SUPERVISOR else self.agent
        return screen.place(command)

    def _move(self, *, forwards: bool) -> None:
        """Walk a list to its end first, and scroll through what is taller than its view; then go to the next stop."""
        if not walk(self.focusWidget(), forwards=forwards) and not self.focus_ring.scroll_on(forwards=forwards):
            (self.sheets.top or self).focusNextPrevChild(forwards)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Tab goes in the order of the screen."""
        return move(self, forwards=forwards)

    def _leave(self) -> None:
        if self.sheets.top is not None:
            self.sheets.top.dismiss()
            return
        focus = self.focusWidget()
        holder = focus.parentWidget() if focus is not None else None
        while holder is not None and holder is not self and not holder.focusPolicy():
            holder = holder.parentWidget()
        target = holder if holder is not None and holder is not self else None
        if target is None and self.snapshot.screen is Screen.SUPERVISOR:
            target = self.supervisor.table
        # On a form no panel can take the focus: the button can, and does nothing by itself.
        form = {Screen.ENROL: self.enrol.submit, Screen.SIGN_IN: self.sign_in.submit}.get(self.snapshot.screen)
        (target or form or self.status_bar).setFocus()

    def _open_palette(self) -> None:
        if self.sheets.palette.is_open:
            self.sheets.palette.close_sheet()
            return
        enabled = frozenset(command.id for command in COMMANDS if self.can(command.id))
        reasons = {command.id: reason(command.id, self.snapshot) for command in COMMANDS if command.id not in enabled}
        focus = self.focusWidget()
        self.sheets.palette.offer(reasons, first=getattr(focus, "command", "") if focus is not None else "")

    # --- Choices ------------------------------------------------------------------------------------------------------

    def set_language(self, language: str) -> None:
        """Switch to 'zh' or 'en' and keep the choice."""
        self.kit.languages.use(language)
        self.kit.theme.set(language=self.kit.language)
        self._choose(language=self.kit.language)
        self.announcer.say(translate("view", "Language: English"))

    def set_theme(self, theme: ThemeName) -> None:
        """Switch the colours and keep the choice."""
        self.kit.theme.set(name=theme)
        self._choose(theme=theme)
        self.announcer.say(theme_label(theme))

    def set_zoom(self, zoom: float) -> None:
        """Set the size and keep the choice."""
        self.kit.theme.set(zoom=zoom)
        self._choose(zoom=self.kit.theme.zoom)
        self.announcer.say(f"{round(self.kit.theme.zoom * 100)}%")

    def set_keys(self, profile: KeyProfile) -> None:
        """Switch the key profile and keep the choice."""
        self.kit.profile = profile
        self.keyboard.use(profile)
        self._choose(keys=profile)
        self.retranslate()
        self.announcer.say(profile_label(profile))

    def _take_defaults(self, defaults: ScreenDefaults) -> None:
        """Set the screen as the organisation would, once, where the person has not chosen otherwise yet."""
        before, plain = self.choices, Choices()
        if before.keys is plain.keys and defaults.key_profile in set(KeyProfile) - {plain.keys}:
            self.set_keys(KeyProfile(defaults.key_profile))
        if before.theme is plain.theme and defaults.theme in set(ThemeName) - {plain.theme}:
            self.set_theme(ThemeName(defaults.theme))
        if before.language == plain.language and defaults.language in LANGUAGES:
            self.set_language(defaults.language)
        self._choose(defaults_taken=True)

    def _choose(self, **changed: object) -> None:
        self.choices = replace(self.choices, **changed)  # type: ignore[arg-type]
        self._preferences.write(self.choices)

    # --- Language, size, time -----------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """The language changed under us."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "focus_ring"):
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Say everything again in the language in force."""
        for widget in self.findChildren(QWidget):
            again = getattr(widget, "retranslate", None)
            if callable(again):
                again()
        self.setAccessibleName("Hearthline")
        self._rescale()
        self._title()

    def _rescale(self) -> None:
        rescale(self, self.kit.theme.zoom)
        self.focus_ring.follow()

    def _tick(self) -> None:
        if not self.call_bar.isHidden():
            self.call_bar.tick()
        if self.snapshot.screen is Screen.AGENT:
            self.agent.tick()
        elif self.snapshot.screen is Screen.SUPERVISOR:
            self.supervisor.tick()

    def showEvent(self, event: QShowEvent) -> None:
        """Time runs only while somebody can see it."""
        self._ticker.start()
        super().showEvent(event)
        if self.focusWidget() is None:
            self._focus_first()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees the time."""
        self._ticker.stop()
        super().hideEvent(event)

    # --- The end ------------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first when a call is on."""
        if self.snapshot.call is not None and not self._may_close:
            event.ignore()
            self.sheets.quit.open()
            return
        self.agent.wrap_up.flush()
        event.accept()
        self.closing.emit()

    def close_now(self) -> None:
        """Close without asking: the person has confirmed it, or the session ends the program."""
        self._may_close = True
        self.close()


def _next(kind: type[Choice], now: Choice) -> Choice:
    choices = list(kind)
    return choices[(choices.index(now) + 1) % len(choices)]
