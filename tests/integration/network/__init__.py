"""The network at home: a real engine, a real edge, and between them cables that the test pulls and plugs in."""
