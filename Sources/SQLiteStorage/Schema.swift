import Foundation
import GRDB

/// The tables. Migrations are appended; an old one is never edited.
///
/// Times are seconds since 1970. What is looked up often is kept narrow: no text of an item lies beside its fingerprint.
enum Schema {
    /// "TCSN": the mark of our databases (SQLite file format, offset 68).
    static let applicationID: Int32 = 0x5443_534E

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 feeds, items, alerts, deliveries") { db in
            try db.execute(sql: first)
        }
        migrator.registerMigration("2 health and sites of feeds") { db in
            try db.execute(sql: second)
        }
        migrator.registerMigration("3 the order in which feeds are due") { db in
            try db.execute(sql: third)
        }
        migrator.registerMigration("moved addresses, and trust in validators") { db in
            try db.execute(sql: movesAndTrust)
        }
        migrator.registerMigration("coverage of feeds") { db in
            try db.execute(sql: coverage)
        }
        migrator.registerMigration("websub: hubs and subscriptions") { db in
            try db.execute(sql: hubs)
        }
        migrator.registerMigration("the order of deliveries") { db in
            try db.execute(sql: queue)
        }
        migrator.registerMigration("wishes of documents") { db in
            // Until the next document comes, what was wished is taken for its own.
            try db.execute(
                sql: "ALTER TABLE feeds ADD COLUMN document_wish REAL; UPDATE feeds SET document_wish = fresh_for")
        }
        migrator.registerMigration("tries of deliveries") { db in
            try db.execute(sql: attempts)
        }
        migrator.registerMigration("health of sinks") { db in
            try db.execute(sql: sinkHealth)
        }
        migrator.registerMigration("messages of several alerts, and their pace") { db in
            try db.execute(sql: messages)
        }
        migrator.registerMigration("silences of watches") { db in
            try db.execute(sql: silences)
        }
        migrator.registerMigration("copies of stories") { db in
            try db.execute(sql: stories)
        }
        migrator.registerMigration("held alerts") { db in
            try db.execute(sql: held)
        }
        migrator.registerMigration("parts of messages") { db in
            // Which of several messages it is in (`MessagePart`).
            try db.execute(sql: "ALTER TABLE deliveries ADD COLUMN part TEXT")
        }
        migrator.registerMigration("code names of watches") { db in
            // A JSON object: as they were promised when the alert was raised.
            try db.execute(sql: "ALTER TABLE alerts ADD COLUMN codenames TEXT")
        }
        migrator.registerMigration("addresses of sinks") { db in
            // A digest: the address can be the secret.
            try db.execute(sql: "ALTER TABLE sinks ADD COLUMN address TEXT")
        }
        migrator.registerMigration("what alerts are looked up by") { db in
            try db.execute(sql: facts)
        }
        migrator.registerMigration("alerts that are not meant") { db in
            try db.execute(sql: dismissals)
        }
        migrator.registerMigration("dates of items") { db in
            try db.execute(sql: "ALTER TABLE items ADD COLUMN published INTEGER")
        }
        migrator.registerMigration("alerts of silenced watches") { db in
            try db.execute(sql: silencedAlerts)
        }
        migrator.registerMigration("refusals that are tried again") { db in
            // The last try was refused.
            try db.execute(
                sql: """
                    ALTER TABLE deliveries ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
                    CREATE INDEX deliveries_refused ON deliveries (sink) WHERE state = 'pending' AND refused = 1;
                    """)
        }
        migrator.registerMigration("ids of alerts outside") { db in
            try makeOutsideKey(db)
        }
        migrator.registerMigration("since when watches look") { db in
            try db.execute(sql: watches)
        }
        migrator.registerMigration("deliveries in the order of their alerts") { db in
            try db.execute(sql: orderedDeliveries)
        }
        migrator.registerMigration("what told articles say") { db in
            try db.execute(sql: toldArticles)
        }
        migrator.registerMigration("what deliveries tell of, and what marks hold back") { db in
            try db.execute(sql: hearings)
        }
        migrator.registerMigration("ways to feeds") { db in
            // `RequestWay`, as it was when the feeds were registered last. Null: the usual one.
            try db.execute(sql: "ALTER TABLE feeds ADD COLUMN way INTEGER")
        }
        migrator.registerMigration("since when feeds are listed") { db in
            // Of those that could never be read: since when that is known.
            try db.execute(
                sql: """
                    ALTER TABLE feeds ADD COLUMN registered REAL;
                    UPDATE feeds SET registered = coalesce(min(health_since, last_poll), health_since, last_poll)
                    WHERE last_success IS NULL
                    """)
        }
        migrator.registerMigration("people that articles were told of for") { db in
            try db.execute(sql: toldPeople)
        }
        migrator.registerMigration("articles that names have joined") { db in
            try db.execute(sql: joinedArticles)
        }
        return migrator
    }

    /// What turns an alert's id into the one that it has outside, where its watch is not to be told (`Delivery.outsideKey`). Made
    /// once: a backup of the state has it too.
    private static func makeOutsideKey(_ db: Database) throws {
        try db.execute(sql: "CREATE TABLE keys (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        try db.execute(sql: "INSERT INTO keys VALUES ('alert ids', ?)", arguments: [Data(bytes)])
    }

    static var version: Int { migrator.migrations.count }

    private static let silences = """
        CREATE TABLE silences (
            watch TEXT PRIMARY KEY,
            since REAL NOT NULL, until REAL NOT NULL,
            reason TEXT
        ) WITHOUT ROWID;
        """

    private static let stories = """
        ALTER TABLE alerts ADD COLUMN copy_of TEXT;          -- the alert that it says again

        -- Of alerts of the last days that are no copies: what copies of them are known by.
        CREATE TABLE stories (
            id INTEGER PRIMARY KEY,
            alert TEXT NOT NULL,
            created REAL NOT NULL,
            sketch BLOB NOT NULL
        );
        CREATE INDEX stories_created ON stories (created);
        """

    private static let held = """
        -- Deliveries that wait for a person, since their alerts are old news under new ids.
        CREATE TABLE held (
            alert TEXT NOT NULL, sink TEXT NOT NULL,
            feed INTEGER NOT NULL,
            since REAL NOT NULL,
            PRIMARY KEY (alert, sink)
        ) WITHOUT ROWID;
        CREATE INDEX held_feed ON held (feed);
        -- Whose old dates a person has taken for news.
        CREATE TABLE released_feeds (feed INTEGER PRIMARY KEY, released REAL NOT NULL);
        """

    /// Narrow, since filters that no index serves read all of them. Of an alert's body nothing of this ever changes.
    private static let facts = """
        CREATE TABLE alert_facts (
            alert INTEGER PRIMARY KEY,       -- the rowid of alerts
            created REAL NOT NULL,
            kind TEXT, severity TEXT,
            language TEXT,                   -- the primary subtag
            feed TEXT,
            acknowledged REAL
        );
        CREATE TABLE alert_watches (
            watch TEXT NOT NULL, alert INTEGER NOT NULL, created REAL NOT NULL,
            PRIMARY KEY (watch, alert)
        ) WITHOUT ROWID;
        CREATE INDEX alert_watches_created ON alert_watches (created, watch);
        CREATE INDEX alert_watches_alert ON alert_watches (alert);

        CREATE TRIGGER alert_facts_added AFTER INSERT ON alerts BEGIN
            INSERT INTO alert_facts (alert, created, kind, severity, language, feed)
            SELECT new.rowid, new.created, json_extract(b, '$.type'), json_extract(b, '$.data.severity'),
                lower(substr(l, 1, instr(l || '-', '-') - 1)), json_extract(b, '$.data.feed.url')
            FROM (SELECT b, json_extract(b, '$.data.item.language') AS l
                  FROM (SELECT iif(json_valid(new.body), new.body, '{}') AS b));
            INSERT OR IGNORE INTO alert_watches (watch, alert, created)
            SELECT value, new.rowid, new.created
            FROM json_each(iif(json_valid(new.body), new.body, '{}'), '$.data.watches');
        END;
        CREATE TRIGGER alert_facts_removed AFTER DELETE ON alerts BEGIN
            DELETE FROM alert_facts WHERE alert = old.rowid;
            DELETE FROM alert_watches WHERE alert = old.rowid;
        END;

        INSERT INTO alert_facts (alert, created, kind, severity, language, feed)
        SELECT place, created, json_extract(b, '$.type'), json_extract(b, '$.data.severity'),
            lower(substr(l, 1, instr(l || '-', '-') - 1)), json_extract(b, '$.data.feed.url')
        FROM (SELECT place, created, b, json_extract(b, '$.data.item.language') AS l
              FROM (SELECT rowid AS place, created, iif(json_valid(body), body, '{}') AS b FROM alerts));
        INSERT OR IGNORE INTO alert_watches (watch, alert, created)
        SELECT value, alerts.rowid, created
        FROM alerts, json_each(iif(json_valid(body), body, '{}'), '$.data.watches');
        """

    private static let dismissals = """
        -- "Not my person": of a story, all articles that are known to tell it.
        CREATE TABLE dismissals (
            article BLOB NOT NULL, watch TEXT NOT NULL,
            alert TEXT NOT NULL,             -- the first of the story; it may be forgotten
            title TEXT,
            since REAL NOT NULL,
            PRIMARY KEY (article, watch)
        ) WITHOUT ROWID;
        CREATE INDEX dismissals_alert ON dismissals (alert, watch);
        """

    /// Silences are forgotten when they are over; what they held back is not to come up again as news.
    private static let silencedAlerts = """
        CREATE TABLE silenced_alerts (
            alert INTEGER NOT NULL,          -- the rowid of alerts
            watch TEXT NOT NULL,
            PRIMARY KEY (alert, watch)
        ) WITHOUT ROWID;
        CREATE TRIGGER silenced_alerts_added AFTER INSERT ON alert_watches
        WHEN EXISTS (SELECT 1 FROM silences WHERE watch = new.watch AND until > new.created) BEGIN
            INSERT OR IGNORE INTO silenced_alerts (alert, watch) VALUES (new.alert, new.watch);
        END;
        CREATE TRIGGER silenced_alerts_removed AFTER DELETE ON alert_facts BEGIN
            DELETE FROM silenced_alerts WHERE alert = old.alert;
        END;
        INSERT OR IGNORE INTO silenced_alerts (alert, watch)
        SELECT alert, found.watch FROM alert_watches AS found JOIN silences USING (watch)
        WHERE created >= since AND created < until;
        """

    /// No watch has an empty name: a row with none says that the state is older than the table.
    private static let watches = """
        CREATE TABLE watches (
            name TEXT PRIMARY KEY,
            since REAL NOT NULL, start TEXT NOT NULL,
            core BLOB, parts BLOB            -- digests of what it looks for; null: not known
        );
        INSERT INTO watches (name, since, start)
        SELECT watch, min(created), 'unknown' FROM alert_watches WHERE watch <> '' GROUP BY watch;
        INSERT INTO watches (name, since, start)
        SELECT '', 0, 'unknown' WHERE EXISTS (SELECT 1 FROM feeds WHERE last_success IS NOT NULL);
        """

    private static let hubs = """
        ALTER TABLE feeds ADD COLUMN hub TEXT;               -- what its last document named
        ALTER TABLE feeds ADD COLUMN hub_topic TEXT;
        ALTER TABLE feeds ADD COLUMN push_until REAL;        -- the end of the lease; null: nothing is pushed
        ALTER TABLE feeds ADD COLUMN push_level INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE feeds ADD COLUMN unslowed_poll REAL;     -- when it would be polled without pushes
        CREATE INDEX feeds_hub ON feeds (id) WHERE hub IS NOT NULL;

        CREATE TABLE hub_subscriptions (
            token TEXT PRIMARY KEY,          -- the last part of the callback
            feed INTEGER NOT NULL,
            hub TEXT NOT NULL, topic TEXT NOT NULL, callback TEXT NOT NULL, secret TEXT NOT NULL,
            phase TEXT NOT NULL,
            asked_at REAL,                   -- null: no verification is awaited
            lease_end REAL,
            next_try REAL NOT NULL,
            failures INTEGER NOT NULL DEFAULT 0, last_error TEXT,
            last_push REAL, pushes INTEGER NOT NULL DEFAULT 0, ignored INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID;
        CREATE INDEX hub_subscriptions_feed ON hub_subscriptions (feed);
        CREATE INDEX hub_subscriptions_due ON hub_subscriptions (next_try);
        """

    /// A look at the schedule reads the feeds that are due, and not all.
    private static let third = """
        DROP INDEX feeds_due;
        CREATE INDEX feeds_due ON feeds (next_poll, position) WHERE position IS NOT NULL AND gone = 0;
        UPDATE feeds SET next_poll = max(next_poll, not_before) WHERE not_before IS NOT NULL;
        """

    private static let coverage = """
        ALTER TABLE feeds ADD COLUMN covered_since REAL;
        ALTER TABLE feeds ADD COLUMN covered_until REAL;     -- but for the gaps
        ALTER TABLE feeds ADD COLUMN anchor_first INTEGER;   -- ids of items: the newer half of the last document
        ALTER TABLE feeds ADD COLUMN anchor_last INTEGER;
        ALTER TABLE feeds ADD COLUMN document_items INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE feeds ADD COLUMN misses INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE feeds ADD COLUMN last_miss REAL;
        ALTER TABLE feeds ADD COLUMN open_gap REAL;          -- the start of one that is being closed

        -- Only where items may have been missed: everything else between covered_since and covered_until was seen.
        CREATE TABLE gaps (
            feed INTEGER NOT NULL, start REAL NOT NULL, end REAL NOT NULL,
            cause TEXT NOT NULL, detail TEXT,
            closed REAL,                                     -- when older pages brought what was missing
            page TEXT,                                       -- to be read next
            anchor_first INTEGER, anchor_last INTEGER,
            pages INTEGER NOT NULL DEFAULT 0, found INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (feed, start)
        ) WITHOUT ROWID;
        """

    private static let second = """
        ALTER TABLE feeds ADD COLUMN cadence REAL;           -- seconds between new items
        ALTER TABLE feeds ADD COLUMN is_empty INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE feeds ADD COLUMN health TEXT;
        ALTER TABLE feeds ADD COLUMN health_since REAL;
        ALTER TABLE feeds ADD COLUMN health_evidence TEXT;
        ALTER TABLE feeds ADD COLUMN health_told INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE feeds ADD COLUMN site TEXT;              -- whose servers it is on
        UPDATE feeds SET health = 'gone', health_told = 1, health_since = last_poll WHERE gone = 1;
        CREATE INDEX feeds_site ON feeds (site) WHERE site IS NOT NULL;
        """

    private static let movesAndTrust = """
        ALTER TABLE feeds ADD COLUMN move_target TEXT;       -- where permanent redirects lead
        ALTER TABLE feeds ADD COLUMN move_since REAL;
        ALTER TABLE feeds ADD COLUMN move_answers INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE feeds ADD COLUMN move_adopted REAL;      -- since when it is asked there; null: it is not
        ALTER TABLE feeds ADD COLUMN not_modified INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE feeds ADD COLUMN last_unconditional REAL;
        ALTER TABLE feeds ADD COLUMN last_probe REAL;
        ALTER TABLE feeds ADD COLUMN validators_unreliable REAL;
        ALTER TABLE feeds ADD COLUMN representation BLOB;
        CREATE INDEX feeds_moved ON feeds (move_target) WHERE move_target IS NOT NULL;
        """

    private static let first = """
        CREATE TABLE feeds (
            id INTEGER PRIMARY KEY,
            url TEXT NOT NULL UNIQUE,
            position INTEGER,                -- in the configuration; null: no longer listed
            title TEXT,
            etag BLOB, last_modified BLOB, validators_url TEXT,
            body_hash BLOB,
            last_poll REAL, last_success REAL, last_new_item REAL,
            next_poll REAL NOT NULL, not_before REAL,
            gone INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0, last_error TEXT, last_status INTEGER,
            fresh_for REAL, quiet_times INTEGER NOT NULL DEFAULT 0,
            claimed_at REAL, lease_until REAL
        );
        CREATE INDEX feeds_due ON feeds (next_poll) WHERE position IS NOT NULL;

        -- A feed's items lie together: a poll reads them all.
        CREATE TABLE items (
            feed INTEGER NOT NULL, id INTEGER NOT NULL,
            guid INTEGER, link INTEGER, title INTEGER, text INTEGER,
            revision INTEGER NOT NULL,
            article BLOB NOT NULL,
            first_seen REAL NOT NULL, last_seen REAL NOT NULL,
            PRIMARY KEY (feed, id)
        ) WITHOUT ROWID;

        -- Which watches an article has had. alert is null where nobody was woken (backlog).
        CREATE TABLE article_watches (
            article BLOB NOT NULL, watch TEXT NOT NULL,
            alert TEXT, first_seen REAL NOT NULL,
            PRIMARY KEY (article, watch)
        ) WITHOUT ROWID;

        CREATE TABLE alerts (
            id TEXT PRIMARY KEY,
            created REAL NOT NULL,
            article BLOB NOT NULL,
            body TEXT NOT NULL
        );
        CREATE INDEX alerts_created ON alerts (created);
        CREATE INDEX alerts_article ON alerts (article);

        CREATE TABLE deliveries (
            alert TEXT NOT NULL, sink TEXT NOT NULL,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            first_try REAL, next_try REAL,
            claimed_at REAL, lease_until REAL,
            last_error TEXT,
            PRIMARY KEY (alert, sink)
        ) WITHOUT ROWID;
        CREATE INDEX deliveries_due ON deliveries (sink, next_try) WHERE state = 'pending';

        CREATE TABLE sinks (
            name TEXT PRIMARY KEY,
            not_before REAL,
            stopped TEXT                     -- why it is stopped; null: it is not
        ) WITHOUT ROWID;
        """
}
