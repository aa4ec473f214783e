"""Rows of figures: what was measured, beside whom, what we aim at, and whether we met it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure. `aim` is in words; `met` is None where nothing is aimed at."""

    group: str
    name: str
    unit: str
    ours: float
    peers: dict[str, float] = field(default_factory=dict)
    aim: str = ""
    met: bool | None = None


def table(rows: Sequence[Row]) -> str:
    """The rows as people read them."""
    lines = [("figure", "unit", "ours", "peers", "aim", "met")]
    for row in rows:
        peers = ", ".join(f"{name} {value:.3g}" for name, value in row.peers.items())
        met = "-" if row.met is None else "yes" if row.met else "NO"
        lines.append((f"{row.group}: {row.name}", row.unit, f"{row.ours:.3g}", peers or "-", row.aim or "-", met))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


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
            "aim": row.aim,
            "met": row.met,
        }
        for row in rows
    ]
    path.write_text(json.dumps(content, indent=2) + "\n")
