"""The mark on a real window: it is read back out of what others make of a picture of it, and nobody is disturbed."""

import io
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QPoint, Qt
from PySide6.QtTest import QTest

from client.core.events import Invoked
from client.core.snapshot import DeskSnapshot, ScreenPolicy
from client.ui import samples
from client.ui.preferences import Choices
from client.ui.theme.tokens import ThemeName
from client.ui.watermark import CELL, Watermark
from provisioning.watermark import pattern
from provisioning.watermark.mark import Mark
from provisioning.watermark.reader import read
from tests.unit.ui.conftest import Desk, MakeDesk

_DEVICE = "d_7f3k2m9q"


def _tile(device: str, person: str, seconds: float) -> tuple[int, ...]:
    return pattern.cells(Mark.of(device, person, seconds))


def _marked(desk: Desk, watermark: str, snapshot: DeskSnapshot = samples.TALKING) -> Watermark:
    mark = Watermark(desk.window, desk.window.kit, _tile)
    for shown in (samples.READY, snapshot):
        obeying = replace(shown, policy=ScreenPolicy(_DEVICE, watermark))
        desk.show(obeying)
        mark.show_snapshot(obeying)
    desk.settle()
    return mark


def _picture(desk: Desk) -> Image.Image:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    desk.window.grab().save(buffer, "PNG")
    return Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")


def _grey(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("L"), dtype=np.float64)


def _jpeg(picture: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


def _scaled(picture: Image.Image, factor: float) -> Image.Image:
    size = round(picture.width * factor), round(picture.height * factor)
    return picture.resize(size, Image.Resampling.BICUBIC)


def _quarter(picture: Image.Image) -> Image.Image:
    left, top = picture.width // 5, picture.height // 5
    return picture.crop((left, top, left + picture.width // 2, top + picture.height // 2))


def _photographed(picture: Image.Image) -> Image.Image:
    """From aside, out of focus, in other light, with the screen's own raster and the camera's noise."""
    wide, high = picture.width, picture.height
    bent = picture.transform(
        (wide, high),
        Image.Transform.PERSPECTIVE,
        (1.02, 0.05, -20.0, -0.03, 1.04, 6.0, 3e-5, 2e-5),
        Image.Resampling.BICUBIC,
        fillcolor=(40, 36, 30),
    )
    light = np.asarray(bent, dtype=np.float64)
    down, across = np.mgrid[0:high, 0:wide]
    raster = 1.5 * np.sin(2 * np.pi * 0.15 * (0.8 * across + 0.6 * down))
    light = 255 * (np.clip(light + raster[..., None], 0, 255) / 255) ** 1.15 * 0.9
    light += np.random.default_rng(3).normal(0, 2.5, light.shape)
    return _jpeg(Image.fromarray(np.clip(light, 0, 255).astype(np.uint8)), 85)


_CHANNELS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it is": lambda picture: picture,
    "jpeg 60": lambda picture: _jpeg(picture, 60),
    "half the size": lambda picture: _jpeg(_scaled(picture, 0.5), 75),
    "half as large again": lambda picture: _jpeg(_scaled(picture, 1.5), 60),
    "a quarter": lambda picture: _jpeg(_quarter(picture), 75),
    "photograph": _photographed,
}


@pytest.mark.parametrize("theme", [ThemeName.LIGHT, ThemeName.DARK, ThemeName.HIGH_CONTRAST])
def test_it_is_read_back(make_desk: MakeDesk, theme: ThemeName) -> None:
    desk = make_desk(choices=Choices(language="zh", theme=theme))
    _marked(desk, "invisible")
    assert samples.TALKING.person is not None
    picture, expected = _picture(desk), Mark.of(_DEVICE, samples.TALKING.person.name, samples.NOW)
    heard = {name: read(_grey(channel(picture))) for name, channel in _CHANNELS.items()}
    assert {name: reading.mark if reading else None for name, reading in heard.items()} == dict.fromkeys(
        _CHANNELS, expected
    )


def test_nothing_is_read_where_there_is_none(make_desk: MakeDesk) -> None:
    desk = make_desk()
    _marked(desk, "none")
    assert read(_grey(_picture(desk))) is None
    assert read(_grey(_photographed(_picture(desk)))) is None


@pytest.mark.parametrize(("theme", "most"), [(ThemeName.LIGHT, 5), (ThemeName.DARK, 5), (ThemeName.HIGH_CONTRAST, 8)])
def test_it_changes_no_pixel_by_more_than_eyes_pass_over(make_desk: MakeDesk, theme: ThemeName, most: int) -> None:
    desk = make_desk(choices=Choices(language="en", theme=theme))
    mark = _marked(desk, "invisible")
    with_it = np.asarray(_picture(desk), dtype=int)
    mark.hide()
    desk.settle()
    change = np.abs(with_it - np.asarray(_picture(desk), dtype=int))
    assert 0 < change.max() <= most


def test_the_pointer_and_the_keys_go_through_it(make_desk: MakeDesk) -> None:
    desk = make_desk()
    mark = _marked(desk, "both")
    assert mark.isVisible()
    button = desk.find("call.mute")
    there = desk.window.childAt(button.mapTo(desk.window, QPoint(10, 10)))
    assert there is button
    assert there is not None
    QTest.mouseClick(there, Qt.MouseButton.LeftButton)
    assert Invoked("call.mute", "") in desk.sent
    assert mark.focusPolicy() is Qt.FocusPolicy.NoFocus


@pytest.mark.parametrize(("policy", "shown"), [("none", False), ("visible", True), ("invisible", True), ("both", True)])
def test_it_is_as_the_policy_wants_it(make_desk: MakeDesk, policy: str, shown: bool) -> None:
    assert _marked(make_desk(), policy).isVisible() is shown


def test_nobody_signed_in_is_no_mark(make_desk: MakeDesk) -> None:
    desk = make_desk()
    mark = _marked(desk, "both")
    mark.show_snapshot(replace(samples.SIGN_IN, policy=ScreenPolicy(_DEVICE, "both")))
    assert not mark.isVisible()


def test_the_visible_one_has_agent_device_and_time(make_desk: MakeDesk) -> None:
    mark = _marked(make_desk(), "visible")
    assert samples.TALKING.person is not None
    assert samples.TALKING.person.name in mark.words
    assert _DEVICE in mark.words
    assert "UTC" in mark.words


def test_it_stays_over_what_comes_later(make_desk: MakeDesk) -> None:
    desk = make_desk()
    mark = _marked(desk, "invisible")
    desk.window.resize(1500, 900)
    desk.window.invoke("view.help")
    desk.settle()
    assert mark.geometry() == desk.window.rect()
    bare = _picture(desk)
    mark.hide()
    desk.settle()
    assert np.any(np.asarray(bare) != np.asarray(_picture(desk)))


def test_screen_and_reader_agree_on_a_cell() -> None:
    assert pattern.CELL == CELL
