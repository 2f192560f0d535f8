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
    """
    CREATE TABLE sources(
        uri TEXT PRIMARY KEY, kind TEXT NOT NULL, live INTEGER NOT NULL, me TEXT NOT NULL,
        added TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE transcripts(
        uri TEXT PRIMARY KEY, source TEXT NOT NULL, kind TEXT NOT NULL,
        seen TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT '{}',
        passed TEXT NOT NULL DEFAULT '{}', unknown TEXT NOT NULL DEFAULT '{}',
        redacted TEXT NOT NULL DEFAULT '{}', version TEXT NOT NULL DEFAULT '',
        problem TEXT NOT NULL DEFAULT '', read TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
    CREATE INDEX transcripts_source ON transcripts(source);
    CREATE TABLE conversations(
        id INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
        title TEXT NOT NULL DEFAULT '', opening TEXT NOT NULL DEFAULT '',
        project TEXT NOT NULL DEFAULT '', parent TEXT NOT NULL DEFAULT '',
        people TEXT NOT NULL DEFAULT '[]',
        began TEXT NOT NULL DEFAULT '', ended TEXT NOT NULL DEFAULT '',
        turns INTEGER NOT NULL DEFAULT 0, highest INTEGER NOT NULL DEFAULT 0);
    CREATE INDEX conversations_ended ON conversations(ended);
    CREATE TABLE turns(
        conversation INTEGER NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL,
        origin TEXT NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL, at TEXT NOT NULL,
        text TEXT NOT NULL, command TEXT NOT NULL, reply_to TEXT NOT NULL, side INTEGER NOT NULL,
        attachments TEXT NOT NULL, source TEXT NOT NULL, line INTEGER NOT NULL,
        PRIMARY KEY(conversation, number)) WITHOUT ROWID;
    CREATE UNIQUE INDEX turns_key ON turns(key, conversation);
    CREATE TABLE brought(
        transcript TEXT NOT NULL, conversation INTEGER NOT NULL, turns INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY(transcript, conversation)) WITHOUT ROWID;
    CREATE INDEX brought_conversation ON brought(conversation);
    CREATE TABLE copies(
        conversation INTEGER NOT NULL, number INTEGER NOT NULL, source TEXT NOT NULL,
        line INTEGER NOT NULL, PRIMARY KEY(conversation, number, source)) WITHOUT ROWID;
    CREATE TABLE quoted(hash TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
    """,
    """
    CREATE TABLE operations(
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL, author TEXT NOT NULL,
        reason TEXT NOT NULL, evidence TEXT NOT NULL DEFAULT '[]',
        undoes INTEGER NOT NULL DEFAULT 0, undone_by INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL DEFAULT 'accepted');
    CREATE INDEX operations_state ON operations(state) WHERE state != 'applied';
    CREATE INDEX operations_at ON operations(at);
    CREATE TABLE changes(
        operation INTEGER NOT NULL, ordinal INTEGER NOT NULL, entry TEXT NOT NULL,
        path_before TEXT NOT NULL, path_after TEXT NOT NULL,
        before TEXT NOT NULL, after TEXT NOT NULL, exact INTEGER NOT NULL DEFAULT 1,
        overtaken INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY(operation, ordinal)) WITHOUT ROWID;
    CREATE INDEX changes_entry ON changes(entry, operation);
    CREATE TABLE entries(
        id TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE, spot TEXT NOT NULL UNIQUE,
        hash TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        kind TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, subject TEXT NOT NULL,
        attribute TEXT NOT NULL, value TEXT NOT NULL, created TEXT NOT NULL,
        valid_from TEXT NOT NULL, valid_until TEXT NOT NULL, origin TEXT NOT NULL,
        author TEXT NOT NULL, tags TEXT NOT NULL, aliases TEXT NOT NULL, links TEXT NOT NULL,
        archived INTEGER NOT NULL, about TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
    CREATE INDEX entries_about ON entries(about);
    CREATE INDEX entries_kind ON entries(kind, subject COLLATE NOCASE);
    CREATE TABLE entry_sources(
        entry TEXT NOT NULL, ordinal INTEGER NOT NULL, container TEXT NOT NULL, uri TEXT NOT NULL,
        quote TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, hash TEXT NOT NULL,
        PRIMARY KEY(entry, ordinal)) WITHOUT ROWID;
    CREATE INDEX entry_sources_container ON entry_sources(container);
    CREATE INDEX entry_sources_hash ON entry_sources(hash);
    CREATE TABLE entry_relations(
        entry TEXT NOT NULL, ordinal INTEGER NOT NULL, type TEXT NOT NULL, target TEXT NOT NULL,
        PRIMARY KEY(entry, ordinal)) WITHOUT ROWID;
    CREATE INDEX entry_relations_target ON entry_relations(target);
    CREATE TABLE tree_troubles(
        path TEXT PRIMARY KEY, code TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE signals(
        entry TEXT PRIMARY KEY, importance REAL NOT NULL, uses INTEGER NOT NULL DEFAULT 0,
        used TEXT NOT NULL DEFAULT '', kept INTEGER NOT NULL DEFAULT 0,
        kept_on TEXT NOT NULL DEFAULT '', vouched INTEGER NOT NULL DEFAULT 0,
        confirmed TEXT NOT NULL DEFAULT '', maturity TEXT NOT NULL DEFAULT 'draft',
        since TEXT NOT NULL DEFAULT '', touched TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
    CREATE TABLE proposals(
        key TEXT PRIMARY KEY, container TEXT NOT NULL, state TEXT NOT NULL,
        entry TEXT NOT NULL DEFAULT '', at TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX proposals_container ON proposals(container);
    CREATE TABLE reviews(
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL UNIQUE,
        entries TEXT NOT NULL, plan TEXT NOT NULL, reason TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'open', decided TEXT NOT NULL DEFAULT '',
        operation INTEGER NOT NULL DEFAULT 0);
    CREATE INDEX reviews_state ON reviews(state);
    CREATE TABLE things(
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL,
        spellings TEXT NOT NULL DEFAULT '[]', given TEXT NOT NULL DEFAULT '');
    CREATE TABLE thing_spellings(
        spelling TEXT NOT NULL, role TEXT NOT NULL, thing INTEGER NOT NULL, kind TEXT NOT NULL,
        PRIMARY KEY(spelling, role, thing)) WITHOUT ROWID;
    CREATE INDEX thing_spellings_thing ON thing_spellings(thing, role);
    CREATE TABLE mentions(
        container TEXT NOT NULL, spelling TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
        thing INTEGER NOT NULL, uri TEXT NOT NULL, at TEXT NOT NULL, count INTEGER NOT NULL,
        PRIMARY KEY(container, spelling, kind)) WITHOUT ROWID;
    CREATE INDEX mentions_key ON mentions(key, kind, spelling);
    CREATE INDEX mentions_thing ON mentions(thing, spelling);
    """,
    """
    CREATE INDEX entries_name ON entries(subject) WHERE attribute = 'name';
    """,
    """
    CREATE TABLE answered(
        question TEXT PRIMARY KEY, at TEXT NOT NULL, cites TEXT NOT NULL, beside TEXT NOT NULL)
        WITHOUT ROWID;
    CREATE TABLE feedback(
        id TEXT PRIMARY KEY, at TEXT NOT NULL, verdict TEXT NOT NULL, question TEXT NOT NULL,
        cites TEXT NOT NULL, beside TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE self_tests(
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, fingerprint TEXT NOT NULL, made TEXT NOT NULL,
        outcomes TEXT NOT NULL, seconds REAL NOT NULL);
    """,
    """
    DROP TABLE tombstones;
    CREATE TABLE tombstones(
        kind TEXT NOT NULL, key TEXT NOT NULL, forgotten TEXT NOT NULL, near BLOB NOT NULL,
        PRIMARY KEY(kind, key, forgotten)) WITHOUT ROWID;
    CREATE INDEX tombstones_forgotten ON tombstones(forgotten);
    CREATE TABLE forgotten(
        id TEXT PRIMARY KEY, at TEXT NOT NULL, what TEXT NOT NULL, state TEXT NOT NULL,
        copies TEXT NOT NULL, proof TEXT NOT NULL DEFAULT '', lifted TEXT NOT NULL DEFAULT '')
        WITHOUT ROWID;
    """,
)
