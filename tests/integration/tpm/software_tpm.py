"""A TPM in software (swtpm), as a virtual machine has one: a process, with what a chip would remember in a folder."""

import contextlib
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from client.security.tpm import Tpm
from tests.stage.process import Program


class SoftwareTpm:
    """A TPM that can be switched off and on. `directory` holds its seeds, as a chip does without power."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(exist_ok=True)
        self._running = contextlib.ExitStack()
        self._socket = ""

    def make_in(self, factory: "Factory") -> None:
        """Give it an endorsement key with a certificate, as its maker does; while it is off."""
        factory.certify(self.directory)

    @property
    def tpm(self) -> Tpm:
        """The desk's way to it, since it was last switched on."""
        return Tpm(f"swtpm:path={self._socket}")

    def __enter__(self) -> Self:
        self.switch_on()
        return self

    def __exit__(self, *_: object) -> None:
        self.switch_off()

    def switch_on(self) -> None:
        """Start it. It is reachable at once: its sockets are made here and handed over."""
        with contextlib.ExitStack() as stack:
            # Not in the test's own folder, whose path may be longer than a socket's may be.
            run = stack.enter_context(tempfile.TemporaryDirectory())
            self._socket = str(Path(run) / "tpm")
            with (
                contextlib.closing(_listening(self._socket)) as data,
                contextlib.closing(_listening(f"{self._socket}.ctrl")) as control,
            ):
                program = Program(
                    [
                        "swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self.directory}",
                        "--server", f"type=unixio,fd={data.fileno()}",
                        "--ctrl", f"type=unixio,fd={control.fileno()}",
                        "--flags", "not-need-init,startup-clear",
                    ],
                    self.directory / "swtpm.log",
                    pass_fds=(data.fileno(), control.fileno()),
                )  # fmt: skip
            stack.callback(program.stop)
            self._running = stack.pop_all()

    def switch_off(self) -> None:
        """Take its power away."""
        self._running.close()


class Factory:
    """A maker of TPMs, with an authority of its own."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self._setup = directory / "setup.conf"
        self._issuer = directory / "issuercert.pem"
        authority = directory / "localca.conf"
        authority.write_text(
            f"statedir = {directory}\nsigningkey = {directory}/signkey.pem\n"
            f"issuercert = {self._issuer}\ncertserial = {directory}/certserial\n"
        )
        self._setup.write_text(
            f"create_certs_tool = /usr/bin/swtpm_localca\ncreate_certs_tool_config = {authority}\n"
            "create_certs_tool_options = /etc/swtpm-localca.options\n"
        )

    @property
    def pem(self) -> str:
        """The authority's certificate; there is one when the first TPM was made."""
        return self._issuer.read_text()

    def certify(self, state: Path) -> None:
        """Make a TPM's endorsement keys and their certificates."""
        done = subprocess.run(
            [
                "swtpm_setup", "--tpm2", "--tpmstate", f"dir://{state}", "--create-ek-cert", "--overwrite",
                "--config", str(self._setup),
            ],
            check=False, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


def _listening(path: str) -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    made.bind(path)
    made.listen()
    return made
