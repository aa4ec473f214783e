"""An engine without telephony, for the supervisor's tests: it speaks the real protocol over the real socket.

Its argument says how it behaves: `well`; `deaf`, never answers a ping; `stubborn`, ends only when killed; `unfit`, says
so and exits with status 3; `garbled`, sends what is no message; `mute`, never says where it listens.
It reports each order back as a `CallIncoming` whose `ref` is the order's name, and exits with status 7 on `HangUp`.
"""

import json
import os
import queue
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from client.core.telephony import CallIncoming, EngineStarted, EngineUnfit, HangUp, Order, Register, Shutdown
from client.sip.engine.link import Link, listen
from client.sip.protocol import Ping, Pong


def main(behaviour: str) -> None:
    parameters = json.loads(sys.stdin.readline())
    listener, address = listen(Path(parameters["directory"]))
    inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    link = Link(listener, parameters["token"], inbox.put)

    def joined() -> None:
        if behaviour == "garbled":
            link._desk.connection.sendall(b"what?\n")  # type: ignore[union-attr]
        elif behaviour == "unfit":
            link.send(EngineUnfit("made so"))
            os._exit(3)
        else:
            link.send(EngineStarted(os.getpid(), "fake", "none", ()))

    def received(message: Order | Ping) -> None:
        if isinstance(message, Ping):
            if behaviour != "deaf":
                link.send(Pong(message.number))
            return
        what = message.password if isinstance(message, Register) else ""
        link.send(CallIncoming(len(what), type(message).__name__))
        if isinstance(message, HangUp):
            os._exit(7)
        if isinstance(message, Shutdown) and behaviour != "stubborn":
            os._exit(0)

    link.joined, link.received = joined, received
    if behaviour == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    link.start()
    if behaviour != "mute":
        sys.stdout.write(json.dumps({"listening": address}) + "\n")
    sys.stdout.close()
    sys.stderr.write("ready\n")
    while True:
        inbox.get()()


if __name__ == "__main__":
    main(sys.argv[1])
