"""Handing a card to whoever takes payments."""
