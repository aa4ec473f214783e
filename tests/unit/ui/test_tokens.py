"""Contrast is measured for every pair that the tokens promise (WCAG 2.2, 1.4.3, 1.4.6, 1.4.11)."""

import pytest

from client.ui.theme.contrast import ratio
from client.ui.theme.stylesheet import build
from client.ui.theme.tokens import COLOURS, SHAPE_PAIRS, TEXT_PAIRS, ZOOM_STEPS, ThemeName

_HIGH = ThemeName.HIGH_CONTRAST


@pytest.mark.parametrize("theme", COLOURS)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read(theme: ThemeName, text: str, ground: str) -> None:
    colours = COLOURS[theme]
    least = 7.0 if theme is _HIGH else 4.5
    assert ratio(getattr(colours, text), getattr(colours, ground)) >= least


@pytest.mark.parametrize("theme", COLOURS)
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_shapes_that_mean_something_stand_out(theme: ThemeName, shape: str, ground: str) -> None:
    colours = COLOURS[theme]
    least = 4.5 if theme is _HIGH else 3.0
    assert ratio(getattr(colours, shape), getattr(colours, ground)) >= least


def test_the_measure_is_wcags() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21.0)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert ratio("#123456", "#123456") == pytest.approx(1.0)


def test_the_zoom_goes_from_80_to_300_percent() -> None:
    assert (ZOOM_STEPS[0], ZOOM_STEPS[-1]) == (0.8, 3.0)
    assert list(ZOOM_STEPS) == sorted(ZOOM_STEPS)


def test_the_style_sheet_grows_with_the_zoom() -> None:
    assert "font-size: 15px" in build(COLOURS[ThemeName.LIGHT], 1.0)
    assert "font-size: 30px" in build(COLOURS[ThemeName.LIGHT], 2.0)
