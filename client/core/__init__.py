"""What the desk decides, without input or output: events go in, intents and snapshots come out.

Nothing here imports anything but the standard library, so all of it can be tested without a screen, a network or a
sound card.
"""
