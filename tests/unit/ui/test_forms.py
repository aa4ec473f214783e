"""Enrolment and sign-in."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from client.core.events import EnrolSubmitted, SignInSubmitted
from client.core.problems import problem
from client.ui import samples
from tests.unit.ui.conftest import Desk

K = Qt.Key


def _edit(desk: Desk, name: str) -> QLineEdit:
    widget = desk.find(name)
    assert isinstance(widget, QLineEdit)
    return widget


def test_enrol_by_code_and_address(desk: Desk) -> None:
    desk.show(samples.ENROL).type("ABCD-EFGH").press(K.Key_Tab).type("desks.example.com").press(K.Key_Return)
    assert desk.sent == [EnrolSubmitted("desks.example.com", "ABCD-EFGH")]


def test_enrol_by_link_needs_no_address(desk: Desk) -> None:
    desk.show(samples.ENROL)
    _edit(desk, "enrol.code").setText("hearthline://desks.example.com/ABCD")
    assert not _edit(desk, "enrol.server").isEnabled()
    desk.press(K.Key_Return)
    assert desk.sent == [EnrolSubmitted("", "hearthline://desks.example.com/ABCD")]


def test_an_empty_field_is_pointed_at(desk: Desk) -> None:
    desk.show(samples.ENROL).type("ABCD").press(K.Key_Return)
    assert desk.sent == []
    assert desk.focus == "enrol.server"
    assert desk.text("enrol.server.hint") == "Please fill this in."
    assert desk.said[-1] == ("Server address: Please fill this in.", True)


@pytest.mark.parametrize(
    ("code", "focus"), [("enrolment-code-used", "enrol.code"), ("server-unreachable", "enrol.server")]
)
def test_an_enrolment_problem_is_inline_and_the_focus_is_at_its_field(desk: Desk, code: str, focus: str) -> None:
    desk.show(samples.ENROL, samples.ENROL_BUSY)
    assert desk.shown("enrol.progress")
    assert not desk.find("enrol.submit").isEnabled()
    desk.show(replace(samples.ENROL, problem=problem(code)))
    assert desk.text("enrol.problem.happened") == problem(code).happened
    assert not desk.shown("problem")
    assert desk.focus == focus


def test_sign_in_sends_name_password_and_digits(desk: Desk) -> None:
    desk.show(samples.SIGN_IN).type("lin.xiaoyu").press(K.Key_Tab)
    assert desk.focus in {"sign-in.reveal", "sign-in.password"}
    _edit(desk, "sign-in.password").setFocus()
    desk.type("Correct horse")
    _edit(desk, "sign-in.totp").setFocus()
    desk.type("123 456").press(K.Key_Return)
    assert desk.sent == [SignInSubmitted("lin.xiaoyu", "Correct horse", "123456")]


def test_tab_goes_from_name_to_password_to_digits(desk: Desk) -> None:
    desk.show(samples.SIGN_IN)
    visited = [desk.focus]
    for _ in range(4):
        desk.press(K.Key_Tab)
        visited.append(desk.focus)
    wanted = [name for name in visited if name in {"sign-in.name", "sign-in.password", "sign-in.totp"}]
    assert wanted == ["sign-in.name", "sign-in.password", "sign-in.totp"]


@pytest.mark.parametrize("digits", ["", "12345", "12 34"])
def test_six_digits_are_needed(desk: Desk, digits: str) -> None:
    desk.show(samples.SIGN_IN)
    _edit(desk, "sign-in.name").setText("lin")
    _edit(desk, "sign-in.password").setText("secret")
    _edit(desk, "sign-in.totp").setText(digits)
    desk.find("sign-in.submit").click()  # type: ignore[attr-defined]
    assert desk.sent == []
    assert desk.text("sign-in.totp.hint") == "Six digits are needed."


def test_digits_only(desk: Desk) -> None:
    desk.show(samples.SIGN_IN)
    _edit(desk, "sign-in.totp").setFocus()
    desk.type("12ab34")
    assert _edit(desk, "sign-in.totp").text() == "1234"


def test_the_organisation_is_named(desk: Desk) -> None:
    assert desk.show(samples.SIGN_IN).text("sign-in.title") == samples.SIGN_IN.organisation


def test_after_a_refusal_the_password_is_selected_and_the_digits_are_gone(desk: Desk) -> None:
    desk.show(samples.SIGN_IN)
    _edit(desk, "sign-in.password").setText("wrong")
    _edit(desk, "sign-in.totp").setText("123456")
    desk.show(replace(samples.SIGN_IN, busy=True), samples.SIGN_IN_ERROR)
    assert desk.focus == "sign-in.password"
    assert _edit(desk, "sign-in.password").selectedText() != ""
    assert _edit(desk, "sign-in.totp").text() == ""


def test_nothing_typed_stays_after_sign_in(desk: Desk) -> None:
    desk.show(samples.SIGN_IN)
    _edit(desk, "sign-in.password").setText("secret")
    _edit(desk, "sign-in.totp").setText("123456")
    desk.show(samples.IDLE)
    assert _edit(desk, "sign-in.password").text() == _edit(desk, "sign-in.totp").text() == ""


def test_caps_lock_is_told(desk: Desk) -> None:
    desk.show(samples.SIGN_IN)
    password = _edit(desk, "sign-in.password")
    password.setFocus()
    for text, hint in (("A", "Caps Lock is on."), ("b", "")):
        event = QKeyEvent(QEvent.Type.KeyPress, K.Key_A, Qt.KeyboardModifier.NoModifier, text)
        QApplication.sendEvent(password, event)
        assert desk.text("sign-in.password.hint") == hint


def test_busy_forms_cannot_be_sent_twice(desk: Desk) -> None:
    desk.show(samples.SIGN_IN)
    for name, text in (("name", "lin"), ("password", "secret"), ("totp", "123456")):
        _edit(desk, f"sign-in.{name}").setText(text)
    desk.show(replace(samples.SIGN_IN, busy=True))
    desk.find("sign-in.submit").click()  # type: ignore[attr-defined]
    assert desk.sent == []
