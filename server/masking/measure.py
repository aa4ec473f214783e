"""How much of the synthetic set is found, and how often what is found is none: `python -m server.masking.measure`.

A value counts as found only when all of it is masked, whatever it was taken for; a find counts as right when it touches
a value, of any kind. So recall says what would have leaked, and precision what would have been hidden for nothing.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from server.masking.free_text import find
from server.masking.kinds import Kind, Span
from server.masking.synthetic import Part, Sample, samples


@dataclass
class Score:
    """Counts for one kind of value."""

    values: int = 0
    found: int = 0
    finds: int = 0
    right: int = 0
    same_kind: int = 0

    @property
    def recall(self) -> float:
        """Of the values, how many are wholly masked."""
        return self.found / self.values if self.values else 1.0

    @property
    def precision(self) -> float:
        """Of the finds, how many touch a value."""
        return self.right / self.finds if self.finds else 1.0


@dataclass
class Figures:
    """Scores by language and kind, and what was missed or found wrongly."""

    scores: dict[tuple[str, Kind], Score] = field(default_factory=dict)
    missed: list[tuple[Kind, str, str]] = field(default_factory=list)
    wrong: list[tuple[Kind, str, str]] = field(default_factory=list)

    def of(self, kinds: frozenset[Kind], language: str | None = None) -> Score:
        """Return the sum of some kinds, in one language or both."""
        total: Counter[str] = Counter()
        for (of_language, kind), score in self.scores.items():
            if kind in kinds and language in {None, of_language}:
                total.update(vars(score))
        return Score(**total)


NUMBERS = frozenset(
    {
        Kind.PHONE,
        Kind.ID_CARD,
        Kind.PASSPORT,
        Kind.BANK_CARD,
        Kind.ACCOUNT,
        Kind.SECRET,
        Kind.PLATE,
        Kind.EMAIL,
        Kind.BIRTH_DATE,
    }
)


def measure(of: Sequence[Sample], *, knowing: bool = False) -> Figures:
    """Score the finders on samples; with `knowing`, the names in a sample are given to them beforehand."""
    figures = Figures()
    for sample in of:
        known = [(span.kind, sample.text[span.start : span.end]) for span in sample.values if span.kind is Kind.NAME]
        found = find(sample.text, known if knowing else ())
        _score(figures, sample, found)
    return figures


def _score(figures: Figures, sample: Sample, found: Sequence[Span]) -> None:
    hidden = {index for span in found for index in range(span.start, span.end)}
    for value in sample.values:
        score = figures.scores.setdefault((sample.language, value.kind), Score())
        score.values += 1
        # Marks and spaces say nothing; letters and digits do.
        if all(index in hidden or not sample.text[index].isalnum() for index in range(value.start, value.end)):
            score.found += 1
            score.same_kind += any(
                span.kind is value.kind and span.start < value.end and value.start < span.end for span in found
            )
        else:
            figures.missed.append((value.kind, sample.text[value.start : value.end], sample.text))
    for span in found:
        score = figures.scores.setdefault((sample.language, span.kind), Score())
        score.finds += 1
        if any(span.start < value.end and value.start < span.end for value in sample.values):
            score.right += 1
        else:
            figures.wrong.append((span.kind, sample.text[span.start : span.end], sample.text))


def table(figures: Figures) -> str:
    """Return the figures for a terminal."""
    rows = [f"{'':14} {'language':9} {'values':>7} {'recall':>8} {'as such':>8} {'finds':>7} {'precision':>9}"]
    for (language, kind), score in sorted(figures.scores.items(), key=lambda item: (item[0][1].name, item[0][0])):
        rows.append(_row(kind.name.lower(), language, score))
    rows.append(_row("numbers", "both", figures.of(NUMBERS)))
    rows.append(_row("everything", "both", figures.of(frozenset(Kind))))
    return "\n".join(rows)


def _row(title: str, language: str, score: Score) -> str:
    as_such = score.same_kind / score.found if score.found else 1.0
    left = f"{title:14} {language:9} {score.values:7} {score.recall:8.4f} {as_such:8.4f}"
    return f"{left} {score.finds:7} {score.precision:9.4f}"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Measure how well values are found in the synthetic texts.")
    parser.add_argument("--part", type=Part, choices=list(Part), default=Part.APART, help="which part of the set")
    parser.add_argument("--knowing", action="store_true", help="give the finders the customers' names beforehand")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="print N misses and N wrong finds")
    options = parser.parse_args()
    figures = measure(samples(options.part), knowing=options.knowing)
    lines = [table(figures)]
    for title, errors in (("missed", figures.missed), ("wrong", figures.wrong)):
        lines += [f"{title}: {kind.name} {value!r} in {text!r}" for kind, value, text in errors[: options.errors]]
    print("\n".join(lines))  # noqa: T201


if __name__ == "__main__":
    main()
