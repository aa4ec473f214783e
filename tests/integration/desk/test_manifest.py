"""The manifest while somebody works: a newer one is taken at once, a forged or an older one never."""

import asyncio

from client.core.snapshot import DeskSnapshot, Screen
from provisioning import signing
from provisioning.manifest import sign_manifest
from tests.integration.desk.centre import CentreWithDoor
from tests.integration.desk.desk import Desk
from tests.stage.centre import Person

NEW_CODE = """
[[policy.wrap_up_codes]]
id = "{id}"
label = {{ en = "Something new", zh = "新的小结" }}
"""


def add_code(centre: CentreWithDoor, code: str) -> None:
    """Let calls end in one more way."""
    file = centre.organisation_directory / "organisation.toml"
    text = file.read_text().replace("\n[accessibility]", NEW_CODE.format(id=code) + "\n[accessibility]")
    file.write_text(text)


def version(desk: Desk) -> int:
    """Which version the desk obeys."""
    return desk.runtime._profile.load().manifest.version


def has_code(seen: DeskSnapshot, code: str) -> bool:
    """Whether a call can be coded so."""
    return any(one.id == code for one in seen.codes)


async def sign_in_again(desk: Desk, centre: CentreWithDoor) -> None:
    """Let the next person sign in, at which the desk asks for the manifest."""
    desk.does("work.sign-out")
    await desk.until_screen(Screen.SIGN_IN)
    await desk.signs_in(await asyncio.to_thread(centre.hire))


async def test_a_newer_manifest_is_taken_at_once(at_work: Desk, agent: Person, centre: CentreWithDoor) -> None:
    before = version(at_work)
    add_code(centre, "new-one")
    published = await asyncio.to_thread(centre.publish)
    await at_work.until(lambda seen: has_code(seen, "new-one"), "the new code")
    assert version(at_work) == published > before
    assert at_work.problems == []
    # And it works at the server, too.
    ref = await asyncio.to_thread(centre.announce_call, agent)
    await at_work.has_talked(ref)
    number = [code.id for code in at_work.now.codes].index("new-one") + 1
    at_work.does(f"choose.{number}")
    at_work.does("work.save")
    await at_work.until(lambda seen: any(one.code == "new-one" for one in seen.history), "the call in the list")


async def test_a_manifest_that_the_organisation_did_not_sign_is_refused(at_work: Desk, centre: CentreWithDoor) -> None:
    path = centre.organisation_directory / "manifest.jws"
    good, before = path.read_bytes(), version(at_work)
    manifest = centre.organisation.manifest
    forged = manifest.model_copy(update={"version": before + 100})
    try:
        path.write_text(sign_manifest(forged, signing.generate_signing_key()))
        await sign_in_again(at_work, centre)
        await at_work.until(lambda _: "manifest-bad-signature" in at_work.problems, "that it was refused")
        assert at_work.now.screen is Screen.AGENT
        assert version(at_work) == before
        at_work.snapshots = at_work.snapshots[-1:]
        path.write_text("not a manifest at all")
        await sign_in_again(at_work, centre)
        await at_work.until(lambda _: "manifest-bad-signature" in at_work.problems, "that it was refused")
        assert version(at_work) == before
    finally:
        path.write_bytes(good)
    # The old one is in force, and the next good one mends it. What is left is the server's own trouble: it has no SIP
    # domain while its manifest makes no sense.
    published = await asyncio.to_thread(centre.publish)
    await at_work.until(lambda _: version(at_work) == published, "the good manifest")
    await at_work.until_registered()
    at_work.does("problem.dismiss")
    await at_work.until_well()


async def test_an_older_manifest_is_refused(at_work: Desk, centre: CentreWithDoor) -> None:
    path = centre.organisation_directory / "manifest.jws"
    older = path.read_bytes()
    published = await asyncio.to_thread(centre.publish)
    newest = path.read_bytes()
    await at_work.until(lambda _: version(at_work) == published, "the newer manifest")
    try:
        path.write_bytes(older)
        await sign_in_again(at_work, centre)
        shown = await at_work.until_problem("manifest-stale")
        assert shown.screen is Screen.AGENT
        assert version(at_work) == published
    finally:
        path.write_bytes(newest)
    later = await asyncio.to_thread(centre.publish)
    await at_work.until_well()
    assert version(at_work) == later
