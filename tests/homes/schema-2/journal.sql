BEGIN TRANSACTION;
CREATE TABLE events(
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, uri TEXT NOT NULL, was TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL DEFAULT 0, delta INTEGER NOT NULL DEFAULT 0);
INSERT INTO "events" VALUES(1,'2026-11-22T04:24:34.874+00:00','added','file:~/life/boiler.txt','',52,52);
INSERT INTO "events" VALUES(2,'2026-11-22T04:24:34.874+00:00','added','file:~/life/garden.md','',56,56);
INSERT INTO "events" VALUES(3,'2026-11-22T04:25:26+00:00','added','file:~/home/tree/inbox/2026-11-22-the-spare-key-is-with-jonas.md','',0,0);
CREATE TABLE files(
        uri TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        state TEXT NOT NULL, code TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
        chunks INTEGER NOT NULL DEFAULT 0, vectors INTEGER NOT NULL DEFAULT 0,
        done TEXT NOT NULL, language TEXT NOT NULL DEFAULT '', redacted TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
INSERT INTO "files" VALUES('file:~/home/tree/inbox/2026-11-22-the-spare-key-is-with-jonas.md',171,1795321526046609382,'indexed','','',1,1,'2026-11-22T04:25:26.385+00:00','','');
INSERT INTO "files" VALUES('file:~/life/boiler.txt',52,1767225600000000000,'indexed','','',1,1,'2026-11-22T04:25:26.028+00:00','en','');
INSERT INTO "files" VALUES('file:~/life/garden.md',56,1767225600000000000,'indexed','','',1,1,'2026-11-22T04:25:26.028+00:00','en','');
CREATE TABLE jobs(
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, event INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'ready', tries INTEGER NOT NULL DEFAULT 0,
        not_before REAL NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', urgency INTEGER NOT NULL DEFAULT 0, UNIQUE(kind, key));
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('effort','2026-11-22 1.4');
INSERT INTO "meta" VALUES('index.table','chunks-2-2e97cbd5a171a109-mean-1');
INSERT INTO "meta" VALUES('place:file:~/life','65024:3006577');
CREATE TABLE roots(uri TEXT PRIMARY KEY, added TEXT NOT NULL, policy TEXT NOT NULL DEFAULT 'full') WITHOUT ROWID;
INSERT INTO "roots" VALUES('file:~/life','2026-11-22T04:24:34.859+00:00','full');
CREATE TABLE tombstones(
        kind TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY(kind, key))
        WITHOUT ROWID;
CREATE INDEX events_at ON events(at);
CREATE INDEX jobs_ready ON jobs(state, kind DESC, urgency DESC, id);
COMMIT;
PRAGMA user_version=2;
