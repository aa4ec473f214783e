"""The WebSocket of a desk: what the server has to say at once, and what the desk reports."""
