#!/usr/bin/env python3
"""Proves on an installed `pjsua2` that it is the media core that the desk needs. Loopback only; takes some seconds.

Usage: python installers/pjsua2/check.py, with the interpreter whose pjsua2 is meant. Prints what was found; exit status
0, or 1 with the reasons. The work is done in a child process, because what NDEBUG is there to prevent is an abort.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

# A sound device for machines without one: it swallows and gives silence. PJSIP lists it only if its ALSA driver works.
SOUND = 'pcm.check { type null hint { show on description "a sound device for the check" } }\n'
ADVICE = "Build the right one with installers/pjsua2/build.py."


def main() -> int:
    """Run the checks in a child that has a sound device of our own, and report."""
    if sys.argv[1:] == ["--child"]:
        return examine()
    with tempfile.TemporaryDirectory(prefix="pjsua2-check-") as folder:
        sound = Path(folder) / "asound.conf"
        sound.write_text(SOUND, encoding="utf-8")
        environment = os.environ | {"ALSA_CONFIG_PATH": str(sound)}
        child = subprocess.run([sys.executable, __file__, "--child"], env=environment, check=False)
    if child.returncode < 0:
        name = signal.Signals(-child.returncode).name
        print(f"This pjsua2 is unsuitable: {name} ended the process where an error should have been reported. {ADVICE}")
        return 1
    return child.returncode


def examine() -> int:
    """Check everything in this process, print one line each, and return the exit status."""
    try:
        # Here and not at the top: the parent must be able to speak even if this import fails.
        import check_core  # noqa: PLC0415
    except ImportError as error:
        print(f"There is no suitable pjsua2 for {sys.executable} ({error}). {ADVICE}")
        return 1
    findings = check_core.examine()
    for finding in findings:
        print(f"{'ok' if finding.good else 'NOT OK':6} {finding.text}", flush=True)
    if not all(finding.good for finding in findings):
        print(f"This pjsua2 is unsuitable for the desk: see the lines marked NOT OK. {ADVICE}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
