"""A mistake in one action must not end the calls of all others."""

from collections.abc import Callable

from client.sip.engine.log_lines import FAULT, warn


def contained(action: Callable[[], None]) -> None:
    """Do something; what it raises is told to the desk's log and goes no further.

    Only the kind of the error and the place are told: its text may hold what came over the network.
    """
    try:
        action()
    except Exception as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace is not None else ""
        warn(f"{FAULT} {type(error).__name__} at {where}")
