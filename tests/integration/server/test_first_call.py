"""The story as the server sees it: enrol, sign in, be called, see, wrap up."""

from datetime import UTC, datetime

from provisioning.api import (
    CallOffered,
    CallProgress,
    CustomerCard,
    HistoryReply,
    SipCredentialsReply,
    Visibility,
)
from provisioning.manifest import open_manifest
from tests.integration.server.people import Desk, It, TheEdge


async def test_the_first_call(it: It, edge: TheEdge, desk: Desk, customer: dict[str, str]) -> None:
    manifest = open_manifest(desk.manifest, desk.signing_keys)
    assert manifest.organisation == "Harbour Bank"

    signed_in = await desk.sign_in(await it.add("lina"))
    assert signed_in.person.display_name == "Display lina"
    assert (int(signed_in.trust.level), signed_in.trust.reasons) == (1, ("screen-capture-possible",))

    credentials = SipCredentialsReply.model_validate_json((await desk.send("POST", "/sip/credentials")).content)
    assert credentials.address_of_record == "sip:lina@sip.harbour.example"
    assert credentials.username == f"{int(credentials.expires_at.timestamp())}:lina"

    async with desk.socket() as socket:
        ref = await edge.call("lina", f"sip:{customer['phone']}@trunk.example;user=phone")
        offered = await socket.next()
        assert isinstance(offered, CallOffered)
        card = offered.card
        assert card.ref == ref
        shown = {field.name: (field.visibility, field.value) for field in card.fields}
        assert shown["name"] == (Visibility.MASKED, customer["name"][0] + "*")
        assert shown["phone"] == (Visibility.MASKED, f"{customer['phone'][3:6]}****{customer['phone'][-4:]}")
        assert shown["opening_date"] == (Visibility.CLEAR, customer["opening_date"])
        assert "security_answer" not in shown
        assert card.contacts
        assert card.script is not None
        assert card.script.title.zh == "账单分期"

        await socket.say(CallProgress(ref=ref, state="answered", at=datetime.now(UTC)))
        assert CustomerCard.model_validate_json((await desk.send("GET", f"/calls/{ref}/customer")).content) == card

    await edge.ended(ref)
    assert (await desk.wrap_up(ref)).status_code == 204
    history = HistoryReply.model_validate_json((await desk.send("GET", "/calls")).content)
    [call] = history.calls
    assert (call.ref, call.wrap_up_code, call.customer_label) == (ref, "answered", customer["name"][0] + "*")
    assert call.ended_at is not None
    assert (await desk.send("DELETE", "/session")).status_code == 204
