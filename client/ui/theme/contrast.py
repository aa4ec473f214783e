"""Contrast as WCAG 2.2 measures it (success criterion 1.4.3, definitions of relative luminance and contrast ratio)."""

from typing import Final

_LINEAR_BELOW: Final = 0.04045


def _linear(channel: int) -> float:
    value = channel / 255
    return value / 12.92 if value <= _LINEAR_BELOW else float(((value + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, of a colour written #rrggbb."""
    red, green, blue = (_linear(int(colour[start : start + 2], 16)) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
