"""Sealed digits: the customer keys in a card, and nobody sees or hears which."""
