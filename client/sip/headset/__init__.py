"""The buttons and lamps of a headset, over USB HID: hook, mute and reject; the lamps follow the call.

It runs in the desk process. Of all devices it opens only those that say they are telephones; nothing that goes wrong
with one may touch a call.
"""
