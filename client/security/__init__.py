"""Everything that touches a secret: the device's identity, the key store, the vault, the pinned link to the server."""
