"""The schema's history. A migration that has landed is never edited: add another."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

schema = Migrations("tutor")

_FIRST = """
create table learners(
    id integer primary key,
    name text not null,
    username text,
    language text,
    joined_at real not null,
    reachable integer not null default 1
) strict;

create table bookmarks(
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    section text not null,
    page integer not null,
    at real not null,
    primary key(learner, lesson)
) strict, without rowid;

create table sections_read(
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    section text not null,
    at real not null,
    primary key(learner, lesson, section)
) strict, without rowid;

create table quizzes(
    id integer primary key,
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    started_at real not null,
    finished_at real,
    correct integer,
    total integer
) strict;
create index quizzes_by_learner on quizzes(learner, lesson, finished_at);

create table deliveries(
    id integer primary key,
    quiz integer not null references quizzes(id) on delete cascade,
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    question text not null,
    tries integer not null,
    sent_at real not null,
    hinted integer not null default 0
) strict;
create index deliveries_by_quiz on deliveries(quiz, question);
create index deliveries_by_learner on deliveries(learner);

-- One answer a delivery: a double tap meets the primary key.
create table attempts(
    delivery integer primary key references deliveries(id) on delete cascade,
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    question text not null,
    answer text not null,
    correct integer not null,
    first integer not null,
    at real not null
) strict;
create index attempts_by_learner on attempts(learner, lesson, at);

create table drafts(
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    example text not null,
    parameters text not null,
    primary key(learner, lesson, example)
) strict, without rowid;

create table runs(
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
create index runs_by_learner on runs(learner, queued_at);
create index runs_open on runs(state) where state in ('queued', 'running');

-- Files kept from a learner's last run of an example: they live and go with the learner.
create table artifacts(
    learner integer not null references learners(id) on delete cascade,
    lesson text not null,
    example text not null,
    name text not null,
    run integer not null,
    data blob not null,
    primary key(learner, lesson, example, name)
) strict;

create table inbox(
    update_id integer primary key,
    lane integer not null,
    body text not null,
    state text not null default 'new' check(state in ('new', 'done', 'dead')),
    tries integer not null default 0,
    error text,
    got_at real not null,
    done_at real
) strict;
create index inbox_open on inbox(update_id) where state = 'new';

create table outbox(
    id integer primary key,
    chat integer not null,
    at text not null,
    mode text not null,
    body text not null,
    attachment blob,
    tries integer not null default 0,
    created_at real not null
) strict;
create index outbox_by_chat on outbox(chat, id);

create table posts(
    chat integer not null,
    at text not null,
    message integer not null,
    pictured integer not null,
    keyed integer not null,
    primary key(chat, at)
) strict, without rowid;

create table chats(
    id integer primary key,
    last_message integer not null
) strict;
"""


@schema(name="0001_first")
def first(db: Database) -> None:
    _run(db, _FIRST)


_OPERATIONS = """
-- What is to be done at a time. The same kind with the same payload is the same timer.
create table timers(
    id integer primary key,
    kind text not null,
    payload text not null default '{}',
    due_at real not null,
    unique(kind, payload)
) strict;
create index timers_by_time on timers(due_at);

-- When the operator was last told of each kind of trouble.
create table alerts(
    kind text primary key,
    raised_at real not null
) strict, without rowid;

create index runs_by_outcome on runs(state, reason);
"""


@schema(name="0002_operations")
def operations(db: Database) -> None:
    _run(db, _OPERATIONS)


@schema(name="0003_ticks")
def ticks(db: Database) -> None:
    """Bit mask of the choices ticked so far: kept here, quick presses cannot undo each other."""
    db.execute("alter table deliveries add column ticked integer not null default 0")


_CLASSES = """
alter table learners add column zone text;

-- People who teach besides those that the settings name.
create table instructors(
    id integer primary key,
    name text not null,
    appointed_by integer not null,
    at real not null
) strict;

-- A link that works once: into the dashboard, or to an appointment. Only the hash of its secret is kept.
create table tickets(
    hash text primary key,
    kind text not null check(kind in ('dashboard', 'instructor', 'cohort')),
    issued_by integer not null,
    cohort integer references cohorts(id) on delete cascade,
    expires_at real not null,
    used_at real
) strict, without rowid;

-- A browser that an instructor signed in with.
create table sessions(
    hash text primary key,
    instructor integer not null,
    csrf text not null,
    started_at real not null,
    seen_at real not null
) strict, without rowid;

create table cohorts(
    id integer primary key,
    name text not null,
    code text not null unique,
    salt text not null,
    created_at real not null,
    open integer not null default 1,
    ended_at real
) strict;

create table teaching(
    cohort integer not null references cohorts(id) on delete cascade,
    instructor integer not null,
    at real not null,
    primary key(cohort, instructor)
) strict, without rowid;
create index teaching_by_instructor on teaching(instructor);

create table enrolments(
    cohort integer not null references cohorts(id) on delete cascade,
    learner integer not null references learners(id) on delete cascade,
    at real not null,
    primary key(cohort, learner)
) strict, without rowid;
create index enrolments_by_learner on enrolments(learner);

create table assignments(
    cohort integer not null references cohorts(id) on delete cascade,
    lesson text not null,
    due_at real not null,
    set_by integer not null,
    set_at real not null,
    primary key(cohort, lesson)
) strict, without rowid;

create table announcements(
    id integer primary key,
    cohort integer not null references cohorts(id) on delete cascade,
    author integer not null,
    body text not null,
    written_at real not null,
    sent_at real,
    finished_at real
) strict;

create table recipients(
    announcement integer not null references announcements(id) on delete cascade,
    learner integer not null references learners(id) on delete cascade,
    primary key(announcement, learner)
) strict, without rowid;
create index recipients_by_learner on recipients(learner);

-- What the next message of a person answers, e.g. the name of a class.
create table prompts(
    learner integer primary key references learners(id) on delete cascade,
    kind text not null,
    payload text not null,
    at real not null
) strict;

-- A chat that is shown how a class is doing, live.
create table pulses(
    chat integer primary key,
    cohort integer not null references cohorts(id) on delete cascade,
    until real not null,
    shown text not null default ''
) strict;

-- Reports read a class' rows from these indexes alone, however many others there are.
alter table attempts add column hinted integer not null default 0;
alter table attempts add column seconds real;
update attempts set
    hinted = (select d.hinted from deliveries d where d.id = attempts.delivery),
    seconds = (select max(0.0, attempts.at - d.sent_at) from deliveries d where d.id = attempts.delivery);
drop index attempts_by_learner;
create index attempts_by_learner on attempts(learner, at, lesson, question, answer, correct, first, hinted, seconds);
drop index quizzes_by_learner;
create index quizzes_by_learner on quizzes(learner, lesson, finished_at, started_at, correct, total);
alter table runs add column metric text;
alter table runs add column figure real;
update runs set
    metric = case
        when json_extract(judgements, '$[#-1].accuracy') is not null then 'accuracy'
        when json_extract(history, '$[#-1].metrics.val_accuracy') is not null then 'val_accuracy'
        when json_extract(history, '$[#-1].metrics.accuracy') is not null then 'accuracy'
        when json_extract(history, '$[#-1].metrics.loss') is not null then 'loss'
    end,
    figure = coalesce(
        json_extract(judgements, '$[#-1].accuracy'),
        json_extract(history, '$[#-1].metrics.val_accuracy'),
        json_extract(history, '$[#-1].metrics.accuracy'),
        json_extract(history, '$[#-1].metrics.loss')
    )
where state = 'finished';
drop index runs_by_learner;
create index runs_by_learner on runs(
    learner, queued_at, lesson, example, role, verified, state, reason, started_at, ended_at, seconds, metric, figure,
    parameters
);
drop index deliveries_by_learner;
create index deliveries_by_learner on deliveries(learner, id, lesson, question, sent_at);
"""


@schema(name="0004_classes")
def classes(db: Database) -> None:
    _run(db, _CLASSES)


_LEARNERS_FILES = """
-- Files that a learner sent: they lie beside the learner's own code.
create table files(
    id integer primary key,
    learner integer not null references learners(id) on delete cascade,
    name text not null,
    data blob not null,
    at real not null,
    unique(learner, name)
) strict;

-- Code that a learner sent, and what became of it. `parts` are its messages: their ids and their code, as JSON.
create table snippets(
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
create index snippets_by_learner on snippets(learner, last_message);
create index snippets_by_time on snippets(sent_at);
"""


@schema(name="0007_learners_files")
def learners_files(db: Database) -> None:
    _run(db, _LEARNERS_FILES)


_OUTBOUND = """
-- Private chats in which Telegram offers the commands for instructors. Telegram keeps a chat's menu for ever.
create table menus(
    chat integer primary key
) strict;
insert or ignore into menus(chat)
    select id from instructors union select instructor from teaching union select instructor from sessions
    union select issued_by from tickets where kind <> 'cohort';
"""


@schema(name="0006_outbound")
def outbound(db: Database) -> None:
    _run(db, _OUTBOUND)


_RUN_FACTS = """
-- The figure of a run is of the trained model judged last, as bot/headline.py has it: never of an untrained one.
update runs set
    metric = case
        when trained.accuracy is not null then 'accuracy'
        when json_extract(history, '$[#-1].metrics.val_accuracy') is not null then 'val_accuracy'
        when json_extract(history, '$[#-1].metrics.accuracy') is not null then 'accuracy'
        when json_extract(history, '$[#-1].metrics.loss') is not null then 'loss'
    end,
    figure = coalesce(
        trained.accuracy,
        json_extract(history, '$[#-1].metrics.val_accuracy'),
        json_extract(history, '$[#-1].metrics.accuracy'),
        json_extract(history, '$[#-1].metrics.loss')
    )
from (
    select r.id as run, (
        select json_extract(j.value, '$.accuracy') from json_each(r.judgements) j
        where json_extract(j.value, '$.trained') and json_extract(j.value, '$.accuracy') is not null
        order by j.key desc limit 1
    ) as accuracy
    from runs r
) as trained
where trained.run = runs.id and runs.state = 'finished';
"""


@schema(name="0009_run_facts")
def run_facts(db: Database) -> None:
    _run(db, _RUN_FACTS)


_SHOWN_CHOICES = """
-- Questions as they read when they were asked, as JSON: the course may change later. Each wording is kept once.
create table versions(
    id integer primary key,
    question text not null,
    body text not null,
    unique(question, body)
) strict;

-- Null: the question was asked before versions were kept.
alter table deliveries add column version integer references versions(id);
alter table attempts add column version integer references versions(id);
drop index attempts_by_learner;
create index attempts_by_learner on attempts(
    learner, at, lesson, question, answer, correct, first, hinted, seconds, version
);
"""


@schema(name="0008_shown_choices")
def shown_choices(db: Database) -> None:
    """Touches no table of 0009, which some databases had before this one."""
    _run(db, _SHOWN_CHOICES)


_HEARD = """
-- When the bot last heard from a learner, and so of their username; as far as rows of theirs tell. A username belongs
-- to one person at a time: of two learners who have it, the one heard from last keeps it.
alter table learners add column heard_at real not null default 0;
alter table learners add column inherited integer not null default 0;
update learners set heard_at = max(
    joined_at,
    coalesce((select max(at) from attempts where learner = learners.id), 0),
    coalesce((select max(queued_at) from runs where learner = learners.id), 0),
    coalesce((select max(at) from bookmarks where learner = learners.id), 0)
);
create index learners_by_username on learners(username collate nocase);
update learners set inherited = 1 where exists(
    select 1 from learners o where o.username = learners.username collate nocase and o.id <> learners.id
);
update learners set username = null, inherited = 0 where exists(
    select 1 from learners o where o.username = learners.username collate nocase and o.id <> learners.id
    and (o.heard_at, o.id) > (learners.heard_at, learners.id)
);
"""


@schema(name="0013_heard")
def heard(db: Database) -> None:
    _run(db, _HEARD)


_HINTS = """
-- What a learner can do about a failure: the runner's code and its values, as JSON.
-- Earlier rows have the words in `detail`.
alter table runs add column hint text;
"""


@schema(name="0011_hints")
def hints(db: Database) -> None:
    _run(db, _HINTS)


_NO_WAKES = """
-- Timers that did nothing but send the messages of other chats on their way: the outbox hears of those by itself now.
delete from timers where kind = 'wake_outbox';
"""


@schema(name="0015_no_wakes")
def no_wakes(db: Database) -> None:
    _run(db, _NO_WAKES)


_ROUNDS = """
-- A round may be over several lessons. The first two statements make `deliveries` refer to `rounds`.
alter table quizzes rename to rounds;
alter table deliveries rename column quiz to round;
create table remade(
    id integer primary key,
    learner integer not null references learners(id) on delete cascade,
    kind text not null check(kind in ('quiz', 'review')),
    lesson text check(lesson is not null or kind <> 'quiz'),
    started_at real not null,
    finished_at real,
    correct integer,
    total integer
) strict;
insert into remade select id, learner, 'quiz', lesson, started_at, finished_at, correct, total from rounds;
drop table rounds;
alter table remade rename to rounds;
create index rounds_by_learner on rounds(learner, kind, lesson, finished_at, started_at, correct, total);

-- The rounds that count as a lesson's quiz: progress, grades and reports read these.
create view quizzes as
    select id, learner, lesson, started_at, finished_at, correct, total from rounds where kind = 'quiz';

-- Whether the answer counts for a lesson's result, and so in reports.
alter table deliveries add column counts integer not null default 1;
alter table attempts add column counts integer not null default 1;
drop index deliveries_by_quiz;
create index deliveries_by_round on deliveries(round, question);
drop index deliveries_by_learner;
create index deliveries_by_learner on deliveries(learner, id, lesson, question, sent_at, counts);
drop index attempts_by_learner;
create index attempts_by_learner on attempts(
    learner, at, lesson, question, answer, correct, first, hinted, seconds, version, counts
);
"""


@schema(name="0014_rounds")
def rounds(db: Database) -> None:
    """Every pass through a quiz becomes a round of that kind, under its id; messages in chats are known by it."""
    _run(db, _ROUNDS)


_ONE_OPEN_RUN = """
update runs set
    state = 'failed', reason = 'lost', detail = 'Another run was started.', ended_at = coalesce(started_at, queued_at)
where state in ('queued', 'running') and exists(
    select 1 from runs newer
    where newer.learner = runs.learner and newer.id > runs.id and newer.state in ('queued', 'running')
);
create unique index runs_one_open on runs(learner) where state in ('queued', 'running');
"""


@schema(name="0016_one_open_run")
def one_open_run(db: Database) -> None:
    """A learner has one open run. Where an old database holds several, the newest stays open; the older ones stay as
    rows and end as lost, at the time when they began, so that the learner finds them under /runs and can repeat
    them."""
    _run(db, _ONE_OPEN_RUN)


def _run(db: Database, script: str) -> None:
    """`executescript` would commit the migration's transaction: statements go one by one."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)
