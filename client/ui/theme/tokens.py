"""The tokens: every colour, size and radius that the screens use. Nothing else in `client.ui` names a colour.

Contrast is a promise, not a taste: `TEXT_PAIRS` and `SHAPE_PAIRS` list what stands on what, and a test measures them
against WCAG 2.2 (text 4.5:1, shapes 3:1; in high contrast 7:1 and 4.5:1).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ThemeName(StrEnum):
    """What a person can choose. `SYSTEM` follows the operating system, its contrast setting included."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high-contrast"


@dataclass(frozen=True)
class Colours:
    """One colour theme. A `..._soft` is the background for its colour's text; an `on_...` is text upon a solid."""

    bg: str
    card: str
    line: str
    """Divides; carries no meaning of its own."""
    edge: str
    """The outline of a button, whose words would do without it."""
    field_edge: str
    """The outline of a text field, which is all that shows where to type."""
    ink: str
    dim: str
    faint: str
    key: str
    hover: str
    pressed: str
    disabled: str
    brand: str
    brand_soft: str
    brand_solid: str
    on_brand: str
    ok: str
    ok_soft: str
    ok_solid: str
    on_ok: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    bad_solid: str
    on_bad: str
    focus: str
    dark: bool


LIGHT: Final = Colours(
    bg="#f4f5f8", card="#ffffff", line="#e4e7ec", edge="#d0d6de", field_edge="#7f8a9a",
    ink="#1a222f", dim="#535e6f", faint="#626d7e", key="#edf0f5", hover="#f3f6fb", pressed="#e6ebf3",
    disabled="#6b7584",
    brand="#1a56c4", brand_soft="#e8f0fe", brand_solid="#1f5fd1", on_brand="#ffffff",
    ok="#0b6b4b", ok_soft="#e2f4ec", ok_solid="#0f7a57", on_ok="#ffffff",
    warn="#8a4e00", warn_soft="#fff1da",
    bad="#b32424", bad_soft="#fdeaea", bad_solid="#bf2b2b", on_bad="#ffffff",
    focus="#1f5fd1", dark=False,
)  # fmt: skip

DARK: Final = Colours(
    bg="#11151c", card="#1a2029", line="#2a323f", edge="#3a4454", field_edge="#7c899b",
    ink="#e8ecf2", dim="#a9b4c3", faint="#97a3b4", key="#262e3a", hover="#222a35", pressed="#2b3442",
    disabled="#8793a4",
    brand="#86b0ff", brand_soft="#1d2c47", brand_solid="#2f6ee0", on_brand="#ffffff",
    ok="#5dcca0", ok_soft="#14302a", ok_solid="#14795a", on_ok="#ffffff",
    warn="#f2ba63", warn_soft="#33270f",
    bad="#ff958b", bad_soft="#3a1d1d", bad_solid="#c73d38", on_bad="#ffffff",
    focus="#86b0ff", dark=True,
)  # fmt: skip

HIGH_CONTRAST: Final = Colours(
    bg="#000000", card="#000000", line="#8c8c8c", edge="#ffffff", field_edge="#ffffff",
    ink="#ffffff", dim="#ffffff", faint="#e6e6e6", key="#1f1f1f", hover="#1f1f1f", pressed="#333333",
    disabled="#b3b3b3",
    brand="#7fd4ff", brand_soft="#00121f", brand_solid="#7fd4ff", on_brand="#000000",
    ok="#6dff9e", ok_soft="#00140a", ok_solid="#6dff9e", on_ok="#000000",
    warn="#ffd84d", warn_soft="#1a1400",
    bad="#ffa39c", bad_soft="#1f0300", bad_solid="#ffa39c", on_bad="#000000",
    focus="#ffe600", dark=True,
)  # fmt: skip

COLOURS: Final[dict[ThemeName, Colours]] = {
    ThemeName.LIGHT: LIGHT,
    ThemeName.DARK: DARK,
    ThemeName.HIGH_CONTRAST: HIGH_CONTRAST,
}

TEXT_PAIRS: Final[tuple[tuple[str, str], ...]] = (
    *((text, ground) for text in ("ink", "dim", "faint") for ground in ("bg", "card")),
    *((text, ground) for text in ("ink", "dim") for ground in ("key", "hover", "pressed")),
    *((text, "card") for text in ("brand", "ok", "warn", "bad", "disabled")),
    *((text, "bg") for text in ("brand", "ok", "warn", "bad")),
    *((text, f"{text}_soft") for text in ("brand", "ok", "warn", "bad")),
    *((text, f"{ground}_soft") for text in ("ink", "dim") for ground in ("brand", "ok", "warn", "bad")),
    *((f"on_{solid}", f"{solid}_solid") for solid in ("brand", "ok", "bad")),
)
"""Text and what it stands on, by the names of `Colours`."""

SHAPE_PAIRS: Final[tuple[tuple[str, str], ...]] = (
    ("field_edge", "card"),
    *(("focus", ground) for ground in ("bg", "card", "key", "brand_soft", "warn_soft", "bad_soft", "ok_soft")),
    *((shape, "card") for shape in ("brand", "ok", "brand_solid", "ok_solid", "bad_solid")),
)
"""Shapes that mean something, and what they stand on."""


class Type(StrEnum):
    """The type scale; see `SIZES`."""

    CAPTION = "caption"
    SMALL = "small"
    BODY = "body"
    VALUE = "value"
    SAY = "say"
    TITLE = "title"
    HERO = "hero"
    DISPLAY = "display"


SIZES: Final[dict[Type, int]] = {
    Type.CAPTION: 12,
    Type.SMALL: 13,
    Type.BODY: 15,
    Type.VALUE: 16,
    Type.SAY: 18,
    Type.TITLE: 20,
    Type.HERO: 28,
    Type.DISPLAY: 44,
}
"""Sizes in pixels at 100%; the screen's own scale comes on top, from Qt."""

RADIUS: Final = 14
RADIUS_BUTTON: Final = 9
RADIUS_KEY: Final = 5
FOCUS_WIDTH: Final = 3
FOCUS_GAP: Final = 2

ZOOM_STEPS: Final = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
"""80% to 300%, as `view.larger` and `view.smaller` step through them."""

SANS_EN: Final = (
    "Noto Sans", "Segoe UI Variable Text", "Segoe UI", "SF Pro Text", "Helvetica Neue",
    "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei UI", "PingFang SC", "DejaVu Sans",
)  # fmt: skip
SANS_ZH: Final = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei UI", "PingFang SC",
    "WenQuanYi Micro Hei", "Noto Sans", "DejaVu Sans",
)  # fmt: skip
MONO: Final = ("DejaVu Sans Mono", "Noto Sans Mono", "Cascadia Mono", "Consolas", "SF Mono", "Menlo", *SANS_ZH)
