"""Reads the watermark out of a screenshot, or a photograph, of a desk's window.

1. `lattice` tells how large tiles are and how they are turned.
2. Somewhere in the picture the tiles are laid over each other; the cells that are always the same tell where one
   begins.
3. From there on, neighbouring parts are found one after the other, each near where it must be. They bend the grid as
   the picture is bent: a photograph is never taken from straight ahead.
4. All tiles are laid over each other along that grid, and the payload is heard in their mean.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from provisioning.watermark.lattice import Floats, Lattice, lattices, residue
from provisioning.watermark.mark import Mark
from provisioning.watermark.pattern import (
    BLOCKS,
    DATA_PLACES,
    DATA_SIGNS,
    SIDE,
    SYNC_PLACES,
    SYNC_SIGNS,
    WORD,
    payload_of,
    word,
)

_FINE = 2
"""Samples along a cell's side."""
_GRID = SIDE * _FINE
_LARGEST = 1600
"""Pixels along the longer side; more takes longer and tells no more."""
_TRIED = 6
_SURE = 6.0
"""Standard deviations of the correlation with the cells that are always the same, from which on a place is believed."""
_LIKELY = 4.8
_WORDS: Floats = np.array([word(value) for value in range(0, 2 * WORD, 2)], dtype=np.float64)


@dataclass(frozen=True)
class Reading:
    """What a picture tells: the mark, and how far its pattern stands out of the noise, in standard deviations."""

    mark: Mark
    strength: float


def _sync() -> Floats:
    tile = np.zeros(SIDE * SIDE)
    tile[list(SYNC_PLACES)] = SYNC_SIGNS
    return np.asarray(np.kron(tile.reshape(SIDE, SIDE), np.ones((_FINE, _FINE))), dtype=np.float64)


_SYNC_SPECTRUM = np.conj(np.fft.fft2(_sync()))


def read(grey: Floats) -> Reading | None:
    """Find the mark in a picture.

    Args:
        grey: the picture in grey, 0 to 255.

    Returns:
        None where there is none, or too little of it is left.
    """
    if min(grey.shape) < 96:
        return None
    for view in _views(grey):
        rest = residue(view)
        for lattice in _candidates(rest):
            plane = _settle(rest, lattice)
            if plane is not None and (reading := _hear(rest, plane)) is not None:
                return reading
    return None


def _views(grey: Floats) -> Iterator[Floats]:
    """A large picture made smaller, which is usually a photograph or a fine screen; then its middle, as it is."""
    high, wide = grey.shape
    if max(high, wide) <= _LARGEST:
        yield grey
        return
    yield ndimage.zoom(grey, _LARGEST / max(high, wide), order=1)
    top, left = max(0, (high - _LARGEST) // 2), max(0, (wide - _LARGEST) // 2)
    yield grey[top : top + _LARGEST, left : left + _LARGEST]


def _candidates(rest: Floats) -> Iterator[Lattice]:
    """Of the whole picture, then of parts of it, where a bent picture is straighter."""
    yield from lattices(rest)[:_TRIED]
    high, wide = rest.shape
    if min(high, wide) < 400:
        return
    for top in (0.2, 0.0, 0.4):
        for left in (0.2, 0.0, 0.4):
            part = rest[int(top * high) : int((top + 0.6) * high), int(left * wide) : int((left + 0.6) * wide)]
            yield from lattices(part)[:3]


# --- Where the tiles are ----------------------------------------------------------------------------------------------

Plane = Floats
"""A 3 by 3 matrix that takes pixels (x, y, 1) to tiles."""


def _fold(rest: Floats, plane: Plane, box: tuple[int, int, int, int] | None = None) -> Floats:
    """Lay all tiles of a part (top, bottom, left, right) over each other."""
    top, bottom, left, right = box or (0, rest.shape[0], 0, rest.shape[1])
    y, x = np.mgrid[top:bottom, left:right]
    depth = plane[2, 0] * x + plane[2, 1] * y + plane[2, 2]
    across = (plane[0, 0] * x + plane[0, 1] * y + plane[0, 2]) / depth
    down = (plane[1, 0] * x + plane[1, 1] * y + plane[1, 2]) / depth
    place = (np.floor(down * _GRID).astype(np.int64) % _GRID) * _GRID + np.floor(across * _GRID).astype(
        np.int64
    ) % _GRID
    flat = place.ravel()
    total = np.bincount(flat, rest[top:bottom, left:right].ravel(), minlength=_GRID * _GRID)
    count = np.bincount(flat, minlength=_GRID * _GRID)
    mean: Floats = total / np.maximum(count, 1)
    return np.asarray(mean - mean.mean(), dtype=np.float64).reshape(_GRID, _GRID)


def _match(folded: Floats) -> tuple[float, float, float]:
    """How far (down, across, in tiles) the fixed cells are moved, and how sure that is."""
    likeness = np.fft.ifft2(np.fft.fft2(folded) * _SYNC_SPECTRUM).real
    row, column = np.unravel_index(int(np.argmax(likeness)), likeness.shape)
    sure = float((likeness[row, column] - likeness.mean()) / (likeness.std() + 1e-12))

    def shift(before: float, middle: float, after: float) -> float:
        bend = before - 2 * middle + after
        return 0.0 if bend >= 0 else float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))

    middle = likeness[row, column]
    down = row + shift(likeness[row - 1, column], middle, likeness[(row + 1) % _GRID, column])
    across = column + shift(likeness[row, column - 1], middle, likeness[row, (column + 1) % _GRID])
    return (down / _GRID + 0.5) % 1 - 0.5, (across / _GRID + 0.5) % 1 - 0.5, sure


def _settle(rest: Floats, lattice: Lattice) -> Plane | None:
    """The plane of the tiles in the whole picture, or None where the lattice is not the pattern's."""
    flat = np.linalg.inv(lattice.matrix)
    plane: Plane = np.eye(3)
    plane[:2, :2] = flat
    size = max(float(np.hypot(*lattice.right)), float(np.hypot(*lattice.down)))
    seed = _seed(rest, plane, size)
    if seed is None:
        return None
    plane[0, 2] -= seed[1]
    plane[1, 2] -= seed[0]
    known = 0
    # Each round looks one part further out, where the plane of the round before still says well enough where to look.
    for reach in (3.0, 5.0, 8.0, 14.0, 30.0, 30.0):
        points = _points(rest, plane, size, (seed[2], seed[3]), reach)
        if len(points) >= max(known, 3):
            plane = _fit(points, bent=len(points) >= 12)
            known = max(known, len(points) // 2)
    return plane


def _boxes(rest: Floats, side: int, step: int) -> Iterator[tuple[int, int, int, int]]:
    high, wide = rest.shape
    side_y, side_x = min(side, high), min(side, wide)
    for top in sorted({*range(0, high - side_y + 1, step), high - side_y}):
        for left in sorted({*range(0, wide - side_x + 1, step), wide - side_x}):
            yield top, top + side_y, left, left + side_x


def _seed(rest: Floats, plane: Plane, size: float) -> tuple[float, float, float, float] | None:
    """The surest part: its shift down and across, and its middle (x, y)."""
    best: tuple[float, tuple[float, float, float, float]] | None = None
    for tiles, step in ((3.2, 1.6), (5.0, 2.5)):
        for box in _boxes(rest, int(tiles * size), int(step * size)):
            down, across, sure = _match(_fold(rest, plane, box))
            if best is None or sure > best[0]:
                best = sure, (down, across, (box[2] + box[3]) / 2, (box[0] + box[1]) / 2)
    return best[1] if best is not None and best[0] >= _SURE else None


def _points(
    rest: Floats, plane: Plane, size: float, middle: tuple[float, float], reach: float
) -> list[tuple[float, float, float, float, float]]:
    """Parts near a point: pixel (x, y), the tile (across, down) that is there, and how sure that is."""
    found = []
    for box in _boxes(rest, int(2.6 * size), max(8, int(1.1 * size))):
        x, y = (box[2] + box[3]) / 2, (box[0] + box[1]) / 2
        if max(abs(x - middle[0]), abs(y - middle[1])) > reach * size:
            continue
        down, across, sure = _match(_fold(rest, plane, box))
        if sure >= _LIKELY and max(abs(down), abs(across)) < 0.2:
            at = plane @ np.array([x, y, 1.0])
            found.append((x, y, at[0] / at[2] - across, at[1] / at[2] - down, sure))
    return found


def _fit(points: list[tuple[float, float, float, float, float]], *, bent: bool) -> Plane:
    """The plane that fits the points best: bent as by perspective, or flat."""
    table = np.array(points)
    x, y, across, down, weight = table.T
    centre, spread = np.array([x.mean(), y.mean()]), max(float(x.std() + y.std()), 1.0)
    x, y = (x - centre[0]) / spread, (y - centre[1]) / spread
    one, none = np.ones_like(x), np.zeros_like(x)
    rows = [np.stack([x, y, one, none, none, none], 1), np.stack([none, none, none, x, y, one], 1)]
    if bent:
        rows[0] = np.hstack([rows[0], np.stack([-across * x, -across * y], 1)])
        rows[1] = np.hstack([rows[1], np.stack([-down * x, -down * y], 1)])
    left, right = np.vstack(rows), np.concatenate([across, down])
    heavy = np.concatenate([weight, weight])
    for _ in range(3):
        solved = np.linalg.lstsq(left * heavy[:, None], right * heavy, rcond=None)[0]
        off = np.abs(left @ solved - right)
        # A part that was taken for its neighbour pulls everything askew; what is far off counts for little.
        heavy = np.concatenate([weight, weight]) / (1.0 + (off / 0.02) ** 2)
    plane: Plane = np.array([*solved[:6], *(solved[6:8] if bent else (0.0, 0.0)), 1.0]).reshape(3, 3)
    scale = np.array([[1 / spread, 0, -centre[0] / spread], [0, 1 / spread, -centre[1] / spread], [0, 0, 1]])
    return np.asarray(plane @ scale, dtype=np.float64)


# --- What they say ----------------------------------------------------------------------------------------------------


def _hear(rest: Floats, plane: Plane) -> Reading | None:
    folded = _fold(rest, plane)
    down, across, strength = _match(folded)
    if strength < _SURE or max(abs(down), abs(across)) > 1 / SIDE:
        return None
    cells = folded.reshape(SIDE, _FINE, SIDE, _FINE).mean(axis=(1, 3)).ravel()
    chips = cells[list(DATA_PLACES)] * np.array(DATA_SIGNS)
    heard = chips.reshape(BLOCKS, WORD) @ _WORDS.T
    rows = np.argmax(np.abs(heard), axis=1)
    values = [int(2 * row + (heard[block, row] < 0)) for block, row in enumerate(rows)]
    mark = Mark.read(payload_of(values))
    return Reading(mark, strength) if mark is not None else None
