"""The contract that desk and server share, the organisation's keys, the edge's configuration, and IT's command line."""
