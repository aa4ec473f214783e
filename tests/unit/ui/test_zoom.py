"""Sizes: 80 to 300 percent, wide and narrow; the call bar stays in view."""

import itertools

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QScrollArea, QWidget

from client.ui import samples
from client.ui.theme.tokens import ThemeName
from tests.unit.ui.conftest import Desk, MakeDesk


def _inside(desk: Desk, widget: QWidget) -> bool:
    place = widget.mapTo(desk.window, QPoint(0, 0))
    return desk.window.rect().contains(place) and desk.window.rect().contains(
        place + QPoint(widget.width() - 1, widget.height() - 1)
    )


_SIZES = (
    (1.0, (1360, 850), False),
    (0.8, (1000, 700), False),
    (1.0, (1000, 700), True),
    (2.0, (1360, 850), True),
    (2.0, (1000, 700), True),
    (3.0, (1360, 850), True),
)


_STATES = (samples.READY, samples.RINGING, samples.TALKING, samples.SECOND_CALL, samples.CONSULTING)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_columns_become_one_and_the_call_bar_stays(make_desk: MakeDesk, language: str) -> None:
    desk = make_desk(language=language).show(samples.READY)
    for (zoom, size, single), snapshot in itertools.product(_SIZES, _STATES):
        desk.window.resize(*size)
        desk.window.set_zoom(zoom)
        desk.show(snapshot)
        case = f"{zoom} {size} {snapshot.state}"
        assert desk.window.agent.columns.single is single, case
        assert desk.window.size().toTuple() == size, case
        assert _inside(desk, desk.window.call_bar), case
        bar = desk.window.call_bar
        for button in (*bar.buttons.values(), *bar.strip.buttons.values(), *bar.strip.chips):
            if button.isVisible():
                assert _inside(desk, button), f"{case} {button.objectName()}"
                assert button.width() >= button.sizeHint().width(), f"{case} {button.objectName()}"
                assert button.height() >= button.sizeHint().height(), f"{case} {button.objectName()}"


@pytest.mark.parametrize("zoom", [1.0, 2.0])
def test_the_focus_is_scrolled_into_view(make_desk: MakeDesk, zoom: float) -> None:
    desk = make_desk(zoom=zoom, size=(1000, 700)).show(samples.READY, samples.TALKING)
    for command, name in (("focus.codes", "panel.codes"), ("focus.customer", "panel.customer")):
        desk.window.invoke(command)
        desk.settle()
        area = desk.window.agent.columns.findChild(QScrollArea)
        assert area is not None
        top = desk.find(name).mapTo(area.viewport(), QPoint(0, 0)).y()
        assert -12 <= top < area.viewport().height() // 2 + 1, name


def test_no_line_is_cut_at_200_percent(make_desk: MakeDesk) -> None:
    desk = make_desk(zoom=2.0, size=(1000, 700)).show(samples.WRAP_UP, samples.ENGINE_LOST)
    for name in ("problem.happened", "problem.means", "problem.do"):
        label = desk.find(name)
        assert label.height() >= label.heightForWidth(label.width())


def test_larger_and_smaller_step_and_are_kept(desk: Desk) -> None:
    desk.show(samples.READY)
    desk.window.invoke("view.larger")
    assert desk.preferences.read().zoom == 1.1
    for _ in range(20):
        desk.window.invoke("view.larger")
    assert desk.window.kit.theme.zoom == 3.0
    for _ in range(20):
        desk.window.invoke("view.smaller")
    assert desk.window.kit.theme.zoom == 0.8
    assert desk.said[-1] == ("80%", False)


def test_themes_go_round_and_are_kept(desk: Desk) -> None:
    desk.show(samples.READY)
    seen = []
    for _ in ThemeName:
        desk.window.invoke("view.theme")
        seen.append(desk.preferences.read().theme)
    assert seen == [ThemeName.LIGHT, ThemeName.DARK, ThemeName.HIGH_CONTRAST, ThemeName.SYSTEM]


def test_figures_are_of_one_width(desk: Desk) -> None:
    for language in ("en", "zh"):
        desk.window.set_language(language)
        metrics = QFontMetrics(desk.window.kit.theme.font(strong=True))
        assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1
