"""Rows: met or not, by how much, and what could not be measured."""

import json
from pathlib import Path

import pytest

from bench.report import Row, not_measured, table, write
from bench.taken import Taken
from bench.voice.whole import endpoint_shares

LOWER = Row("voice", "delay", "ms", 90.0, {"baresip": 120.0}, "under 100 ms", 100.0)
HIGHER = Row("voice", "PESQ", "", 3.0, {"baresip": 3.5}, "not below", 3.5, higher_is_better=True)


@pytest.mark.parametrize(
    ("row", "met", "margin"), [(LOWER, True, 10.0), (HIGHER, False, -0.5), (Row("g", "n", "s", 1.0), None, None)]
)
def test_a_row_knows_whether_its_aim_is_met_and_by_how_much(row: Row, met: bool | None, margin: float | None) -> None:
    assert (row.met, row.margin) == (met, margin)


def test_ratios_are_ours_to_theirs_and_none_to_nothing() -> None:
    assert Row("g", "n", "s", 3.0, {"a": 2.0, "b": 0.0}).ratios == {"a": 1.5}


def test_what_was_not_measured_is_neither_met_nor_missed_and_says_why() -> None:
    row = not_measured("voice", "loss", "no speech program")
    assert (row.met, row.margin, row.ratios) == (None, None, {})
    assert "not measured: no speech program" in table([row])


def test_the_table_says_no_loudly_and_the_file_has_it_all(tmp_path: Path) -> None:
    assert "NO" in table([HIGHER])
    assert "NO" not in table([LOWER])
    write([LOWER], tmp_path / "out.json")
    [found] = json.loads((tmp_path / "out.json").read_text())
    assert found["met"] is True
    assert found["margin"] == 10.0
    assert found["ratios"] == {"baresip": 0.75}


def test_medians_of_those_that_were_taken() -> None:
    taken = Taken()
    taken.add("delay", "ours", 1.0, 9.0, 2.0)
    taken.add("delay", "baresip", 5.0)
    assert taken.medians("delay") == {"ours": 2.0, "baresip": 5.0}
    assert taken.medians("nothing") == {}


def test_a_share_is_what_is_left_when_the_callers_half_is_taken_off() -> None:
    # baresip: 60 in, 100 out; ours 10 in, 20 out. The caller is baresip.
    inward = {"baresip": 160.0, "ours": 110.0}  # its way in and the agent's way out, and so on
    outward = {"baresip": 160.0, "ours": 80.0}
    assert endpoint_shares(inward, outward) == {"baresip": 160.0, "ours": 30.0}
    assert endpoint_shares({"ours": 1.0}, {"ours": 1.0}) == {}
