"""Free text about a customer on its way to a desk: what was noted of earlier contacts, and scripts."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from provisioning.api import Contact, Script, ScriptAnswer, ScriptStep
from provisioning.local_text import LocalText
from server.masking.folding import fold
from server.masking.free_text import mask_text
from server.masking.kinds import Kind
from server.masking.known import known_values

Known = tuple[tuple[Kind, str], ...]
"""The customer's own values, which are found even where nothing else tells them."""


def masked_contacts(contacts: Iterable[Contact], known: Known) -> tuple[Contact, ...]:
    """Return contacts whose summaries hold no value."""
    return tuple(
        contact.model_copy(update={"summary": _both(contact.summary, lambda text: mask_text(text, known))})
        for contact in contacts
    )


def masked_script(script: Script, known: Known) -> Script:
    """Return a script that holds no value; a CRM may have written the customer's own into it.

    The same script is read out all day, and looking through it would take longer than all the rest of a card. So where
    it has nothing of this customer, it is looked through once for everybody.
    """
    # Put together to look once. What then seems to go over from one text to the next only costs time.
    whole = fold("\n".join(text for both in _texts(script) for text in (both.en, both.zh))).text
    named = next(known_values(whole, known), None) is not None
    mask = (lambda text: mask_text(text, known)) if named else _masked_for_anybody
    steps = tuple(
        ScriptStep(
            title=_both(step.title, mask),
            say=_both(step.say, mask),
            answers=tuple(ScriptAnswer(label=_both(answer.label, mask), goto=answer.goto) for answer in step.answers),
        )
        for step in script.steps
    )
    return Script(title=_both(script.title, mask), steps=steps)


def _texts(script: Script) -> Iterator[LocalText]:
    yield script.title
    for step in script.steps:
        yield from (step.title, step.say, *(answer.label for answer in step.answers))


def _both(text: LocalText, mask: Callable[[str], str]) -> LocalText:
    return LocalText(en=mask(text.en), zh=mask(text.zh))


@lru_cache(maxsize=1024)
def _masked_for_anybody(text: str) -> str:
    return mask_text(text)
