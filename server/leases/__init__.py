"""Reveal leases: one field of one customer in clear, for a reason, for some seconds, during one call.

`rules` decides, `asks` reads what a device signed, `standing` says what holds at this very moment, `service` grants and
delivers, `approvals` asks a second person, `endings` ends. The value is read, sealed and forgotten: no row, no log and
no message holds it in clear.
"""
