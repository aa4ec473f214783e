"""Masking on one core: values a second in free text, beside Presidio on the same texts, and structured fields a second.

Presidio is given its pattern recognisers and a blank language: a model of names can't be fetched by a build that takes
packages from registries alone. So its time leaves out what would be its slowest part, and the ratio flatters it.
"""

import time
from collections.abc import Callable, Sequence
from statistics import median

from bench.report import Row
from server.masking.formats import MASKS
from server.masking.free_text import find, mask_text
from server.masking.synthetic import Part, Sample, samples

GROUP = "data"
_TEXTS = 400
"""Of each language."""


def measure(runs: int) -> list[Row]:
    """Return the rows; each figure is the median of `runs` passes over the same texts."""
    texts = samples(Part.APART, _TEXTS)
    english = [one for one in texts if one.language == "en"]
    ours = _rate(find, english, runs)
    peers, note = _presidio(english, runs)
    fields = [(one.text[span.start : span.end], span.kind.value) for one in texts for span in one.values]
    return [
        Row(
            GROUP,
            "texts a second, values found (English)",
            "texts/s",
            ours,
            peers,
            note=f"{len(english)} texts of the set that is kept apart; {note}",
        ),
        Row(GROUP, "texts a second, values masked (both languages)", "texts/s", _rate(mask_text, texts, runs)),
        Row(GROUP, "structured fields masked a second", "fields/s", _fields(fields, runs)),
    ]


def _rate(work: Callable[[str], object], texts: Sequence[Sample], runs: int) -> float:
    def once() -> float:
        begun = time.perf_counter()
        for sample in texts:
            work(sample.text)
        return len(texts) / (time.perf_counter() - begun)

    # The first pass fills caches, as the first minute of a server does.
    once()
    return median(once() for _ in range(runs))


def _fields(fields: Sequence[tuple[str, str]], runs: int) -> float:
    def once() -> float:
        begun = time.perf_counter()
        for value, kind in fields:
            MASKS[kind](value)
        return len(fields) / (time.perf_counter() - begun)

    once()
    return median(once() for _ in range(runs))


def _presidio(texts: Sequence[Sample], runs: int) -> tuple[dict[str, float], str]:
    try:
        from bench.data.presidio import analyse  # noqa: PLC0415
    except ImportError:
        return {}, "Presidio is not installed; `installers/setup.sh bench` installs it"
    rate = _rate(analyse, texts, runs)
    values = sum(len(one.values) for one in texts)
    theirs = sum(len(analyse(one.text)) for one in texts)
    ours = sum(len(find(one.text)) for one in texts)
    return {"presidio": rate}, f"{values} values in them, {ours} finds of ours, {theirs} of Presidio's patterns"
