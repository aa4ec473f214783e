"""Group voice: what an agent hears and says, measured beside the telephones that people know."""
