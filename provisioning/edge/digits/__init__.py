"""The digit keeper: seals calls at this edge for the server, and hands it the customer's keys.

A process beside Kamailio and rtpengine, as their user: `hearthline-edge-digits --config digits.json`. It holds a
connection to the server, which says what to seal; rtpengine then keeps a customer's key presses (RFC 4733) from the
desk, and tells the keeper of them. What comes while nothing is sealed is forgotten unread.
"""
