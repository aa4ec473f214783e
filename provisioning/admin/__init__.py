"""hearthline-admin, IT's command line, and what it says to the server beside provisioning.api."""
