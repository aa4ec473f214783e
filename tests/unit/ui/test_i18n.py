"""Both languages are whole, and switch while the program runs."""

import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from client.core.commands import COMMANDS, Group
from client.core.problems import PROBLEMS
from client.core.snapshot import Words
from client.ui import samples
from client.ui.i18n import catalogue, extract, pick
from tests.unit.ui.conftest import Desk, MakeDesk


def _messages() -> dict[tuple[str, str], tuple[str, str]]:
    """Context and source to translation and its type."""
    found = {}
    for context in ET.parse(extract.CATALOGUE).getroot().iter("context"):  # noqa: S314 - our own file
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            key = (context.findtext("name", ""), message.findtext("source", ""))
            found[key] = (translation.text or "", translation.get("type", ""))
    return found


def test_every_text_is_translated() -> None:
    unfinished = [key for key, (text, kind) in _messages().items() if kind or not text.strip()]
    assert unfinished == []


def test_the_core_words_are_up_to_date() -> None:
    assert extract.CORE_WORDS.read_text(encoding="utf-8") == extract.core_words(), (
        "run python -m client.ui.i18n.extract"
    )


def test_the_catalogue_is_up_to_date(tmp_path: Path) -> None:
    copy = tmp_path / extract.CATALOGUE.name
    shutil.copy(extract.CATALOGUE, copy)
    extract.lupdate(copy)
    assert copy.read_text(encoding="utf-8") == extract.CATALOGUE.read_text(encoding="utf-8"), (
        "run python -m client.ui.i18n.extract and translate what is new"
    )


def test_every_command_and_problem_has_chinese_words() -> None:
    messages = _messages()
    needed = [("commands", command.title) for command in COMMANDS] + [("groups", group) for group in Group]
    for problem in PROBLEMS.values():
        needed += [("problems", text) for text in (problem.happened, problem.means, problem.do)]
    for key in needed:
        text, _ = messages[key]
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text), key


def test_placeholders_are_the_same_in_both_languages() -> None:
    for (_, source), (text, _) in _messages().items():
        names = {part.split("}")[0] for part in source.split("{")[1:]}
        assert names == {part.split("}")[0] for part in text.split("{")[1:]}, source


def test_the_catalogue_is_compiled_on_demand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "made.qm"
    monkeypatch.setattr(catalogue, "TARGET", target)
    assert catalogue.compiled() == target
    assert target.stat().st_size > 1000


def test_without_a_compiler_there_is_no_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "TARGET", tmp_path / "made.qm")
    monkeypatch.setattr(catalogue, "lrelease", lambda: None)
    assert catalogue.compiled() is None


def test_the_language_switches_while_the_program_runs(desk: Desk) -> None:
    desk.show(samples.TALKING)
    assert desk.text("call.hang-up") == "Hang up"
    desk.window.invoke("view.language")
    QApplication.processEvents()
    assert desk.text("call.hang-up") == "挂断"
    assert desk.text("call.mute") == "静音"
    assert desk.find("panel.customer").accessibleName() == "客户资料"
    assert desk.text("state").startswith("通话中")
    assert desk.text("script.title") == "介绍期数"
    assert desk.preferences.read().language == "zh"
    desk.window.invoke("view.language")
    QApplication.processEvents()
    assert desk.text("call.hang-up") == "Hang up"
    assert desk.text("script.title") == "Offer the terms"


def test_the_kept_language_is_used(make_desk: MakeDesk) -> None:
    desk = make_desk(language="zh").show(samples.IDLE)
    assert desk.text("idle.state") == "未就绪"
    assert desk.text("work.ready") == "就绪"


def test_the_other_language_stands_in_for_missing_words() -> None:
    assert pick(Words("Complaint", ""), "zh") == "Complaint"
    assert pick(Words("", "投诉"), "en") == "投诉"
    assert pick(Words("Complaint", "投诉"), "zh") == "投诉"
