BEGIN TRANSACTION;
CREATE TABLE brought(
        transcript TEXT NOT NULL, conversation INTEGER NOT NULL, turns INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY(transcript, conversation)) WITHOUT ROWID;
INSERT INTO "brought" VALUES('cairn:',2,2);
INSERT INTO "brought" VALUES('file:~/trip.turns.jsonl',1,1);
CREATE TABLE conversations(
        id INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
        title TEXT NOT NULL DEFAULT '', opening TEXT NOT NULL DEFAULT '',
        project TEXT NOT NULL DEFAULT '', parent TEXT NOT NULL DEFAULT '',
        people TEXT NOT NULL DEFAULT '[]',
        began TEXT NOT NULL DEFAULT '', ended TEXT NOT NULL DEFAULT '',
        turns INTEGER NOT NULL DEFAULT 0, highest INTEGER NOT NULL DEFAULT 0);
INSERT INTO "conversations" VALUES(1,'chat:turns/c1','turns','Trip','The ferry to Hvar leaves at seven.','','','[]','2026-01-05T10:00:00+00:00','2026-01-05T10:00:00+00:00',1,1);
INSERT INTO "conversations" VALUES(2,'chat:cairn/2026-11-22','cairn','Questions to cairn, 2026-11-22','What did the boiler service cost?','','','[]','2026-11-22T04:26:51+00:00','2026-11-22T04:26:51+00:00',2,2);
CREATE TABLE copies(
        conversation INTEGER NOT NULL, number INTEGER NOT NULL, source TEXT NOT NULL,
        line INTEGER NOT NULL, PRIMARY KEY(conversation, number, source)) WITHOUT ROWID;
CREATE TABLE events(
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, uri TEXT NOT NULL, was TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL DEFAULT 0, delta INTEGER NOT NULL DEFAULT 0);
INSERT INTO "events" VALUES(1,'2026-11-22T04:25:38.415+00:00','added','file:~/life/boiler.txt','',52,52);
INSERT INTO "events" VALUES(2,'2026-11-22T04:25:38.415+00:00','added','file:~/life/garden.md','',56,56);
INSERT INTO "events" VALUES(3,'2026-11-22T04:26:40+00:00','added','file:~/home/tree/inbox/2026-11-22-the-spare-key-is-with-jonas.md','',0,0);
INSERT INTO "events" VALUES(4,'2026-11-22T04:26:41.059+00:00','','','',0,0);
INSERT INTO "events" VALUES(5,'2026-11-22T04:26:45.906+00:00','','','',0,0);
INSERT INTO "events" VALUES(6,'2026-11-22T04:26:51.158+00:00','','','',0,0);
CREATE TABLE files(
        uri TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        state TEXT NOT NULL, code TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
        chunks INTEGER NOT NULL DEFAULT 0, vectors INTEGER NOT NULL DEFAULT 0,
        done TEXT NOT NULL, language TEXT NOT NULL DEFAULT '', redacted TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
INSERT INTO "files" VALUES('chat:turns/c1!/0',34,1767607200000000000,'indexed','','',1,1,'2026-11-22T04:26:46.622+00:00','en','');
INSERT INTO "files" VALUES('chat:turns/c1!/episodes-0',34,1767607200000000000,'indexed','','',1,1,'2026-11-22T04:26:46.622+00:00','en','');
INSERT INTO "files" VALUES('file:~/home/tree/inbox/2026-11-22-the-spare-key-is-with-jonas.md',171,1795321600227413723,'indexed','','',1,1,'2026-11-22T04:26:40.928+00:00','','');
INSERT INTO "files" VALUES('file:~/life/boiler.txt',52,1767225600000000000,'indexed','','',1,1,'2026-11-22T04:26:40.208+00:00','en','');
INSERT INTO "files" VALUES('file:~/life/garden.md',56,1767225600000000000,'indexed','','',1,1,'2026-11-22T04:26:40.208+00:00','en','');
CREATE TABLE jobs(
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, event INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'ready', tries INTEGER NOT NULL DEFAULT 0,
        not_before REAL NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', urgency INTEGER NOT NULL DEFAULT 0, UNIQUE(kind, key));
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('effort','2026-11-22 1.4');
INSERT INTO "meta" VALUES('index.table','chunks-2-2e97cbd5a171a109-mean-1');
INSERT INTO "meta" VALUES('place:file:~/life','65024:3056502');
CREATE TABLE quoted(hash TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "quoted" VALUES('9af2100507ec19096735bd721b75733b','2026-11-22T04:26:51.155+00:00');
CREATE TABLE roots(uri TEXT PRIMARY KEY, added TEXT NOT NULL, policy TEXT NOT NULL DEFAULT 'full') WITHOUT ROWID;
INSERT INTO "roots" VALUES('file:~/life','2026-11-22T04:25:38.405+00:00','full');
CREATE TABLE sources(
        uri TEXT PRIMARY KEY, kind TEXT NOT NULL, live INTEGER NOT NULL, me TEXT NOT NULL,
        added TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "sources" VALUES('file:~/trip.turns.jsonl','',0,'[]','2026-11-22T04:26:40.981+00:00');
CREATE TABLE tombstones(
        kind TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY(kind, key))
        WITHOUT ROWID;
CREATE TABLE transcripts(
        uri TEXT PRIMARY KEY, source TEXT NOT NULL, kind TEXT NOT NULL,
        seen TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT '{}',
        passed TEXT NOT NULL DEFAULT '{}', unknown TEXT NOT NULL DEFAULT '{}',
        redacted TEXT NOT NULL DEFAULT '{}', version TEXT NOT NULL DEFAULT '',
        problem TEXT NOT NULL DEFAULT '', read TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
INSERT INTO "transcripts" VALUES('file:~/trip.turns.jsonl','file:~/trip.turns.jsonl','','210:1795321600953754882:3056147','{"": {"offset": 210, "line": 2, "tail": [210, "71072d8b83c7c413"], "about": {"c1": ["Trip", ""]}}}','{"line without text": 1}','{}','{}','','','2026-11-22T04:26:45.954+00:00');
CREATE TABLE turns(
        conversation INTEGER NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL,
        origin TEXT NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL, at TEXT NOT NULL,
        text TEXT NOT NULL, command TEXT NOT NULL, reply_to TEXT NOT NULL, side INTEGER NOT NULL,
        attachments TEXT NOT NULL, source TEXT NOT NULL, line INTEGER NOT NULL,
        PRIMARY KEY(conversation, number)) WITHOUT ROWID;
INSERT INTO "turns" VALUES(1,1,'e09787321b1c16c4','other','Ana','other','2026-01-05T10:00:00+00:00','The ferry to Hvar leaves at seven.','','',0,'[]','file:~/trip.turns.jsonl',2);
INSERT INTO "turns" VALUES(2,1,'d3d532cd20cabc12','user','','user','2026-11-22T04:26:51+00:00','What did the boiler service cost?','','',0,'[]','cairn:',0);
INSERT INTO "turns" VALUES(2,2,'26bf8671b28ded9c','assistant','','assistant','2026-11-22T04:26:51+00:00','The boiler service cost 189 euros in November 2025.','','',0,'[]','cairn:',0);
CREATE INDEX events_at ON events(at);
CREATE INDEX jobs_ready ON jobs(state, kind DESC, urgency DESC, id);
CREATE INDEX transcripts_source ON transcripts(source);
CREATE INDEX conversations_ended ON conversations(ended);
CREATE UNIQUE INDEX turns_key ON turns(key, conversation);
CREATE INDEX brought_conversation ON brought(conversation);
COMMIT;
PRAGMA user_version=3;
