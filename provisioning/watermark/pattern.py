"""How a mark becomes a tile: 32 by 32 cells, each a little lighter or a little darker, repeated over the whole window.

Spread over the tile by a fixed shuffle stand 384 cells that are always the same, by which a reader finds where a tile
begins and how the picture is turned and bent, and 640 that carry the payload: ten blocks of seven bits, each one of 128
biorthogonal words of 64 cells (Hadamard rows and their opposites), which is what a reader can hear best in noise.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from provisioning.watermark.mark import PAYLOAD_BITS, Mark

SIDE: Final = 32
"""Cells along one side of a tile."""
CELL: Final = 4
"""Pixels (device-independent) along one side of a cell."""
WORD: Final = 64
_WORD_BITS = 7
BLOCKS: Final = PAYLOAD_BITS // _WORD_BITS
_CELLS = SIDE * SIDE


def _stream(name: str, count: int) -> bytes:
    return hashlib.shake_256(f"hearthline watermark 1 {name}".encode()).digest(count)


def _shuffled() -> tuple[int, ...]:
    numbers = _stream("places", 8 * _CELLS)
    return tuple(sorted(range(_CELLS), key=lambda cell: numbers[8 * cell : 8 * cell + 8]))


_PLACES = _shuffled()
_SIGNS = tuple(1 if byte & 1 else -1 for byte in _stream("signs", _CELLS))
DATA_PLACES: Final = _PLACES[: BLOCKS * WORD]
"""The cells that carry the payload, block after block; row by row, a cell's number is `SIDE * row + column`."""
SYNC_PLACES: Final = _PLACES[BLOCKS * WORD :]
DATA_SIGNS: Final = _SIGNS[: BLOCKS * WORD]
"""What each of them is multiplied with, so that no payload makes stripes."""
SYNC_SIGNS: Final = _SIGNS[BLOCKS * WORD :]


def word(value: int) -> tuple[int, ...]:
    """The cells, +1 or -1, of one block's seven bits."""
    row, sign = value >> 1, -1 if value & 1 else 1
    return tuple(-sign if (row & place).bit_count() & 1 else sign for place in range(WORD))


def cells(mark: Mark) -> tuple[int, ...]:
    """The tile of a mark, row by row: +1 for lighter, -1 for darker."""
    tile = [0] * _CELLS
    for place, sign in zip(SYNC_PLACES, SYNC_SIGNS, strict=True):
        tile[place] = sign
    payload = mark.payload
    values = [payload >> _WORD_BITS * (BLOCKS - 1 - block) & (1 << _WORD_BITS) - 1 for block in range(BLOCKS)]
    for number, chip in enumerate(chip for value in values for chip in word(value)):
        tile[DATA_PLACES[number]] = chip * DATA_SIGNS[number]
    return tuple(tile)


def payload_of(values: Sequence[int]) -> int:
    """The payload of the blocks' values."""
    payload = 0
    for value in values:
        payload = payload << _WORD_BITS | value
    return payload
