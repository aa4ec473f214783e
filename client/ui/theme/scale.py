"""Zoom for layouts: distances are written in design pixels, and one walk sets them all for a factor."""

from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

_SPACE = "hearthline.space"
_MINIMUM = "hearthline.minimum"
_MAXIMUM = "hearthline.maximum"
_MAXIMUM_HEIGHT = "hearthline.maximum-height"


def spaced(layout: QLayout, spacing: int, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> None:
    """Give a layout its distances in design pixels: between items, and left, top, right, bottom."""
    layout.setProperty(_SPACE, [spacing, *margins])
    _apply(layout, 1.0)


def minimum(widget: QWidget, width: int = 0, height: int = 0) -> None:
    """Give a widget a least size in design pixels."""
    widget.setProperty(_MINIMUM, [width, height])


def maximum(widget: QWidget, width: int) -> None:
    """Give a widget a greatest width in design pixels."""
    widget.setProperty(_MAXIMUM, width)


def maximum_height(widget: QWidget, height: int) -> None:
    """Give a widget a greatest height in design pixels."""
    widget.setProperty(_MAXIMUM_HEIGHT, height)


def _apply(layout: QLayout, factor: float) -> None:
    numbers = layout.property(_SPACE)
    if numbers is None:
        return
    spacing, left, top, right, bottom = (round(number * factor) for number in numbers)
    layout.setContentsMargins(left, top, right, bottom)
    if isinstance(layout, QGridLayout):
        layout.setHorizontalSpacing(spacing)
        layout.setVerticalSpacing(spacing)
    else:
        layout.setSpacing(spacing)


def rescale(root: QWidget, factor: float) -> None:
    """Set all distances under `root` for a zoom factor."""
    for layout in root.findChildren(QLayout):
        _apply(layout, factor)
    for widget in (root, *root.findChildren(QWidget)):
        if (least := widget.property(_MINIMUM)) is not None:
            widget.setMinimumSize(round(least[0] * factor), round(least[1] * factor))
        if (most := widget.property(_MAXIMUM)) is not None:
            widget.setMaximumWidth(round(most * factor))
        if (high := widget.property(_MAXIMUM_HEIGHT)) is not None:
            widget.setMaximumHeight(round(high * factor))
        widget.updateGeometry()
