BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'tutor','0001_first','2026-11-24 12:54:04.967157+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'tutor','0002_operations','2026-11-24 12:54:04.967635+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'tutor','0003_ticks','2026-11-24 12:54:04.968121+00:00');
CREATE TABLE alerts(
    kind text primary key,
    raised_at real not null
) strict, without rowid;
INSERT INTO "alerts" VALUES('handler',7.0);
CREATE TABLE artifacts(
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    example text not null,
    name text not null,
    run integer not null,
    data blob not null,
    primary key(learner, lesson, example, name)
) strict;
INSERT INTO "artifacts" VALUES(1001,'l','e','model.keras',1,X'000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF');
CREATE TABLE attempts(
    delivery integer primary key references deliveries(id) on delete cascade,
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    question text not null,
    answer text not null,
    correct integer not null,
    first integer not null,
    at real not null
) strict;
INSERT INTO "attempts" VALUES(1,1001,'l','q1','["a"]',1,1,5.0);
INSERT INTO "attempts" VALUES(2,1001,'l','q2','["b", "c"]',0,0,5.5);
CREATE TABLE bookmarks(
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    section text not null,
    page integer not null,
    at real not null,
    primary key(learner, lesson)
) strict, without rowid;
INSERT INTO "bookmarks" VALUES(1001,'model-training-and-evaluation','training',1,3.0);
CREATE TABLE chats(
    id integer primary key,
    last_message integer not null
) strict;
INSERT INTO "chats" VALUES(1001,18);
CREATE TABLE deliveries(
    id integer primary key,
    quiz integer not null references quizzes(id) on delete cascade,
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    question text not null,
    tries integer not null,
    sent_at real not null,
    hinted integer not null default 0
, ticked integer not null default 0) strict;
INSERT INTO "deliveries" VALUES(1,1,1001,'l','q1',0,4.5,0,0);
INSERT INTO "deliveries" VALUES(2,1,1001,'l','q2',1,4.6,1,3);
INSERT INTO "deliveries" VALUES(3,2,1002,'l','q',0,6.0,0,0);
CREATE TABLE drafts(
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    example text not null,
    parameters text not null,
    primary key(learner, lesson, example)
) strict, without rowid;
INSERT INTO "drafts" VALUES(1001,'l','e','{"epochs": 3}');
CREATE TABLE inbox(
    update_id integer primary key,
    lane integer not null,
    body text not null,
    state text not null default 'new' check(state in ('new', 'done', 'dead')),
    tries integer not null default 0,
    error text,
    got_at real not null,
    done_at real
) strict;
INSERT INTO "inbox" VALUES(10,1001,'{}','done',1,NULL,1.0,2.0);
INSERT INTO "inbox" VALUES(11,1001,'{}','new',0,NULL,3.0,NULL);
INSERT INTO "inbox" VALUES(12,1002,'{}','dead',5,'KeyError()',3.0,4.0);
CREATE TABLE learners(
    id integer primary key,
    name text not null,
    username text,
    language text,
    joined_at real not null,
    reachable integer not null default 1
) strict;
INSERT INTO "learners" VALUES(1001,'Ada','ada','en',1.5,1);
INSERT INTO "learners" VALUES(1002,'Grâce 🎓',NULL,NULL,2.5,0);
CREATE TABLE outbox(
    id integer primary key,
    chat integer not null,
    at text not null,
    mode text not null,
    body text not null,
    attachment blob,
    tries integer not null default 0,
    created_at real not null
) strict;
INSERT INTO "outbox" VALUES(1,1001,'panel','follow','{"text": "Hi", "entities": [], "keyboard": []}',NULL,0,5.0);
INSERT INTO "outbox" VALUES(2,1002,'','new','{"text": "See", "entities": [], "keyboard": [], "attachment": {"name": "a.png", "picture": true}}',X'89504E47',0,6.0);
CREATE TABLE posts(
    chat integer not null,
    at text not null,
    message integer not null,
    pictured integer not null,
    keyed integer not null,
    primary key(chat, at)
) strict, without rowid;
INSERT INTO "posts" VALUES(1001,'panel',17,0,1);
CREATE TABLE quizzes(
    id integer primary key,
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    started_at real not null,
    finished_at real,
    correct integer,
    total integer
) strict;
INSERT INTO "quizzes" VALUES(1,1001,'model-training-and-evaluation',4.0,9.0,1,2);
INSERT INTO "quizzes" VALUES(2,1002,'l',5.0,NULL,NULL,NULL);
CREATE TABLE runs(
    id integer primary key,
    learner integer not null references learners(id) on delete cascade,
    chat integer not null,
    lesson text not null,
    example text not null,
    role text not null,
    parameters text not null,
    source text not null,
    verified integer not null,
    state text not null check(state in ('queued', 'running', 'finished', 'failed', 'cancelled')),
    reason text,
    detail text,
    queued_at real not null,
    started_at real,
    ended_at real,
    seconds real,
    history text not null default '[]',
    judgements text not null default '[]',
    output text not null default '',
    restarts integer not null default 0
) strict;
INSERT INTO "runs" VALUES(1,1001,1001,'l','e','train','{}','x = 1',1,'finished',NULL,NULL,1.0,2.0,3.0,1.0,'[{"epoch": 1, "epochs": 1, "metrics": {"loss": 0.5}, "seconds": 0.1}]','[]','out',0);
INSERT INTO "runs" VALUES(2,1002,1002,'l','e','train','{"epochs": 2}','x = 2',0,'failed','timeout','too long',1.0,2.0,3.0,NULL,'[]','[]','',1);
INSERT INTO "runs" VALUES(3,1002,1002,'l','e','train','{}','x = 3',1,'queued',NULL,NULL,4.0,NULL,NULL,NULL,'[]','[]','',0);
CREATE TABLE sections_read(
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    section text not null,
    at real not null,
    primary key(learner, lesson, section)
) strict, without rowid;
INSERT INTO "sections_read" VALUES(1001,'model-training-and-evaluation','training',3.5);
CREATE TABLE timers(
    id integer primary key,
    kind text not null,
    payload text not null default '{}',
    due_at real not null,
    unique(kind, payload)
) strict;
INSERT INTO "timers" VALUES(1,'forget_inbox','{}',99.0);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX quizzes_by_learner on quizzes(learner, lesson, finished_at);
CREATE INDEX deliveries_by_quiz on deliveries(quiz, question);
CREATE INDEX deliveries_by_learner on deliveries(learner);
CREATE INDEX attempts_by_learner on attempts(learner, lesson, at);
CREATE INDEX runs_by_learner on runs(learner, queued_at);
CREATE INDEX runs_open on runs(state) where state in ('queued', 'running');
CREATE INDEX inbox_open on inbox(update_id) where state = 'new';
CREATE INDEX outbox_by_chat on outbox(chat, id);
CREATE INDEX timers_by_time on timers(due_at);
CREATE INDEX runs_by_outcome on runs(state, reason);
COMMIT;
