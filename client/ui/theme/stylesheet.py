"""The style sheet, built from tokens for one theme and one zoom factor."""

from client.ui.theme.tokens import RADIUS_BUTTON, SANS_EN, SIZES, Colours, Type

_TONES = ("ink", "dim", "faint", "brand", "ok", "warn", "bad")


def build(colours: Colours, zoom: float, families: tuple[str, ...] = SANS_EN) -> str:
    """Return the Qt style sheet. It has no focus rule: `widgets.focus_ring` draws one ring for all widgets."""

    def px(number: float) -> str:
        return f"{max(1, round(number * zoom))}px"

    c = colours
    # The families stand here too: a style sheet's size rule would else bring back the system's font.
    fonts = ", ".join(f'"{family}"' for family in families)
    labels = "".join(f'QLabel[type="{name}"] {{ font-size: {px(SIZES[name])}; }}\n' for name in Type)
    tones = "".join(f'QLabel[tone="{tone}"] {{ color: {getattr(c, tone)}; }}\n' for tone in _TONES)
    return f"""
QWidget {{ color: {c.ink}; font-family: {fonts}; font-size: {px(SIZES[Type.BODY])}; }}
QWidget#desk, QWidget[ground="bg"], QScrollArea[ground="bg"] {{ background: {c.bg}; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
QLabel {{ background: transparent; }}
{labels}{tones}
QLabel[strong="true"] {{ font-weight: 600; }}
QLineEdit, QPlainTextEdit {{
  background: {c.card}; color: {c.ink}; border: {px(1)} solid {c.field_edge}; border-radius: {px(RADIUS_BUTTON)};
  padding: {px(8)} {px(11)}; selection-background-color: {c.brand_solid}; selection-color: {c.on_brand};
  placeholder-text-color: {c.faint};
}}
QLineEdit:disabled, QPlainTextEdit:disabled {{ color: {c.disabled}; background: {c.bg}; border-color: {c.edge}; }}
QPlainTextEdit {{ padding: {px(6)} {px(7)}; }}
QLineEdit[scale="large"] {{ font-size: {px(SIZES[Type.SAY])}; padding: {px(11)} {px(14)}; }}
QScrollBar:vertical {{ background: transparent; width: {px(12)}; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {px(12)}; margin: 0; }}
QScrollBar::handle {{ background: {c.field_edge}; border-radius: {px(4)}; margin: {px(2)}; }}
QScrollBar::handle:vertical {{ min-height: {px(36)}; }}
QScrollBar::handle:horizontal {{ min-width: {px(36)}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QTableView, QListView {{
  background: {c.card}; color: {c.ink}; border: none; outline: none; gridline-color: {c.line};
  selection-background-color: {c.brand_soft}; selection-color: {c.ink};
}}
QTableView::item {{ border-bottom: {px(1)} solid {c.line}; padding: 0 {px(10)}; }}
QTableView::item:selected {{ background: {c.brand_soft}; color: {c.ink}; }}
QHeaderView {{ background: {c.card}; border: none; }}
QHeaderView::section {{
  background: {c.card}; color: {c.dim}; border: none; border-bottom: {px(1)} solid {c.edge};
  padding: {px(8)} {px(10)}; font-size: {px(SIZES[Type.SMALL])}; font-weight: 600;
}}
"""
