"""The engine: the process that holds PJSIP. Nothing outside this package imports pjsua2.

It runs as `python -m client.sip.engine` and is started, watched and replaced by `client.sip.supervisor`. One thread
owns PJSIP and sleeps in its event loop; a second one reads the desk's orders off a local socket and hands them over.
"""
