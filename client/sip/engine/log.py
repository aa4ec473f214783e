"""Where PJSIP's own messages go."""

import pjsua2 as pj

from client.sip.engine.log_lines import scrub, write_line


class ScrubbedLog(pj.LogWriter):  # type: ignore[misc]
    """Receives PJSIP's warnings and passes on what is left of them when everything private is taken out."""

    def write(self, entry: pj.LogEntry) -> None:
        """Called by PJSIP for each message of level 2 or graver."""
        write_line(f"core: {scrub(entry.msg)}")
