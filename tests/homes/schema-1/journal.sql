BEGIN TRANSACTION;
CREATE TABLE events(
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, uri TEXT NOT NULL);
INSERT INTO "events" VALUES(1,'2026-11-22T04:22:55.614+00:00','added','file:~/life/boiler.txt');
INSERT INTO "events" VALUES(2,'2026-11-22T04:22:55.614+00:00','added','file:~/life/garden.md');
INSERT INTO "events" VALUES(3,'2026-11-22T04:24:22+00:00','added','file:~/home/tree/inbox/2026-11-22-the-spare-key-is-with-jonas.md');
CREATE TABLE files(
        uri TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        state TEXT NOT NULL, code TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
        chunks INTEGER NOT NULL DEFAULT 0, vectors INTEGER NOT NULL DEFAULT 0,
        done TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "files" VALUES('file:~/home/tree/inbox/2026-11-22-the-spare-key-is-with-jonas.md',171,1795321462018687184,'indexed','','',1,1,'2026-11-22T04:24:24.247+00:00');
INSERT INTO "files" VALUES('file:~/life/boiler.txt',52,1767225600000000000,'indexed','','',1,1,'2026-11-22T04:24:22.004+00:00');
INSERT INTO "files" VALUES('file:~/life/garden.md',56,1767225600000000000,'indexed','','',1,1,'2026-11-22T04:24:22.004+00:00');
CREATE TABLE jobs(
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, event INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'ready', tries INTEGER NOT NULL DEFAULT 0,
        not_before REAL NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', UNIQUE(kind, key));
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('index.table','chunks-2e97cbd5a171a109-mean-1');
INSERT INTO "meta" VALUES('place:file:~/life','65024:2966570');
CREATE TABLE roots(uri TEXT PRIMARY KEY, added TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "roots" VALUES('file:~/life','2026-11-22T04:22:55.492+00:00');
CREATE TABLE tombstones(
        kind TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY(kind, key))
        WITHOUT ROWID;
CREATE INDEX jobs_ready ON jobs(state, kind DESC, id);
COMMIT;
PRAGMA user_version=1;
