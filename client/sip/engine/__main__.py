"""`python -m client.sip.engine`: reads its parameters from standard input, announces its socket, and serves.

Exit status: 0 stopped when told or when nobody needed it; 2 started wrongly; 3 the media core is unfit.
"""

import json
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from client.core.telephony import EngineUnfit
from client.sip.engine.hardening import bound_name_lookups, forbid_dumps, silence_natives
from client.sip.engine.link import Link, listen
from client.sip.engine.log_lines import warn
from client.sip.patience import Patience

STARTED_WRONGLY = 2
UNFIT = 3
UNFIT_SECONDS = 10.0


def main() -> int:
    """Run the engine, and return its exit status."""
    announcements = silence_natives()
    forbid_dumps()
    bound_name_lookups()
    try:
        parameters = json.loads(sys.stdin.buffer.readline())
        token, directory = str(parameters["token"]), Path(parameters["directory"])
        patience = Patience(**{name: float(seconds) for name, seconds in parameters["patience"].items()})
    except (ValueError, KeyError, TypeError, AttributeError):
        warn("the first line of standard input must be the desk's parameters; the engine is started by the desk only")
        return STARTED_WRONGLY
    sys.stdin.close()
    try:
        listener, address = listen(directory)
    except OSError as error:
        warn(f"no socket for the desk: {error.strerror or error}")
        return STARTED_WRONGLY
    inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    link = Link(listener, token, inbox.put)
    link.start()
    with announcements:
        announcements.write(json.dumps({"listening": address}) + "\n")
    try:
        return _serve(link, inbox, patience)
    finally:
        if address.startswith("unix:"):
            Path(address.removeprefix("unix:")).unlink(missing_ok=True)


def _serve(link: Link, inbox: "queue.SimpleQueue[Callable[[], None]]", patience: Patience) -> int:
    try:
        # Imported late, because a media core that cannot even be loaded must be reported over the link.
        from client.sip.engine.core import Engine  # noqa: PLC0415
        from client.sip.engine.fitness import Unfit  # noqa: PLC0415
    except ImportError:
        return _tell_unfit(link, inbox, "the media core (pjsua2) is not installed or does not load")
    try:
        engine = Engine(link, inbox, patience)
        signal.signal(signal.SIGTERM, lambda *_: engine.stop())
        engine.run()
    except Unfit as reason:
        return _tell_unfit(link, inbox, str(reason))
    return 0


def _tell_unfit(link: Link, inbox: "queue.SimpleQueue[Callable[[], None]]", reason: str) -> int:
    """Wait for the desk, tell it, and give up."""
    warn(reason)
    told = threading.Event()

    def tell() -> None:
        link.send(EngineUnfit(reason))
        told.set()

    if link.has_desk:
        tell()
    link.joined = tell
    deadline = time.monotonic() + UNFIT_SECONDS
    while not told.is_set() and time.monotonic() < deadline:
        try:
            inbox.get(timeout=0.1)()
        except queue.Empty:
            continue
    return UNFIT


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    # PJSIP is down; what is left of its Python objects has nothing to be destroyed in any more.
    os._exit(status)
