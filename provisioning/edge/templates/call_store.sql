-- What Kamailio 5.6's topos module expects of its database (tables topos_d and topos_t, version 2): which routing headers
-- belong to which dialog and transaction. Types are SQLite's own; Kamailio checks the versions when it starts.
CREATE TABLE version (table_name TEXT PRIMARY KEY NOT NULL, table_version INTEGER NOT NULL DEFAULT 0);

CREATE TABLE topos_d (
    id INTEGER PRIMARY KEY NOT NULL,
    rectime TIMESTAMP NOT NULL,
    x_context TEXT NOT NULL DEFAULT '',
    s_method TEXT NOT NULL DEFAULT '',
    s_cseq TEXT NOT NULL DEFAULT '',
    a_callid TEXT NOT NULL DEFAULT '',
    a_uuid TEXT NOT NULL DEFAULT '',
    b_uuid TEXT NOT NULL DEFAULT '',
    a_contact TEXT NOT NULL DEFAULT '',
    b_contact TEXT NOT NULL DEFAULT '',
    as_contact TEXT NOT NULL DEFAULT '',
    bs_contact TEXT NOT NULL DEFAULT '',
    a_tag TEXT NOT NULL DEFAULT '',
    b_tag TEXT NOT NULL DEFAULT '',
    a_rr TEXT,
    b_rr TEXT,
    s_rr TEXT,
    iflags INTEGER NOT NULL DEFAULT 0,
    a_uri TEXT NOT NULL DEFAULT '',
    b_uri TEXT NOT NULL DEFAULT '',
    r_uri TEXT NOT NULL DEFAULT '',
    a_srcaddr TEXT NOT NULL DEFAULT '',
    b_srcaddr TEXT NOT NULL DEFAULT '',
    a_socket TEXT NOT NULL DEFAULT '',
    b_socket TEXT NOT NULL DEFAULT ''
);
CREATE INDEX topos_d_rectime_idx ON topos_d (rectime);
CREATE INDEX topos_d_a_callid_idx ON topos_d (a_callid);
CREATE INDEX topos_d_a_uuid_idx ON topos_d (a_uuid);
CREATE INDEX topos_d_b_uuid_idx ON topos_d (b_uuid);

CREATE TABLE topos_t (
    id INTEGER PRIMARY KEY NOT NULL,
    rectime TIMESTAMP NOT NULL,
    x_context TEXT NOT NULL DEFAULT '',
    s_method TEXT NOT NULL DEFAULT '',
    s_cseq TEXT NOT NULL DEFAULT '',
    a_callid TEXT NOT NULL DEFAULT '',
    a_uuid TEXT NOT NULL DEFAULT '',
    b_uuid TEXT NOT NULL DEFAULT '',
    direction INTEGER NOT NULL DEFAULT 0,
    x_via TEXT,
    x_vbranch TEXT NOT NULL DEFAULT '',
    x_rr TEXT,
    y_rr TEXT,
    s_rr TEXT,
    x_uri TEXT NOT NULL DEFAULT '',
    a_contact TEXT NOT NULL DEFAULT '',
    b_contact TEXT NOT NULL DEFAULT '',
    as_contact TEXT NOT NULL DEFAULT '',
    bs_contact TEXT NOT NULL DEFAULT '',
    x_tag TEXT NOT NULL DEFAULT '',
    a_tag TEXT NOT NULL DEFAULT '',
    b_tag TEXT NOT NULL DEFAULT '',
    a_srcaddr TEXT NOT NULL DEFAULT '',
    b_srcaddr TEXT NOT NULL DEFAULT '',
    a_socket TEXT NOT NULL DEFAULT '',
    b_socket TEXT NOT NULL DEFAULT ''
);
CREATE INDEX topos_t_rectime_idx ON topos_t (rectime);
CREATE INDEX topos_t_a_callid_idx ON topos_t (a_callid);
CREATE INDEX topos_t_x_vbranch_idx ON topos_t (x_vbranch);
CREATE INDEX topos_t_a_uuid_idx ON topos_t (a_uuid);

-- What the edge itself knows of its calls (kamailio/calls.cfg), and the same as two views in the form in which Kamailio's
-- htable module reads a table when it starts. What is a day old is of a call whose end nobody told.
CREATE TABLE kept_calls (
    id TEXT PRIMARY KEY NOT NULL,
    expires INTEGER NOT NULL,
    public TEXT NOT NULL,
    way TEXT NOT NULL,
    agent TEXT NOT NULL,
    customer TEXT NOT NULL,
    self TEXT NOT NULL,
    desk_tag TEXT NOT NULL,
    customer_tag TEXT NOT NULL,
    answered TEXT NOT NULL,
    ref TEXT NOT NULL,
    transport TEXT NOT NULL,
    events TEXT NOT NULL
);
CREATE TRIGGER forget_old_calls AFTER INSERT ON kept_calls BEGIN
    DELETE FROM kept_calls WHERE expires < NEW.expires - 86400;
END;
CREATE INDEX kept_calls_expires_idx ON kept_calls (expires);
CREATE INDEX kept_calls_public_idx ON kept_calls (public);

-- The calls whose key presses are kept from the desk, as the digit keeper marks them. The mark goes with the call; writing
-- the call anew leaves it.
CREATE TABLE sealed_calls (public TEXT PRIMARY KEY NOT NULL, digits TEXT NOT NULL);
CREATE TRIGGER forget_sealed_calls AFTER DELETE ON kept_calls BEGIN
    DELETE FROM sealed_calls WHERE public = OLD.public;
END;

CREATE VIEW kept_call (id, key_name, key_type, value_type, key_value, expires) AS
    SELECT 0, id || '::public', 0, 0, public, expires FROM kept_calls
    UNION ALL SELECT 0, id || '::way', 0, 0, way, expires FROM kept_calls
    UNION ALL SELECT 0, id || '::agent', 0, 0, agent, expires FROM kept_calls
    UNION ALL SELECT 0, id || '::customer', 0, 0, customer, expires FROM kept_calls
    UNION ALL SELECT 0, id || '::self', 0, 0, self, expires FROM kept_calls
    UNION ALL SELECT 0, id || '::desk_tag', 0, 0, desk_tag, expires FROM kept_calls WHERE desk_tag != ''
    UNION ALL SELECT 0, id || '::customer_tag', 0, 0, customer_tag, expires FROM kept_calls WHERE customer_tag != ''
    UNION ALL SELECT 0, id || '::answered', 0, 0, answered, expires FROM kept_calls WHERE answered != ''
    UNION ALL SELECT 0, id || '::ref', 0, 0, ref, expires FROM kept_calls WHERE ref != ''
    UNION ALL SELECT 0, id || '::transport', 0, 0, transport, expires FROM kept_calls
    UNION ALL SELECT 0, id || '::events', 0, 0, events, expires FROM kept_calls;

CREATE VIEW kept_desk_call (id, key_name, key_type, value_type, key_value, expires) AS
    SELECT 0, public, 0, 0, id, expires FROM kept_calls;

INSERT INTO version (table_name, table_version) VALUES ('topos_d', 2), ('topos_t', 2);
