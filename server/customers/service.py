"""Cards: what one signed-in person may see of one customer."""

import asyncio
from collections.abc import Mapping

import phonenumbers

from provisioning.api import CustomerCard
from provisioning.data_policy import CallState, Context
from provisioning.trust import TrustLevel
from server.customers.free_text import masked_contacts, masked_script
from server.customers.interfaces import Customer, CustomerSource
from server.customers.policy import known_values, visible_fields
from server.customers.published import PublishedPolicy
from server.masking.free_text import mask_text
from server.people.sessions import SignedIn
from server.sealing import Digester

_REGION = "CN"
_LONGEST_CALLER = 128


def e164(caller: str) -> str | None:
    """Read a caller's number from a SIP URI, a tel URI or plain digits; mainland China's unless it says otherwise.

    Returns None for what is no possible number, such as 'anonymous' or an internal extension.
    """
    text = caller.strip().strip("<>")[:_LONGEST_CALLER]
    for scheme in ("sips:", "sip:", "tel:"):
        text = text.removeprefix(scheme)
    user = text.split("@", 1)[0].split(";", 1)[0].replace("%2B", "+").replace("%2b", "+")
    try:
        number = phonenumbers.parse(user, _REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class Cards:
    """Makes cards out of what a CustomerSource knows and what the policy allows."""

    def __init__(self, source: CustomerSource, published: PublishedPolicy, token_digester: Digester) -> None:
        self._source = source
        self._published = published
        self._tokens = token_digester

    async def find(self, caller: str) -> str | None:
        """Return the id of the customer who calls, or None."""
        number = e164(caller)
        return await self._source.find_by_phone(number) if number else None

    async def number(self, customer_id: str) -> str | None:
        """Return the number (E.164) by which a customer is called, or None. It is for the edge, never for a desk."""
        customer = (await self._source.get(frozenset({customer_id}))).get(customer_id)
        return e164(customer.values.get("phone", "")) if customer is not None else None

    async def masked(self, text: str, customer_id: str | None) -> str:
        """Return free text about a customer, or about nobody we know, with every value in it masked."""
        known = (await self._source.get(frozenset({customer_id}))).values() if customer_id is not None else ()
        policy = self._published.now()
        own = tuple(value for customer in known for value in known_values(customer.values, policy))
        # A long text takes a fifth of a second, and everybody else's calls must not wait for it.
        return await asyncio.to_thread(mask_text, text, own)

    async def card(self, ref: str, customer_id: str | None, signed_in: SignedIn, call_state: CallState) -> CustomerCard:
        """Return what this person may see of the customer of a call, by the policy that is published now.

        Below T1 the card says nothing, not even whether the caller is known.
        """
        policy = self._published.now()
        trust, work_type = signed_in.trust, signed_in.work_type
        script = await self._source.script(work_type)
        known: Mapping[str, Customer] = {}
        if customer_id is not None:
            known = await self._source.get(frozenset({customer_id}))
        customer = known.get(customer_id or "")
        # Whoever may see nothing of the customer must not read of them in a script either.
        own = known_values(customer.values, policy) if customer is not None else ()
        script = masked_script(script, own) if script is not None else None
        if customer is None or trust.level < TrustLevel.T1:
            return CustomerCard(ref=ref, customer_token=None, work_type=work_type, trust=trust, script=script)
        return CustomerCard(
            ref=ref,
            customer_token=f"k_{self._tokens.digest(customer.id)[:20]}",
            work_type=work_type,
            trust=trust,
            fields=visible_fields(customer.values, policy, _context(signed_in, call_state)),
            contacts=masked_contacts(await self._source.contacts(customer.id), own),
            script=script,
        )

    async def labels(self, customer_ids: frozenset[str], signed_in: SignedIn) -> Mapping[str, str]:
        """Return masked names for a list of calls, where this person may see any."""
        if not customer_ids or signed_in.trust.level < TrustLevel.T1:
            return {}
        customers = await self._source.get(customer_ids)
        # Calls of a list may be over: their customers are shown as in a wrap-up.
        policy, context = self._published.now(), _context(signed_in, CallState.WRAP_UP)
        labels = {}
        for customer in customers.values():
            name = {"name": customer.values.get("name", "")}
            fields = visible_fields(name, policy, context)
            labels[customer.id] = fields[0].value if fields else ""
        return labels


def _context(signed_in: SignedIn, call_state: CallState) -> Context:
    return Context(signed_in.trust.level, signed_in.clearance, signed_in.work_type, call_state)
