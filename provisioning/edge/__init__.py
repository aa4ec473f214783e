"""The edge's configuration: what Kamailio and rtpengine need to serve home agents, made from one settings object."""
