BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'tutor','0001_first','2026-11-28 09:53:38.332584+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'tutor','0002_operations','2026-11-28 09:53:38.332866+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'tutor','0003_ticks','2026-11-28 09:53:38.341397+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'tutor','0004_classes','2026-11-28 09:53:38.343092+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'tutor','0007_learners_files','2026-11-28 09:53:38.343315+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'tutor','0006_outbound','2026-11-28 09:53:38.343461+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'tutor','0009_run_facts','2026-11-28 09:53:38.343648+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'tutor','0008_shown_choices','2026-11-28 09:53:38.344203+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'tutor','0013_heard','2026-11-28 09:53:38.344727+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'tutor','0011_hints','2026-11-28 09:53:38.357167+00:00');
CREATE TABLE alerts(
    kind text primary key,
    raised_at real not null
) strict, without rowid;
INSERT INTO "alerts" VALUES('handler',1800000000.0);
CREATE TABLE announcements(
    id integer primary key,
    cohort integer not null references cohorts(id) on delete cascade,
    author integer not null,
    body text not null,
    written_at real not null,
    sent_at real,
    finished_at real
) strict;
INSERT INTO "announcements" VALUES(1,1,1003,'Hello',1800000000.0,NULL,NULL);
CREATE TABLE artifacts(
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    example text not null,
    name text not null,
    run integer not null,
    data blob not null,
    primary key(learner, lesson, example, name)
) strict;
INSERT INTO "artifacts" VALUES(1001,'first','train','model.keras',1,X'000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF');
CREATE TABLE assignments(
    cohort integer not null references cohorts(id) on delete cascade,
    lesson text not null,
    due_at real not null,
    set_by integer not null,
    set_at real not null,
    primary key(cohort, lesson)
) strict, without rowid;
INSERT INTO "assignments" VALUES(1,'first',1800086400.0,1003,1800000000.0);
CREATE TABLE attempts(
    delivery integer primary key references deliveries(id) on delete cascade,
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    question text not null,
    answer text not null,
    correct integer not null,
    first integer not null,
    at real not null
, hinted integer not null default 0, seconds real, version integer references versions(id)) strict;
INSERT INTO "attempts" VALUES(1,1001,'first','one','["b"]',0,1,1800000009.0,1,2.0,1);
INSERT INTO "attempts" VALUES(2,1001,'first','one','["a"]',1,0,1800000011.0,0,1.0,1);
INSERT INTO "attempts" VALUES(3,1001,'first','some','["a", "b"]',1,1,1800000015.0,0,3.0,2);
INSERT INTO "attempts" VALUES(4,1001,'first','number','["4"]',1,1,1800000017.0,0,1.0,3);
INSERT INTO "attempts" VALUES(5,1001,'first','word','["epoch"]',1,1,1800000019.0,0,1.0,4);
INSERT INTO "attempts" VALUES(6,1001,'first','one','["a"]',1,1,1800000022.0,0,1.0,1);
INSERT INTO "attempts" VALUES(8,1002,'first','one','["b"]',0,1,1800000026.0,0,1.0,1);
CREATE TABLE bookmarks(
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    section text not null,
    page integer not null,
    at real not null,
    primary key(learner, lesson)
) strict, without rowid;
INSERT INTO "bookmarks" VALUES(1001,'first','training',0,1800000006.0);
CREATE TABLE chats(
    id integer primary key,
    last_message integer not null
) strict;
INSERT INTO "chats" VALUES(1001,19);
INSERT INTO "chats" VALUES(1002,4);
INSERT INTO "chats" VALUES(1003,29);
CREATE TABLE cohorts(
    id integer primary key,
    name text not null,
    code text not null unique,
    salt text not null,
    created_at real not null,
    open integer not null default 1,
    ended_at real
) strict;
INSERT INTO "cohorts" VALUES(1,'Autumn','EDZ2BFVV','1a76497949b2de19b4d159cabfba5f62',1800000001.0,1,NULL);
CREATE TABLE deliveries(
    id integer primary key,
    quiz integer not null references quizzes(id) on delete cascade,
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    question text not null,
    tries integer not null,
    sent_at real not null,
    hinted integer not null default 0
, ticked integer not null default 0, version integer references versions(id)) strict;
INSERT INTO "deliveries" VALUES(1,1,1001,'first','one',0,1800000007.0,1,0,1);
INSERT INTO "deliveries" VALUES(2,1,1001,'first','one',1,1800000010.0,0,0,1);
INSERT INTO "deliveries" VALUES(3,1,1001,'first','some',0,1800000012.0,0,3,2);
INSERT INTO "deliveries" VALUES(4,1,1001,'first','number',0,1800000016.0,0,0,3);
INSERT INTO "deliveries" VALUES(5,1,1001,'first','word',0,1800000018.0,0,0,4);
INSERT INTO "deliveries" VALUES(6,2,1001,'first','one',0,1800000021.0,0,0,1);
INSERT INTO "deliveries" VALUES(7,2,1001,'first','some',0,1800000023.0,0,1,2);
INSERT INTO "deliveries" VALUES(8,3,1002,'first','one',0,1800000025.0,0,0,1);
INSERT INTO "deliveries" VALUES(9,3,1002,'first','one',1,1800000027.0,1,0,1);
CREATE TABLE drafts(
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    example text not null,
    parameters text not null,
    primary key(learner, lesson, example)
) strict, without rowid;
INSERT INTO "drafts" VALUES(1001,'first','train','{"epochs": 3}');
CREATE TABLE enrolments(
    cohort integer not null references cohorts(id) on delete cascade,
    learner integer not null references learners(id) on delete cascade,
    at real not null,
    primary key(cohort, learner)
) strict, without rowid;
INSERT INTO "enrolments" VALUES(1,1001,1800000003.0);
INSERT INTO "enrolments" VALUES(1,1002,1800000005.0);
CREATE TABLE files(
    id integer primary key,
    learner integer not null references learners(id) on delete cascade,
    name text not null,
    data blob not null,
    at real not null,
    unique(learner, name)
) strict;
INSERT INTO "files" VALUES(1,1001,'rows.csv',X'312C32',1800000000.0);
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
INSERT INTO "inbox" VALUES(10,1001,'{}','new',0,NULL,1800000000.0,NULL);
CREATE TABLE instructors(
    id integer primary key,
    name text not null,
    appointed_by integer not null,
    at real not null
) strict;
INSERT INTO "instructors" VALUES(1004,'Juno',1003,1800000000.0);
CREATE TABLE learners(
    id integer primary key,
    name text not null,
    username text,
    language text,
    joined_at real not null,
    reachable integer not null default 1
, zone text, heard_at real not null default 0, inherited integer not null default 0) strict;
INSERT INTO "learners" VALUES(1001,'Learner 1001',NULL,NULL,1800000002.0,1,NULL,1800000024.0,0);
INSERT INTO "learners" VALUES(1002,'Learner 1002',NULL,NULL,1800000004.0,1,NULL,1800000028.0,0);
INSERT INTO "learners" VALUES(1003,'Learner 1003',NULL,NULL,1800000001.0,1,NULL,1800000029.0,0);
CREATE TABLE menus(
    chat integer primary key
) strict;
INSERT INTO "menus" VALUES(1003);
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
INSERT INTO "outbox" VALUES(1,1001,'panel','new','{"chat": 1001, "text": "Hi", "entities": [], "keyboard": [[{"text": "k", "data": "1", "url": null, "copy": null, "style": null}]], "at": "panel", "mode": "new", "topic": null, "reads": null, "id": 0}',NULL,0,1800000000.0);
CREATE TABLE posts(
    chat integer not null,
    at text not null,
    message integer not null,
    pictured integer not null,
    keyed integer not null,
    primary key(chat, at)
) strict, without rowid;
INSERT INTO "posts" VALUES(1001,'quiz:2:some',17,0,1);
CREATE TABLE prompts(
    learner integer primary key references learners(id) on delete cascade,
    kind text not null,
    payload text not null,
    at real not null
) strict;
INSERT INTO "prompts" VALUES(1003,'newclass','{}',1800000029.0);
CREATE TABLE pulses(
    chat integer primary key,
    cohort integer not null references cohorts(id) on delete cascade,
    until real not null,
    shown text not null default ''
) strict;
INSERT INTO "pulses" VALUES(1003,1,1800000060.0,'shown');
CREATE TABLE quizzes(
    id integer primary key,
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    started_at real not null,
    finished_at real,
    correct integer,
    total integer
) strict;
INSERT INTO "quizzes" VALUES(1,1001,'first',1800000007.0,1800000020.0,3,4);
INSERT INTO "quizzes" VALUES(2,1001,'first',1800000021.0,NULL,NULL,NULL);
INSERT INTO "quizzes" VALUES(3,1002,'first',1800000025.0,NULL,NULL,NULL);
CREATE TABLE recipients(
    announcement integer not null references announcements(id) on delete cascade,
    learner integer not null references learners(id) on delete cascade,
    primary key(announcement, learner)
) strict, without rowid;
INSERT INTO "recipients" VALUES(1,1001);
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
, metric text, figure real, hint text) strict;
INSERT INTO "runs" VALUES(1,1001,1001,'first','train','train','{"epochs": 1}','x = 1',1,'finished',NULL,NULL,1800000000.0,NULL,1800000002.0,1.0,'[{"epoch": 1, "epochs": 1, "metrics": {"loss": 0.5}, "seconds": 0.1, "diverged": [], "fit": null, "model": null, "classifier": null}]','[]','',0,'loss',0.5,NULL);
INSERT INTO "runs" VALUES(2,1002,1002,'first','train','train','{}','x = 2',1,'queued',NULL,NULL,1800000003.0,NULL,NULL,NULL,'[]','[]','',0,NULL,NULL,NULL);
CREATE TABLE sections_read(
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    section text not null,
    at real not null,
    primary key(learner, lesson, section)
) strict, without rowid;
INSERT INTO "sections_read" VALUES(1001,'first','training',1800000000.0);
CREATE TABLE sessions(
    hash text primary key,
    instructor integer not null,
    csrf text not null,
    started_at real not null,
    seen_at real not null
) strict, without rowid;
INSERT INTO "sessions" VALUES('hash',1003,'csrf',1800000000.0,1800000000.0);
CREATE TABLE snippets(
    id integer primary key,
    learner integer not null references learners(id) on delete cascade,
    parts text not null,
    last_message integer not null,
    units integer not null,
    marked integer not null,
    state text not null check(state in ('waiting', 'asked', 'offered', 'run', 'dropped')),
    run integer,
    sent_at real not null
) strict;
INSERT INTO "snippets" VALUES(1,1002,'[{"message": 31, "code": "print(1)", "units": 8}]',31,0,1,'offered',NULL,1800000000.0);
CREATE TABLE teaching(
    cohort integer not null references cohorts(id) on delete cascade,
    instructor integer not null,
    at real not null,
    primary key(cohort, instructor)
) strict, without rowid;
INSERT INTO "teaching" VALUES(1,1003,1800000001.0);
CREATE TABLE tickets(
    hash text primary key,
    kind text not null check(kind in ('dashboard', 'instructor', 'cohort')),
    issued_by integer not null,
    cohort integer references cohorts(id) on delete cascade,
    expires_at real not null,
    used_at real
) strict, without rowid;
INSERT INTO "tickets" VALUES('hash','dashboard',1003,NULL,1800000060.0,NULL);
CREATE TABLE timers(
    id integer primary key,
    kind text not null,
    payload text not null default '{}',
    due_at real not null,
    unique(kind, payload)
) strict;
INSERT INTO "timers" VALUES(1,'forget_inbox','{}',1800000000.0);
CREATE TABLE versions(
    id integer primary key,
    question text not null,
    body text not null,
    unique(question, body)
) strict;
INSERT INTO "versions" VALUES(1,'one','{"id":"one","kind":"single","prompt":"Which one?","explanation":"Because.","section":"training","choices":[{"id":"a","text":"This one","correct":true,"feedback":"Yes."},{"id":"b","text":"That one","correct":false,"feedback":"No."}],"answers":[],"number":null,"tolerance":0.0,"hint":"Look."}');
INSERT INTO "versions" VALUES(2,'some','{"id":"some","kind":"multiple","prompt":"Which ones?","explanation":"Because.","section":"judging","choices":[{"id":"a","text":"These","correct":true,"feedback":"Yes."},{"id":"b","text":"Those","correct":true,"feedback":"Yes."}],"answers":[],"number":null,"tolerance":0.0,"hint":""}');
INSERT INTO "versions" VALUES(3,'number','{"id":"number","kind":"numeric","prompt":"How many?","explanation":"Count.","section":"introduction","choices":[],"answers":[],"number":4.0,"tolerance":0.5,"hint":""}');
INSERT INTO "versions" VALUES(4,'word','{"id":"word","kind":"text","prompt":"What is it called?","explanation":"By definition.","section":"training","choices":[],"answers":["epoch","an epoch"],"number":null,"tolerance":0.0,"hint":""}');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX deliveries_by_quiz on deliveries(quiz, question);
CREATE INDEX runs_open on runs(state) where state in ('queued', 'running');
CREATE INDEX inbox_open on inbox(update_id) where state = 'new';
CREATE INDEX outbox_by_chat on outbox(chat, id);
CREATE INDEX timers_by_time on timers(due_at);
CREATE INDEX runs_by_outcome on runs(state, reason);
CREATE INDEX teaching_by_instructor on teaching(instructor);
CREATE INDEX enrolments_by_learner on enrolments(learner);
CREATE INDEX recipients_by_learner on recipients(learner);
CREATE INDEX quizzes_by_learner on quizzes(learner, lesson, finished_at, started_at, correct, total);
CREATE INDEX runs_by_learner on runs(
    learner, queued_at, lesson, example, role, verified, state, reason, started_at, ended_at, seconds, metric, figure,
    parameters
);
CREATE INDEX deliveries_by_learner on deliveries(learner, id, lesson, question, sent_at);
CREATE INDEX snippets_by_learner on snippets(learner, last_message);
CREATE INDEX snippets_by_time on snippets(sent_at);
CREATE INDEX attempts_by_learner on attempts(
    learner, at, lesson, question, answer, correct, first, hinted, seconds, version
);
CREATE INDEX learners_by_username on learners(username collate nocase);
COMMIT;
