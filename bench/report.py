"""Rows of figures: what was measured, beside whom, what we aim at, whether we met it, and by how much."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure. `aim` is in words, and `limit` the number that it comes to; None where nothing is aimed at.

    `ours` is None where it could not be measured; `note` says why, or how it was measured.
    """

    group: str
    name: str
    unit: str
    ours: float | None
    peers: dict[str, float] = field(default_factory=dict)
    aim: str = ""
    limit: float | None = None
    higher_is_better: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether ours is within the limit; None where there is none, or where ours is not known."""
        if self.ours is None or self.limit is None:
            return None
        return self.ours >= self.limit if self.higher_is_better else self.ours <= self.limit

    @property
    def margin(self) -> float | None:
        """How far ours is on the right side of the limit, in the figure's unit; negative on the wrong side."""
        if self.ours is None or self.limit is None:
            return None
        return self.ours - self.limit if self.higher_is_better else self.limit - self.ours

    @property
    def ratios(self) -> dict[str, float]:
        """Ours divided by each peer's."""
        if self.ours is None:
            return {}
        return {name: self.ours / value for name, value in self.peers.items() if value}


def not_measured(group: str, name: str, reason: str) -> Row:
    """A figure that is missing, and why."""
    return Row(group, name, "", None, note=f"not measured: {reason}")


def table(rows: Sequence[Row]) -> str:
    """The rows as people read them; notes follow below."""
    lines = [("figure", "unit", "ours", "peers (ours / theirs)", "aim", "met", "by")]
    notes = []
    for row in rows:
        ratios = row.ratios
        peers = ", ".join(
            f"{name} {value:.3g}" + (f" ({ratios[name]:.2f})" if name in ratios else "")
            for name, value in row.peers.items()
        )
        met = "-" if row.met is None else "yes" if row.met else "NO"
        by = "-" if row.margin is None else f"{row.margin:+.3g}"
        ours = "-" if row.ours is None else f"{row.ours:.3g}"
        lines.append((f"{row.group}: {row.name}", row.unit or "-", ours, peers or "-", row.aim or "-", met, by))
        if row.note:
            notes.append(f"{row.group}: {row.name}: {row.note}")
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    aligned = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
    return "\n".join([*aligned, *([""] if notes else []), *notes])


def write(rows: Iterable[Row], path: Path) -> None:
    """Write the rows as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = [
        {
            "group": row.group,
            "name": row.name,
            "unit": row.unit,
            "ours": row.ours,
            "peers": row.peers,
            "ratios": row.ratios,
            "aim": row.aim,
            "limit": row.limit,
            "met": row.met,
            "margin": row.margin,
            "note": row.note,
        }
        for row in rows
    ]
    path.write_text(json.dumps(content, indent=2) + "\n")
