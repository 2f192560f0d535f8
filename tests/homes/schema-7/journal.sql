BEGIN TRANSACTION;
CREATE TABLE answered(
        question TEXT PRIMARY KEY, at TEXT NOT NULL, cites TEXT NOT NULL, beside TEXT NOT NULL)
        WITHOUT ROWID;
CREATE TABLE brought(
        transcript TEXT NOT NULL, conversation INTEGER NOT NULL, turns INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY(transcript, conversation)) WITHOUT ROWID;
INSERT INTO "brought" VALUES('cairn:',2,2);
INSERT INTO "brought" VALUES('file:~/trip.turns.jsonl',1,1);
CREATE TABLE changes(
        operation INTEGER NOT NULL, ordinal INTEGER NOT NULL, entry TEXT NOT NULL,
        path_before TEXT NOT NULL, path_after TEXT NOT NULL,
        before TEXT NOT NULL, after TEXT NOT NULL, exact INTEGER NOT NULL DEFAULT 1,
        overtaken INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY(operation, ordinal)) WITHOUT ROWID;
INSERT INTO "changes" VALUES(1,0,'e_v2ej2qhdc','','life/boiler/boiler-service-price-189-euros.md','','---
id: e_v2ej2qhdc
title: "Boiler service price: 189 euros"
kind: fact
created: 2026-01-01
subject: boiler service
attribute: price
value: "189 euros"
origin: document
curator: rules
sources:
  - {uri: "file:~/life/boiler.txt#L1", quote: "The boiler service cost 189 euros in November 2025.", hash: "blake2b:892e298981cadae7c188013946e2a25a"}
---
The boiler service cost 189 euros in November 2025.
',1,0);
INSERT INTO "changes" VALUES(2,0,'e_3mafjxyaj','','life/garden/garden-budget-400-euros.md','','---
id: e_3mafjxyaj
title: "Garden budget: 400 euros"
kind: decision
created: 2026-01-01
subject: garden
attribute: budget
value: "400 euros"
origin: document
curator: rules
sources:
  - {uri: "file:~/life/garden.md#L3", quote: "We agreed on 400 euros for the garden budget.", hash: "blake2b:1bc0707d1bf9823e9345ed70fd4a1447"}
---
We agreed on 400 euros for the garden budget.
',1,0);
INSERT INTO "changes" VALUES(3,0,'e_g99rkqu','','inbox/2026-11-22-the-spare-key-is-with-jonas.md','','---
id: e_g99rkqu
title: "The spare key is with Jonas."
kind: fact
created: 2026-11-22T05:31:33+00:00
valid_from: 2026-11-22
---
The spare key is with Jonas.
',1,0);
CREATE TABLE conversations(
        id INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
        title TEXT NOT NULL DEFAULT '', opening TEXT NOT NULL DEFAULT '',
        project TEXT NOT NULL DEFAULT '', parent TEXT NOT NULL DEFAULT '',
        people TEXT NOT NULL DEFAULT '[]',
        began TEXT NOT NULL DEFAULT '', ended TEXT NOT NULL DEFAULT '',
        turns INTEGER NOT NULL DEFAULT 0, highest INTEGER NOT NULL DEFAULT 0);
INSERT INTO "conversations" VALUES(1,'chat:turns/c1','turns','Trip','The ferry to Hvar leaves at seven.','','','[]','2026-01-05T10:00:00+00:00','2026-01-05T10:00:00+00:00',1,1);
INSERT INTO "conversations" VALUES(2,'chat:cairn/2026-11-22','cairn','Questions to cairn, 2026-11-22','What did the boiler service cost?','','','[]','2026-11-22T05:31:37+00:00','2026-11-22T05:31:37+00:00',2,2);
CREATE TABLE copies(
        conversation INTEGER NOT NULL, number INTEGER NOT NULL, source TEXT NOT NULL,
        line INTEGER NOT NULL, PRIMARY KEY(conversation, number, source)) WITHOUT ROWID;
CREATE TABLE entries(
        id TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE, spot TEXT NOT NULL UNIQUE,
        hash TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        kind TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, subject TEXT NOT NULL,
        attribute TEXT NOT NULL, value TEXT NOT NULL, created TEXT NOT NULL,
        valid_from TEXT NOT NULL, valid_until TEXT NOT NULL, origin TEXT NOT NULL,
        author TEXT NOT NULL, tags TEXT NOT NULL, aliases TEXT NOT NULL, links TEXT NOT NULL,
        archived INTEGER NOT NULL, about TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
INSERT INTO "entries" VALUES('e_3mafjxyaj','life/garden/garden-budget-400-euros.md','life/garden/garden-budget-400-euros.md','56b97bcda103b4ea2e5b0f79ed284e44',377,1795325489358161159,'decision','Garden budget: 400 euros','We agreed on 400 euros for the garden budget.','garden','budget','400 euros','2026-01-01','','','document','rules','[]','[]','[]',0,'gardenbudget');
INSERT INTO "entries" VALUES('e_g99rkqu','inbox/2026-11-22-the-spare-key-is-with-jonas.md','inbox/2026-11-22-the-spare-key-is-with-jonas.md','cf005ee0d9f79afa9a14f22fefefa15e',158,1795325493931334159,'fact','The spare key is with Jonas.','The spare key is with Jonas.','','','','2026-11-22T05:31:33+00:00','2026-11-22','','user','user','[]','[]','[]',0,'');
INSERT INTO "entries" VALUES('e_v2ej2qhdc','life/boiler/boiler-service-price-189-euros.md','life/boiler/boiler-service-price-189-euros.md','ce2a5f30ebe2eab5c2bd27c78f3e126c',400,1795325489312019979,'fact','Boiler service price: 189 euros','The boiler service cost 189 euros in November 2025.','boiler service','price','189 euros','2026-01-01','','','document','rules','[]','[]','[]',0,'boiler serviceprice');
CREATE TABLE entry_relations(
        entry TEXT NOT NULL, ordinal INTEGER NOT NULL, type TEXT NOT NULL, target TEXT NOT NULL,
        PRIMARY KEY(entry, ordinal)) WITHOUT ROWID;
CREATE TABLE entry_sources(
        entry TEXT NOT NULL, ordinal INTEGER NOT NULL, container TEXT NOT NULL, uri TEXT NOT NULL,
        quote TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, hash TEXT NOT NULL,
        PRIMARY KEY(entry, ordinal)) WITHOUT ROWID;
INSERT INTO "entry_sources" VALUES('e_3mafjxyaj',0,'file:~/life/garden.md','file:~/life/garden.md#L3','We agreed on 400 euros for the garden budget.','','','blake2b:1bc0707d1bf9823e9345ed70fd4a1447');
INSERT INTO "entry_sources" VALUES('e_v2ej2qhdc',0,'file:~/life/boiler.txt','file:~/life/boiler.txt#L1','The boiler service cost 189 euros in November 2025.','','','blake2b:892e298981cadae7c188013946e2a25a');
CREATE TABLE events(
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, uri TEXT NOT NULL, was TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL DEFAULT 0, delta INTEGER NOT NULL DEFAULT 0);
INSERT INTO "events" VALUES(1,'2026-11-22T05:31:17.544+00:00','added','file:~/life/boiler.txt','',52,52);
INSERT INTO "events" VALUES(2,'2026-11-22T05:31:17.544+00:00','added','file:~/life/garden.md','',56,56);
INSERT INTO "events" VALUES(3,'2026-11-22T05:31:29.324+00:00','added','file:~/home/tree/life/boiler/boiler-service-price-189-euros.md','',400,400);
INSERT INTO "events" VALUES(4,'2026-11-22T05:31:29.368+00:00','added','file:~/home/tree/life/garden/garden-budget-400-euros.md','',377,377);
INSERT INTO "events" VALUES(5,'2026-11-22T05:31:29.485+00:00','','','',0,0);
INSERT INTO "events" VALUES(6,'2026-11-22T05:31:31.287+00:00','','','',0,0);
INSERT INTO "events" VALUES(7,'2026-11-22T05:31:33.940+00:00','added','file:~/home/tree/inbox/2026-11-22-the-spare-key-is-with-jonas.md','',158,158);
INSERT INTO "events" VALUES(8,'2026-11-22T05:31:33.982+00:00','','','',0,0);
INSERT INTO "events" VALUES(9,'2026-11-22T05:31:34.120+00:00','','','',0,0);
INSERT INTO "events" VALUES(10,'2026-11-22T05:31:37.148+00:00','','','',0,0);
CREATE TABLE feedback(
        id TEXT PRIMARY KEY, at TEXT NOT NULL, verdict TEXT NOT NULL, question TEXT NOT NULL,
        cites TEXT NOT NULL, beside TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files(
        uri TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        state TEXT NOT NULL, code TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
        chunks INTEGER NOT NULL DEFAULT 0, vectors INTEGER NOT NULL DEFAULT 0,
        done TEXT NOT NULL, language TEXT NOT NULL DEFAULT '', redacted TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
INSERT INTO "files" VALUES('chat:turns/c1!/0',34,1767607200000000000,'indexed','','',1,1,'2026-11-22T05:31:33.808+00:00','en','');
INSERT INTO "files" VALUES('chat:turns/c1!/episodes-0',34,1767607200000000000,'indexed','','',1,1,'2026-11-22T05:31:33.808+00:00','en','');
INSERT INTO "files" VALUES('file:~/home/tree/life/boiler/boiler-service-price-189-euros.md',400,1795325489312019979,'indexed','','',1,1,'2026-11-22T05:31:29.438+00:00','en','');
INSERT INTO "files" VALUES('file:~/home/tree/life/garden/garden-budget-400-euros.md',377,1795325489358161159,'indexed','','',1,1,'2026-11-22T05:31:29.438+00:00','en','');
INSERT INTO "files" VALUES('file:~/life/boiler.txt',52,1767225600000000000,'indexed','','',1,1,'2026-11-22T05:31:28.096+00:00','en','');
INSERT INTO "files" VALUES('file:~/life/garden.md',56,1767225600000000000,'indexed','','',1,1,'2026-11-22T05:31:28.096+00:00','en','');
CREATE TABLE forgotten(
        id TEXT PRIMARY KEY, at TEXT NOT NULL, what TEXT NOT NULL, state TEXT NOT NULL,
        copies TEXT NOT NULL, proof TEXT NOT NULL DEFAULT '', lifted TEXT NOT NULL DEFAULT '')
        WITHOUT ROWID;
INSERT INTO "forgotten" VALUES('f_ebae838cd7','2026-11-22T05:31:34.075+00:00','words','done','[["entries of the tree", 1], ["their history and undo", 1], ["summaries of folders and your profile, written anew", 1], ["names in the graph", 1], ["the index''s old versions, its shelf and its snapshot", 1]]','{"files": 68, "size": 523778, "rows": 117, "looked_for": 0, "hits": [], "unproved": []}','');
CREATE TABLE jobs(
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, event INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'ready', tries INTEGER NOT NULL DEFAULT 0,
        not_before REAL NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', urgency INTEGER NOT NULL DEFAULT 0, UNIQUE(kind, key));
INSERT INTO "jobs" VALUES(6,'consider','file:~/life/boiler.txt',1,'idle',0,0.0,'',0);
INSERT INTO "jobs" VALUES(8,'consider','file:~/life/garden.md',2,'idle',0,0.0,'',0);
INSERT INTO "jobs" VALUES(14,'consider','chat:turns/c1!/0',6,'idle',0,0.0,'',0);
INSERT INTO "jobs" VALUES(15,'file','file:~/home/tree/inbox/2026-11-22-the-spare-key-is-with-jonas.md',7,'ready',0,0.0,'',1);
CREATE TABLE mentions(
        container TEXT NOT NULL, spelling TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
        thing INTEGER NOT NULL, uri TEXT NOT NULL, at TEXT NOT NULL, count INTEGER NOT NULL,
        PRIMARY KEY(container, spelling, kind)) WITHOUT ROWID;
INSERT INTO "mentions" VALUES('chat:turns/c1!/0','Ana','person','ana',3971001719548377532,'chat:turns/c1#t1','2026-01-05T10:00:00+00:00',1);
INSERT INTO "mentions" VALUES('e_g99rkqu','Jonas','person','jonas',4869581736131150063,'e_g99rkqu','2026-11-22',1);
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('effort','2026-11-22 2.5');
INSERT INTO "meta" VALUES('index.table','chunks-4-2e97cbd5a171a109-mean-2');
INSERT INTO "meta" VALUES('life.seen','2026-11-22T05:31:33+00:00');
INSERT INTO "meta" VALUES('place:file:~/life','65024:2170933');
INSERT INTO "meta" VALUES('tree.place','file:~/home/tree');
INSERT INTO "meta" VALUES('tree.summed-up','2');
CREATE TABLE operations(
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL, author TEXT NOT NULL,
        reason TEXT NOT NULL, evidence TEXT NOT NULL DEFAULT '[]',
        undoes INTEGER NOT NULL DEFAULT 0, undone_by INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL DEFAULT 'accepted');
INSERT INTO "operations" VALUES(1,'2026-11-22T05:31:29.306+00:00','ADD','rules','found in boiler.txt','["file:~/life/boiler.txt#L1"]',0,0,'applied');
INSERT INTO "operations" VALUES(2,'2026-11-22T05:31:29.360+00:00','ADD','rules','found in garden.md','["file:~/life/garden.md#L3"]',0,0,'applied');
INSERT INTO "operations" VALUES(3,'2026-11-22T05:31:33.924+00:00','ADD','user','remembered','[]',0,0,'applied');
INSERT INTO "operations" VALUES(4,'2026-11-22T05:31:33.971+00:00','ADD','user','','[]',0,0,'applied');
CREATE TABLE proposals(
        key TEXT PRIMARY KEY, container TEXT NOT NULL, state TEXT NOT NULL,
        entry TEXT NOT NULL DEFAULT '', at TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "proposals" VALUES('16db4860bd19e2c5d3d325dfd51b325a','file:~/life/boiler.txt','filed','e_v2ej2qhdc','2026-11-22T05:31:29.331+00:00');
INSERT INTO "proposals" VALUES('25f96c07938cd217c99c31cd675bad73','file:~/life/garden.md','filed','e_3mafjxyaj','2026-11-22T05:31:29.371+00:00');
CREATE TABLE quoted(hash TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "quoted" VALUES('9af2100507ec19096735bd721b75733b','2026-11-22T05:31:37.146+00:00');
CREATE TABLE reviews(
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL UNIQUE,
        entries TEXT NOT NULL, plan TEXT NOT NULL, reason TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'open', decided TEXT NOT NULL DEFAULT '',
        operation INTEGER NOT NULL DEFAULT 0);
CREATE TABLE roots(uri TEXT PRIMARY KEY, added TEXT NOT NULL, policy TEXT NOT NULL DEFAULT 'full') WITHOUT ROWID;
INSERT INTO "roots" VALUES('file:~/life','2026-11-22T05:31:17.528+00:00','full');
CREATE TABLE self_tests(
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, fingerprint TEXT NOT NULL, made TEXT NOT NULL,
        outcomes TEXT NOT NULL, seconds REAL NOT NULL);
CREATE TABLE signals(
        entry TEXT PRIMARY KEY, importance REAL NOT NULL, uses INTEGER NOT NULL DEFAULT 0,
        used TEXT NOT NULL DEFAULT '', kept INTEGER NOT NULL DEFAULT 0,
        kept_on TEXT NOT NULL DEFAULT '', vouched INTEGER NOT NULL DEFAULT 0,
        confirmed TEXT NOT NULL DEFAULT '', maturity TEXT NOT NULL DEFAULT 'draft',
        since TEXT NOT NULL DEFAULT '', touched TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
INSERT INTO "signals" VALUES('e_3mafjxyaj',0.5152,0,'',0,'',0,'','draft','2026-11-22T05:31:29.371+00:00','2026-11-22T05:31:29.371+00:00');
INSERT INTO "signals" VALUES('e_g99rkqu',1.0,0,'',0,'',1,'','validated','2026-11-22T05:31:33.946+00:00','2026-11-22T05:31:33.946+00:00');
INSERT INTO "signals" VALUES('e_v2ej2qhdc',3.44000000000000027977e-01,1,'2026-11-22T05:31:37.154+00:00',0,'',0,'','draft','2026-11-22T05:31:29.331+00:00','2026-11-22T05:31:37.154+00:00');
CREATE TABLE sources(
        uri TEXT PRIMARY KEY, kind TEXT NOT NULL, live INTEGER NOT NULL, me TEXT NOT NULL,
        added TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "sources" VALUES('file:~/trip.turns.jsonl','',0,'[]','2026-11-22T05:31:29.484+00:00');
CREATE TABLE thing_spellings(
        spelling TEXT NOT NULL, role TEXT NOT NULL, thing INTEGER NOT NULL, kind TEXT NOT NULL,
        PRIMARY KEY(spelling, role, thing)) WITHOUT ROWID;
INSERT INTO "thing_spellings" VALUES('ana','self',3971001719548377532,'person');
INSERT INTO "thing_spellings" VALUES('jonas','self',4869581736131150063,'person');
CREATE TABLE things(
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL,
        spellings TEXT NOT NULL DEFAULT '[]', given TEXT NOT NULL DEFAULT '');
INSERT INTO "things" VALUES(3971001719548377532,'Ana','person','["Ana"]','');
INSERT INTO "things" VALUES(4869581736131150063,'Jonas','person','["Jonas"]','');
CREATE TABLE tombstones(
        kind TEXT NOT NULL, key TEXT NOT NULL, forgotten TEXT NOT NULL, near BLOB NOT NULL,
        PRIMARY KEY(kind, key, forgotten)) WITHOUT ROWID;
INSERT INTO "tombstones" VALUES('claim','0a05874db9f6eae14147fc41cb56f363','f_ebae838cd7',X'');
CREATE TABLE transcripts(
        uri TEXT PRIMARY KEY, source TEXT NOT NULL, kind TEXT NOT NULL,
        seen TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT '{}',
        passed TEXT NOT NULL DEFAULT '{}', unknown TEXT NOT NULL DEFAULT '{}',
        redacted TEXT NOT NULL DEFAULT '{}', version TEXT NOT NULL DEFAULT '',
        problem TEXT NOT NULL DEFAULT '', read TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
INSERT INTO "transcripts" VALUES('file:~/trip.turns.jsonl','file:~/trip.turns.jsonl','','210:1795325477456682014:2170995','{"": {"offset": 210, "line": 2, "tail": [210, "71072d8b83c7c413"], "about": {"c1": ["Trip", ""]}}}','{"line without text": 1}','{}','{}','','','2026-11-22T05:31:31.289+00:00');
CREATE TABLE tree_troubles(
        path TEXT PRIMARY KEY, code TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE turns(
        conversation INTEGER NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL,
        origin TEXT NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL, at TEXT NOT NULL,
        text TEXT NOT NULL, command TEXT NOT NULL, reply_to TEXT NOT NULL, side INTEGER NOT NULL,
        attachments TEXT NOT NULL, source TEXT NOT NULL, line INTEGER NOT NULL,
        PRIMARY KEY(conversation, number)) WITHOUT ROWID;
INSERT INTO "turns" VALUES(1,1,'e09787321b1c16c4','other','Ana','other','2026-01-05T10:00:00+00:00','The ferry to Hvar leaves at seven.','','',0,'[]','file:~/trip.turns.jsonl',2);
INSERT INTO "turns" VALUES(2,1,'9663dbfe1602e6bc','user','','user','2026-11-22T05:31:37+00:00','What did the boiler service cost?','','',0,'[]','cairn:',0);
INSERT INTO "turns" VALUES(2,2,'b74b4df8bf1b5738','assistant','','assistant','2026-11-22T05:31:37+00:00','The boiler service cost 189 euros in November 2025.','','',0,'[]','cairn:',0);
CREATE INDEX events_at ON events(at);
CREATE INDEX jobs_ready ON jobs(state, kind DESC, urgency DESC, id);
CREATE INDEX transcripts_source ON transcripts(source);
CREATE INDEX conversations_ended ON conversations(ended);
CREATE UNIQUE INDEX turns_key ON turns(key, conversation);
CREATE INDEX brought_conversation ON brought(conversation);
CREATE INDEX operations_state ON operations(state) WHERE state != 'applied';
CREATE INDEX operations_at ON operations(at);
CREATE INDEX changes_entry ON changes(entry, operation);
CREATE INDEX entries_about ON entries(about);
CREATE INDEX entries_kind ON entries(kind, subject COLLATE NOCASE);
CREATE INDEX entry_sources_container ON entry_sources(container);
CREATE INDEX entry_sources_hash ON entry_sources(hash);
CREATE INDEX entry_relations_target ON entry_relations(target);
CREATE INDEX proposals_container ON proposals(container);
CREATE INDEX reviews_state ON reviews(state);
CREATE INDEX thing_spellings_thing ON thing_spellings(thing, role);
CREATE INDEX mentions_key ON mentions(key, kind, spelling);
CREATE INDEX mentions_thing ON mentions(thing, spelling);
CREATE INDEX entries_name ON entries(subject) WHERE attribute = 'name';
CREATE INDEX tombstones_forgotten ON tombstones(forgotten);
PRAGMA user_version=7;
COMMIT;
