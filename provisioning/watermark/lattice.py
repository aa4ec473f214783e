"""How large a tile is in a picture, and how it is turned: from the picture's likeness to itself.

A pattern that repeats makes the picture resemble itself when it is moved by one tile. Windows repeat by themselves too
(lines of text, rows of a list), so all frequencies are made equally strong first: what remains is what is sharp.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float64]
_SHORTEST, _LONGEST = 44.0, 330.0
"""Pixels of a picture along a tile's side: from a third of a screen's size to two and a half times that."""
_LEAN = np.tan(np.radians(22))
_KEPT = 14


@dataclass(frozen=True)
class Lattice:
    """The steps, in pixels, from a tile to its neighbours on the right and below."""

    right: tuple[float, float]
    down: tuple[float, float]
    score: float

    @property
    def matrix(self) -> Floats:
        """Takes tiles to pixels."""
        return np.array([self.right, self.down]).T


def residue(grey: Floats) -> Floats:
    """What is left of a picture without its large shapes and its edges: the pattern, and noise.

    Args:
        grey: the picture, 0 to 255.
    """
    rest = grey - ndimage.gaussian_filter(grey, 6.0)
    usual = float(np.median(np.abs(rest)))
    most = min(8.0, max(1.5, 4.0 * usual))
    busy = np.sqrt(ndimage.gaussian_filter(np.minimum(rest * rest, 400.0), 4.0))
    kept: Floats = np.clip(rest, -most, most) / (1.0 + (busy / (2.0 * most)) ** 2)
    return kept - float(kept.mean())


def lattices(rest: Floats) -> list[Lattice]:
    """The lattices that the residue of a picture may have, the likeliest first."""
    likeness = _likeness(rest)
    middle = np.array(likeness.shape) // 2
    reach = int(min(_LONGEST, min(rest.shape) * 0.8, middle.min() - 1))
    view = likeness[middle[0] - reach : middle[0] + reach + 1, middle[1] - reach : middle[1] + reach + 1]
    across = _peaks(view, reach, upright=False)
    along = _peaks(view, reach, upright=True)
    found = []
    for right in across:
        for down in along:
            long, high = np.hypot(*right[:2]), np.hypot(*down[:2])
            lean = abs(right[0] * down[0] + right[1] * down[1]) / (long * high)
            if not 0.75 < long / high < 1.33 or lean > 0.3:
                continue
            both = _at(view, reach, right[0] + down[0], right[1] + down[1])
            other = _at(view, reach, right[0] - down[0], right[1] - down[1])
            # A multiple of the true step fits as well as that; the shorter is asked first.
            score = (right[2] + down[2] + both + other) * (100.0 / max(long, 60.0)) ** 0.25
            found.append(Lattice((right[0], right[1]), (down[0], down[1]), float(score)))
    return sorted(found, key=lambda lattice: -lattice.score)


def _likeness(rest: Floats) -> Floats:
    shape = [int(2 ** np.ceil(np.log2(side * 1.5))) for side in rest.shape]
    window = np.outer(np.hanning(rest.shape[0] + 2)[1:-1], np.hanning(rest.shape[1] + 2)[1:-1]) ** 0.5
    power = np.abs(np.fft.fft2(rest * window, s=shape)) ** 2
    usual = ndimage.uniform_filter(power, 25, mode="wrap") + 1e-9
    sharp = np.minimum(power / usual, 12.0) - 1.0
    # Noise has the highest frequencies for itself, and what is left of large shapes the lowest.
    down, across = np.meshgrid(np.fft.fftfreq(shape[0]), np.fft.fftfreq(shape[1]), indexing="ij")
    radius = np.hypot(down, across)
    sharp *= (radius > 0.008) * np.exp(-((radius / 0.22) ** 2))
    likeness: Floats = np.fft.fftshift(np.fft.ifft2(sharp).real)
    return likeness / (float(likeness.std()) + 1e-12)


def _peaks(view: Floats, reach: int, *, upright: bool) -> list[tuple[float, float, float]]:
    """Steps (x, y) near one axis with how alike the picture is there, the most alike first."""
    smooth = ndimage.gaussian_filter(view, 1.0)
    down, across = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    along, aside = (down, across) if upright else (across, down)
    place = (along >= _SHORTEST) & (np.hypot(down, across) <= reach - 2) & (np.abs(aside) <= _LEAN * along)
    top = place & (smooth == ndimage.maximum_filter(smooth, 7))
    rows, columns = np.nonzero(top)
    order = np.argsort(-smooth[rows, columns])[:_KEPT]
    return [(*_fine(smooth, rows[i], columns[i], reach), float(smooth[rows[i], columns[i]])) for i in order]


def _fine(view: Floats, row: int, column: int, reach: int) -> tuple[float, float]:
    """A peak's place to a part of a pixel, by a parabola through its neighbours."""
    middle = view[row, column]

    def shift(before: float, after: float) -> float:
        bend = before - 2 * middle + after
        return 0.0 if bend >= 0 else float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))

    return (
        column - reach + shift(view[row, column - 1], view[row, column + 1]),
        row - reach + shift(view[row - 1, column], view[row + 1, column]),
    )


def _at(view: Floats, reach: int, x: float, y: float) -> float:
    row, column = round(y) + reach, round(x) + reach
    if not (1 <= row < view.shape[0] - 1 and 1 <= column < view.shape[1] - 1):
        return 0.0
    return float(view[row - 1 : row + 2, column - 1 : column + 2].max())
