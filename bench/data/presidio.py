"""Presidio with its pattern recognisers, and a language that knows words and nothing else."""

from collections.abc import Iterator
from typing import Any

import spacy
import tldextract.tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine


class _Blank(NlpEngine):  # type: ignore[misc]
    """Splits texts into words."""

    def __init__(self) -> None:
        self._language = spacy.blank("en")

    def load(self) -> None:
        """There is nothing to load."""

    def is_loaded(self) -> bool:
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        tokens = self._language(text)
        lemmas = [token.text.lower() for token in tokens]
        return NlpArtifacts([], tokens, [token.idx for token in tokens], lemmas, self, language)

    def process_batch(self, texts: Any, language: str, **_options: Any) -> Iterator[tuple[str, NlpArtifacts]]:
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:
        return False

    def is_punct(self, word: str, language: str) -> bool:
        return not any(letter.isalnum() for letter in word)

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return ["en"]


# It would fetch the list of domains anew; the one that it ships will do.
tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
tldextract.extract = tldextract.tldextract.TLD_EXTRACTOR
_engine = AnalyzerEngine(nlp_engine=_Blank(), supported_languages=["en"])


def analyse(text: str) -> list[Any]:
    """Return what Presidio finds in an English text."""
    return list(_engine.analyze(text=text, language="en"))
