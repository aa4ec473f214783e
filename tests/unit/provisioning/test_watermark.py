"""The watermark's bits, its tile, and its reading out of noise; real windows are in tests/unit/ui/test_watermark.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.admin.watermark import BadPicture, read_image, resolve
from provisioning.watermark.mark import HOURS, Mark, device_code, person_code
from provisioning.watermark.pattern import CELL, DATA_PLACES, SIDE, SYNC_PLACES, cells, word
from provisioning.watermark.reader import read

_MARKS = st.builds(Mark, st.integers(0, (1 << 20) - 1), st.integers(0, (1 << 20) - 1), st.integers(0, HOURS - 1))


@given(_MARKS)
def test_a_payload_is_read_as_what_it_was(mark: Mark) -> None:
    assert Mark.read(mark.payload) == mark


@given(_MARKS, st.integers(0, 69))
def test_one_wrong_bit_is_noticed(mark: Mark, bit: int) -> None:
    assert Mark.read(mark.payload ^ 1 << bit) is None


def test_no_name_and_no_id_is_in_it() -> None:
    """Of another device the same person has other bits, so bits can't be collected by person."""
    assert person_code("d_one", "lin") != person_code("d_two", "lin")
    assert device_code("d_one") != device_code("d_two")


@given(st.floats(1.7e9, 3e9), st.floats(0, 600 * 86400.0))
def test_the_hour_is_told_for_nearly_two_years(then: float, later: float) -> None:
    mark = Mark.of("d_one", "lin", then)
    assert mark.latest_hour(then + later) == then // 3600 * 3600


def test_the_words_are_as_far_from_each_other_as_can_be() -> None:
    words = np.array([word(value) for value in range(128)])
    between = words @ words.T
    assert set(between[~np.eye(128, dtype=bool)]) == {0, -64}


@given(_MARKS)
def test_a_tile_is_as_light_as_it_is_dark(mark: Mark) -> None:
    """A tile that is lighter on the whole would be seen where the mark changes."""
    tile = cells(mark)
    assert set(tile) == {1, -1}
    assert abs(sum(tile)) < SIDE * SIDE * 0.15
    assert sorted((*SYNC_PLACES, *DATA_PLACES)) == list(range(SIDE * SIDE))


def _wall(mark: Mark, wide: int, high: int, depth: float) -> np.ndarray:
    tile = np.kron(np.array(cells(mark)).reshape(SIDE, SIDE), np.ones((CELL, CELL)))
    repeated = np.tile(tile, (high // len(tile) + 1, wide // len(tile) + 1))[:high, :wide]
    return 128 + depth * repeated


def test_it_is_heard_in_noise_much_louder_than_itself() -> None:
    mark = Mark.of("d_one", "lin", 1.9e9)
    noise = np.random.default_rng(5).normal(0, 6, (700, 900))
    reading = read(np.clip(_wall(mark, 900, 700, 1.5) + noise, 0, 255))
    assert reading is not None
    assert reading.mark == mark


def test_it_is_heard_when_the_tiles_do_not_begin_at_the_corner() -> None:
    mark = Mark.of("d_one", "lin", 1.9e9)
    noise = np.random.default_rng(6).normal(0, 2, (500, 600))
    reading = read(_wall(mark, 900, 700, 1.5)[57 : 57 + 500, 91 : 91 + 600] + noise)
    assert reading is not None
    assert reading.mark == mark


@pytest.mark.parametrize("seed", [1, 2])
def test_noise_is_no_mark(seed: int) -> None:
    assert read(128 + np.random.default_rng(seed).normal(0, 6, (500, 600))) is None


@pytest.mark.parametrize("shape", [(96, 96), (97, 700), (340, 544), (341, 512), (699, 130)])
def test_pictures_of_every_shape_are_looked_at(shape: tuple[int, int]) -> None:
    assert read(128 + np.random.default_rng(8).normal(0, 3, shape)) is None


def test_a_picture_too_small_for_a_tile_is_no_mark() -> None:
    assert read(np.full((40, 40), 128.0)) is None


def test_candidates_are_found_among_devices_and_people() -> None:
    devices, people = [f"d_{n}" for n in range(300)], [f"agent{n}" for n in range(300)]
    mark = Mark.of("d_17", "agent200", 1.9e9)
    assert resolve(mark, devices, people) == [("d_17", "agent200")]
    assert resolve(mark, devices, ["someone"]) == [("d_17", "")]
    assert resolve(mark, ["d_other"], people) == []


def test_of_two_devices_with_the_same_bits_the_one_where_a_person_fits_is_it(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = Mark.of("d_17", "agent200", 1.9e9)
    monkeypatch.setattr("provisioning.admin.watermark.device_code", lambda _device: mark.device)
    assert resolve(mark, ["d_16", "d_17"], ["agent200"]) == [("d_17", "agent200")]


def test_what_is_no_picture_is_said_to_be_none(tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "note.png"
    file.write_text("no picture")
    with pytest.raises(BadPicture, match="can't be opened"):
        read_image(file)
