"""What the finders are worth on the part of the synthetic set that is kept apart from their making."""

import pytest

from server.masking.kinds import Kind
from server.masking.measure import NUMBERS, Figures, measure, table
from server.masking.synthetic import Part, samples


@pytest.fixture(scope="module")
def apart() -> Figures:
    return measure(samples(Part.APART))


@pytest.mark.parametrize(
    ("kinds", "recall", "precision"),
    [
        (NUMBERS, 0.99, 0.95),
        (frozenset({Kind.PHONE}), 0.99, 0.97),
        (frozenset({Kind.ID_CARD}), 0.99, 0.99),
        (frozenset({Kind.BANK_CARD}), 0.99, 0.95),
        (frozenset({Kind.ADDRESS}), 0.97, 0.97),
        (frozenset({Kind.NAME}), 0.93, 0.97),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_enough_is_found_and_little_else(
    apart: Figures, kinds: frozenset[Kind], recall: float, precision: float, language: str
) -> None:
    score = apart.of(kinds, language)
    assert score.values > 100
    assert score.recall >= recall
    assert score.precision >= precision


def test_names_that_are_known_are_all_found() -> None:
    score = measure(samples(Part.APART, 300), knowing=True).of(frozenset({Kind.NAME}))
    assert score.recall == 1.0


def test_the_same_seed_makes_the_same_set_and_the_parts_share_nothing() -> None:
    develop, again, apart = samples(Part.DEVELOP, 60), samples(Part.DEVELOP, 60), samples(Part.APART, 60)
    assert develop == again
    assert not {sample.text for sample in develop} & {sample.text for sample in apart}


def test_the_places_of_the_values_are_right() -> None:
    for sample in samples(Part.DEVELOP, 60):
        for span in sample.values:
            assert sample.text[span.start : span.end].strip()
            assert span.kind is not Kind.EMAIL or "@" in sample.text[span.start : span.end]


def test_the_table_says_it_for_each_kind(apart: Figures) -> None:
    lines = table(apart).splitlines()
    assert len(lines) == 1 + len(apart.scores) + 2
    assert "recall" in lines[0]
    assert lines[-2].startswith("numbers")
