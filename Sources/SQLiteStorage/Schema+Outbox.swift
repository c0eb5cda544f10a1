// The tables of deliveries and sinks, as migrations made them.
extension Schema {
    /// A ring for each delivery: `slot` is the number of the try, modulo how many are kept.
    static let attempts = """
        CREATE TABLE attempts (
            alert TEXT NOT NULL, sink TEXT NOT NULL, slot INTEGER NOT NULL,
            number INTEGER NOT NULL,
            at REAL NOT NULL, duration REAL NOT NULL,
            verdict TEXT NOT NULL,
            status INTEGER, reason TEXT, answer TEXT,
            PRIMARY KEY (alert, sink, slot)
        ) WITHOUT ROWID;
        CREATE INDEX deliveries_failed ON deliveries (sink) WHERE state = 'failed';
        ALTER TABLE deliveries ADD COLUMN memo TEXT;         -- the sink's own, for the next try
        """

    static let sinkHealth = """
        ALTER TABLE sinks ADD COLUMN failing_since REAL;     -- the first failure since the last success
        ALTER TABLE sinks ADD COLUMN last_failure REAL;
        ALTER TABLE sinks ADD COLUMN last_refusal REAL;      -- when one failed for good; null: somebody saw to it
        ALTER TABLE sinks ADD COLUMN last_success REAL;      -- the first after a failure
        ALTER TABLE sinks ADD COLUMN last_error TEXT;
        ALTER TABLE sinks ADD COLUMN told TEXT;              -- the trouble that was told of and has not ended
        ALTER TABLE sinks ADD COLUMN told_since REAL;
        ALTER TABLE sinks ADD COLUMN heartbeat REAL;         -- when the last one was raised
        -- Its fallback has been given it.
        ALTER TABLE deliveries ADD COLUMN diverted INTEGER NOT NULL DEFAULT 0;
        """

    /// The oldest alert first, without a look at all that wait.
    static let queue = """
        ALTER TABLE deliveries ADD COLUMN serial INTEGER NOT NULL DEFAULT 0;   -- the place of its alert
        UPDATE deliveries SET serial = coalesce((SELECT rowid FROM alerts WHERE id = alert), 0);
        CREATE INDEX deliveries_queue ON deliveries (sink, serial) WHERE state = 'pending';
        """

    /// An alert's id is a digest: in its order, deliveries that are claimed, tried and settled together lie on as many pages, and each is
    /// written anew with every commit. In the order in which they came, they lie on a few.
    static let orderedDeliveries = """
        CREATE TABLE ordered (
            alert TEXT NOT NULL, sink TEXT NOT NULL, serial INTEGER NOT NULL DEFAULT 0,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            first_try REAL, next_try REAL,
            claimed_at REAL, lease_until REAL,
            last_error TEXT, memo TEXT,
            diverted INTEGER NOT NULL DEFAULT 0, urgent INTEGER NOT NULL DEFAULT 0,
            message INTEGER, part TEXT,
            refused INTEGER NOT NULL DEFAULT 0,
            bulk INTEGER NOT NULL DEFAULT 0,      -- one of hundreds that a poll has raised: after all others
            PRIMARY KEY (alert, sink)
        );
        INSERT INTO ordered SELECT alert, sink, serial, state, attempts, first_try, next_try, claimed_at, lease_until,
            last_error, memo, diverted, urgent, message, part, refused, 0 FROM deliveries ORDER BY serial, sink;
        CREATE TABLE ordered_attempts (
            serial INTEGER NOT NULL, sink TEXT NOT NULL, slot INTEGER NOT NULL,
            number INTEGER NOT NULL,
            at REAL NOT NULL, duration REAL NOT NULL,
            verdict TEXT NOT NULL,
            status INTEGER, reason TEXT, answer TEXT,
            PRIMARY KEY (serial, sink, slot)
        ) WITHOUT ROWID;
        INSERT OR IGNORE INTO ordered_attempts SELECT serial, sink, slot, number, at, duration, verdict, status, reason,
            answer FROM attempts JOIN deliveries USING (alert, sink) ORDER BY serial, sink, slot;
        DROP TABLE attempts;
        DROP TABLE deliveries;
        ALTER TABLE ordered RENAME TO deliveries;
        ALTER TABLE ordered_attempts RENAME TO attempts;
        CREATE INDEX deliveries_due ON deliveries (sink, next_try) WHERE state = 'pending';
        CREATE INDEX deliveries_queue ON deliveries (sink, bulk, serial) WHERE state = 'pending';
        CREATE INDEX deliveries_urgent ON deliveries (sink, serial) WHERE state = 'pending' AND urgent = 1;
        CREATE INDEX deliveries_begun ON deliveries (sink, message) WHERE state = 'pending' AND message IS NOT NULL;
        CREATE INDEX deliveries_refused ON deliveries (sink) WHERE state = 'pending' AND refused = 1;
        CREATE INDEX deliveries_failed ON deliveries (sink) WHERE state = 'failed';
        """

    /// Null nearly always: then a delivery costs nothing more.
    static let hearings = """
        ALTER TABLE deliveries ADD COLUMN heard TEXT;        -- JSON (`Hearing`); null: of all its watches
        -- What a mark ("not my person") has taken it from: that comes back with the mark's end. Null: none has.
        ALTER TABLE deliveries ADD COLUMN withheld TEXT;
        ALTER TABLE alerts ADD COLUMN severities TEXT;       -- JSON, by watch, where they are not the same
        ALTER TABLE alerts ADD COLUMN resembles TEXT;        -- one that is marked as not meant
        CREATE INDEX alerts_copies ON alerts (copy_of) WHERE copy_of IS NOT NULL;
        -- Nothing is a copy of it, unless it is marked: it is a copy itself, or nobody was told of it.
        ALTER TABLE stories ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
        """

    /// For sinks that have a pace; the columns cost the others nothing.
    static let messages = """
        ALTER TABLE deliveries ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;   -- critical: breaks through
        ALTER TABLE deliveries ADD COLUMN message INTEGER;   -- begun: with which others; the serial of its first
        CREATE INDEX deliveries_urgent ON deliveries (sink, serial) WHERE state = 'pending' AND urgent = 1;
        CREATE INDEX deliveries_begun ON deliveries (sink, message) WHERE state = 'pending' AND message IS NOT NULL;
        UPDATE deliveries SET urgent = 1 WHERE state = 'pending' AND alert IN (
            SELECT id FROM alerts
            WHERE CASE WHEN json_valid(body) THEN json_extract(body, '$.data.severity') END = 'critical');

        ALTER TABLE sinks ADD COLUMN last_message REAL;      -- when the last one was begun
        -- What counts for a rate: messages that arrived, or may have.
        CREATE TABLE sink_messages (sink TEXT NOT NULL, time REAL NOT NULL, message INTEGER NOT NULL);
        CREATE INDEX sink_messages_time ON sink_messages (sink, time);
        """
}
