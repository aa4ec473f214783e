"""Texts that are meant for somebody else: for a database, a terminal, a log, a template, a header."""

MARK = "Zq7xMarked"
"""In every text, so that it can be looked for where it must not be."""

NASTY = {
    "sql": f"{MARK}'; DROP TABLE calls; --",
    "sql-union": f'{MARK}" UNION SELECT password_hash FROM people WHERE "1"="1',  # noqa: S608
    "like": f"{MARK}%_\\%",
    "crlf": f"{MARK}\r\nSet-Cookie: owned=1\r\n\r\n<html>",
    "nul": f"{MARK}\x00after",
    "ansi": f"{MARK}\x1b[2J\x1b]0;owned\x07\x9b31m",
    "format": f"{MARK}%s%n%(name)s{{0.__class__.__init__}}",
    "jndi": f"{MARK}${{jndi:ldap://127.0.0.1/a}}",
    "template": f"{MARK}{{{{7*7}}}}<%= 7*7 %>#{{7*7}}",
    "line-of-json": f'{MARK}"}}\n{{"event":"ready","level":"info"',
    "bidi": f"{MARK}\u202egnp.exe\u2066",
    "line-separators": f"{MARK}\u2028\u2029\x85",
    "combining": MARK + "e" + "\u0301" * 60,
    "astral": MARK + "𠮷" * 60,
    "noncharacters": f"{MARK}\ufdd0\uffff\U0010ffff",
    "html": f"{MARK}<script>alert(1)</script>",
    "path": f"{MARK}/../../../etc/passwd",
}
