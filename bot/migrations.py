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


def _run(db: Database, script: str) -> None:
    """`executescript` would commit the migration's transaction: statements go one by one."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)
