"""Cards: what one signed-in person may see of one customer."""

from collections.abc import Mapping

import phonenumbers

from provisioning.api import CustomerCard
from provisioning.trust import TrustLevel
from server.customers.interfaces import Customer, CustomerSource
from server.customers.policy import visible_fields
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

    def __init__(self, source: CustomerSource, token_digester: Digester) -> None:
        self._source = source
        self._tokens = token_digester

    async def find(self, caller: str) -> str | None:
        """Return the id of the customer who calls, or None."""
        number = e164(caller)
        return await self._source.find_by_phone(number) if number else None

    async def number(self, customer_id: str) -> str | None:
        """Return the number (E.164) by which a customer is called, or None. It is for the edge, never for a desk."""
        customer = (await self._source.get(frozenset({customer_id}))).get(customer_id)
        return e164(customer.values.get("phone", "")) if customer is not None else None

    async def card(self, ref: str, customer_id: str | None, signed_in: SignedIn) -> CustomerCard:
        """Return what this person may see of the customer of a call.

        Below T1 the card says nothing, not even whether the caller is known.
        """
        trust, work_type = signed_in.trust, signed_in.work_type
        script = await self._source.script(work_type)
        known: Mapping[str, Customer] = {}
        if customer_id is not None and trust.level >= TrustLevel.T1:
            known = await self._source.get(frozenset({customer_id}))
        customer = known.get(customer_id or "")
        if customer is None:
            return CustomerCard(ref=ref, customer_token=None, work_type=work_type, trust=trust, script=script)
        return CustomerCard(
            ref=ref,
            customer_token=f"k_{self._tokens.digest(customer.id)[:20]}",
            work_type=work_type,
            trust=trust,
            fields=visible_fields(customer.values, trust.level, work_type),
            contacts=await self._source.contacts(customer.id),
            script=script,
        )

    async def labels(self, customer_ids: frozenset[str], signed_in: SignedIn) -> Mapping[str, str]:
        """Return masked names for a list of calls, where this person may see any."""
        if not customer_ids or signed_in.trust.level < TrustLevel.T1:
            return {}
        customers = await self._source.get(customer_ids)
        labels = {}
        for customer in customers.values():
            name = {"name": customer.values.get("name", "")}
            fields = visible_fields(name, signed_in.trust.level, signed_in.work_type)
            labels[customer.id] = fields[0].value if fields else ""
        return labels
