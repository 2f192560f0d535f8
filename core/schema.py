"""The journal's tables, as the scripts that made them one after the other.

Append only: a home of any age is brought forward by the scripts that it has not seen.
"""

MIGRATIONS = (
    """
    CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE roots(uri TEXT PRIMARY KEY, added TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE events(
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, uri TEXT NOT NULL);
    CREATE TABLE jobs(
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, event INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'ready', tries INTEGER NOT NULL DEFAULT 0,
        not_before REAL NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', UNIQUE(kind, key));
    CREATE INDEX jobs_ready ON jobs(state, kind DESC, id);
    CREATE TABLE files(
        uri TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        state TEXT NOT NULL, code TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
        chunks INTEGER NOT NULL DEFAULT 0, vectors INTEGER NOT NULL DEFAULT 0,
        done TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE tombstones(
        kind TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY(kind, key))
        WITHOUT ROWID;
    """,
    """
    ALTER TABLE roots ADD COLUMN policy TEXT NOT NULL DEFAULT 'full';
    ALTER TABLE events ADD COLUMN was TEXT NOT NULL DEFAULT '';
    ALTER TABLE events ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE events ADD COLUMN delta INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX events_at ON events(at);
    ALTER TABLE jobs ADD COLUMN urgency INTEGER NOT NULL DEFAULT 0;
    DROP INDEX jobs_ready;
    CREATE INDEX jobs_ready ON jobs(state, kind DESC, urgency DESC, id);
    ALTER TABLE files ADD COLUMN language TEXT NOT NULL DEFAULT '';
    ALTER TABLE files ADD COLUMN redacted TEXT NOT NULL DEFAULT '';
    """,
)
