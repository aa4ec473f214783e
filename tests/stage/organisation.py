"""The bank of the tests."""

from pathlib import Path

from provisioning.local_text import LocalText
from provisioning.organisation import Organisation
from provisioning.organisation_file import EdgeTable, ServerTable
from tests.stage.ports import HOST


def harbour_bank(directory: Path, sip_domain: str = "sip.harbour.example") -> Organisation:
    """Make an organisation in a directory that is not there yet; nothing of it runs."""
    return Organisation.create(
        directory,
        name="Harbour Bank",
        server=ServerTable(host="localhost", port=8443),
        edge=EdgeTable(name=LocalText(en="Shanghai 1", zh="上海一号"), host=HOST, port=5061),
        sip_domain=sip_domain,
    )
