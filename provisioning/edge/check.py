"""Ask Kamailio itself whether it accepts a configuration, and say what it found in words."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from provisioning.edge.configuration import KAMAILIO

# ` 0(42) CRITICAL: <core> [core/cfg.y:3790]: yyerror_at(): parse error in config file /x/kamailio.cfg, line 7: ...`:
# where in Kamailio's own source the complaint comes from is of no use to the reader.
_COMPLAINT = re.compile(r"(?:CRITICAL|ERROR): (?:\S+ \[[^\]]*\]: \w+\(\): )?(?P<text>.+)$", re.MULTILINE)
_CHECK_SECONDS = 30


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What Kamailio says of a configuration."""

    ok: bool
    findings: tuple[str, ...]
    """One sentence for each fault; empty when `ok`."""


def check(directory: Path, kamailio: str = "kamailio") -> CheckReport:
    """Run `kamailio -c` on the files that `configuration.write` put into `directory`.

    Nothing is started and no port is opened. A missing program or file is a finding, never an exception.
    """
    program = shutil.which(kamailio)
    if program is None:
        return _failed(f"{kamailio} is not installed. Install the packages listed in provisioning/edge/apt.txt.")
    config = directory / KAMAILIO
    if not config.is_file():
        return _failed(f"There is no {config}. Write the edge's configuration first.")
    try:
        run = subprocess.run(
            [program, "-c", "-E", "-f", str(config)],
            capture_output=True,
            text=True,
            timeout=_CHECK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _failed(f"Kamailio did not finish reading {config} within {_CHECK_SECONDS} seconds.")
    if run.returncode == 0:
        return CheckReport(ok=True, findings=())
    findings = tuple(dict.fromkeys(match["text"].strip() for match in _COMPLAINT.finditer(run.stderr)))
    return CheckReport(ok=False, findings=findings or (f"Kamailio refused {config} and gave no reason.",))


def _failed(finding: str) -> CheckReport:
    return CheckReport(ok=False, findings=(finding,))
