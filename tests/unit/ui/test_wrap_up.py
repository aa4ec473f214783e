"""The note: told to the core in time, never overwritten, never too long."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from client.core.events import Invoked, NotesEdited
from client.core.snapshot import WrapUpSnapshot
from client.ui import samples
from client.ui.panels.wrap_up import NOTES_LIMIT
from tests.unit.ui.conftest import Desk

K = Qt.Key
assert samples.TALKING.wrap_up is not None
REF = samples.TALKING.wrap_up.ref


def _notes(desk: Desk) -> QPlainTextEdit:
    widget = desk.find("notes")
    assert isinstance(widget, QPlainTextEdit)
    return widget


def test_a_pause_in_typing_tells_the_core(desk: Desk, qtbot: QtBot) -> None:
    desk.show(samples.TALKING)
    _notes(desk).setPlainText("12 期")
    qtbot.waitUntil(lambda: desk.sent == [NotesEdited("12 期", REF)])


def test_leaving_the_field_tells_the_core(desk: Desk) -> None:
    desk.show(replace(samples.WRAP_UP, wrap_up=WrapUpSnapshot("c9", "", "answered"))).press(K.Key_W).type("ok")
    desk.press(K.Key_Escape)
    assert desk.sent == [NotesEdited("ok", "c9")]


def test_saving_sends_the_last_words_first(desk: Desk) -> None:
    desk.show(samples.WRAP_UP)
    _notes(desk).setPlainText("last words")
    desk.window.invoke("work.save")
    assert desk.sent == [NotesEdited("last words", REF), Invoked("work.save")]


def test_a_snapshot_never_overwrites_typing(desk: Desk) -> None:
    desk.show(samples.TALKING)
    _notes(desk).setPlainText("typed meanwhile")
    note = samples.TALKING.wrap_up
    assert note is not None
    desk.show(replace(samples.TALKING, wrap_up=replace(note, notes="older")))
    assert _notes(desk).toPlainText() == "typed meanwhile"


def test_another_call_starts_a_note_of_its_own_and_the_last_words_of_the_first_are_told(desk: Desk) -> None:
    desk.show(samples.TALKING)
    _notes(desk).setPlainText("first call")
    desk.show(replace(samples.TALKING, wrap_up=WrapUpSnapshot("c7", "", "")))
    assert _notes(desk).toPlainText() == ""
    assert desk.sent == [NotesEdited("first call", REF)]


def test_a_note_that_comes_up_a_moment_after_its_call_is_shown(desk: Desk) -> None:
    desk.show(replace(samples.TALKING, wrap_up=WrapUpSnapshot("c7", "", "")))
    desk.show(replace(samples.TALKING, wrap_up=WrapUpSnapshot("c7", "begun before", "", found=True)))
    assert _notes(desk).toPlainText() == "begun before"
    assert desk.sent == []


def test_a_draft_that_was_found_is_shown(desk: Desk) -> None:
    desk.show(replace(samples.WRAP_UP, wrap_up=WrapUpSnapshot("c8", "写到一半", "")))
    assert _notes(desk).toPlainText() == "写到一半"
    assert desk.text("wrap-up.hint") == "Choose a code first."


def test_the_note_has_an_end_and_says_when_it_nears(desk: Desk) -> None:
    desk.show(samples.TALKING)
    _notes(desk).setPlainText("字" * 7000)
    assert not desk.shown("notes.count")
    _notes(desk).setPlainText("字" * 7900)
    assert desk.shown("notes.count")
    assert desk.text("notes.count") == "100 characters left"
    _notes(desk).setPlainText("字" * (NOTES_LIMIT + 50))
    assert len(_notes(desk).toPlainText()) == NOTES_LIMIT
    assert ("The note is full.", True) in desk.said


def test_while_saving_nothing_can_be_changed(desk: Desk) -> None:
    note = samples.WRAP_UP.wrap_up
    assert note is not None
    saving = replace(samples.WRAP_UP, wrap_up=replace(note, saving=True), enabled=frozenset())
    desk.show(samples.WRAP_UP, saving)
    assert not _notes(desk).isEnabled()
    assert not desk.find("work.save").isEnabled()
    assert desk.text("wrap-up.hint") == "Saving…"
    desk.show(samples.READY)
    assert ("The wrap-up is saved.", False) in desk.said
