"""A desk in a process of its own, which a test can kill as a crash would: answers the first call, and says so.

Run as `python -m tests.integration.engine.desk_process`. The first line of standard input is a JSON object: `folder`,
`environment`, `port` and `pin` of the edge, and `ca`, the authority's certificate in PEM. Writes `talking` and the
engine's process id once sound flows.
"""

import asyncio
import json
import sys
from pathlib import Path

from client.core.telephony import AnswerCall, CallConfirmed, CallIncoming, CallMedia, Configure, EdgeAddress
from client.sip.rendezvous import PrivateFile
from tests.integration.engine.parts import Desk, credentials
from tests.integration.engine.small_edge import REALM


async def main() -> None:
    options = json.loads(sys.stdin.readline())
    folder = Path(options["folder"])
    desk = Desk(folder, options["environment"], PrivateFile(folder))
    desk.supervisor.start()
    edge = EdgeAddress("localhost", options["port"], (options["pin"],))
    desk.send(Configure(REALM, (edge,), options["ca"], ("opus/48000",), 300), credentials())
    desk.send(AnswerCall((await desk.next(CallIncoming)).call))
    await desk.next(CallMedia, lambda report: report.active)
    await desk.next(CallConfirmed)
    sys.stdout.write(f"talking {desk.supervisor.engine_pid}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
