"""Writing to learners: a draft, a preview, sent once, and then how far it has come."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from bot.dashboard import formats
from bot.dashboard.visit import ClassVisit
from bot.domain.classes import Announcement, Member
from bot.domain.ids import AnnouncementId
from bot.features.announcements import jobs
from bot.store import Tables
from bot.telegram.richtext import units


async def write(visit: ClassVisit) -> Response:
    """POST: note a draft to those of the chosen learners who are in the class, and show it."""
    form = await visit.request.form()
    body, wanted = _body(form), {value for value in form.getlist("to") if isinstance(value, str)}

    def draft(tables: Tables) -> Announcement | Sequence[Member]:
        members = tables.cohorts.members(visit.cohort.id)
        chosen = [member for member in members if str(member.id) in wanted]
        if not chosen or _trouble(body, chosen):
            return chosen
        ids = [member.id for member in chosen]
        return jobs.draft_to(tables, visit.cohort, visit.visitor.id, body, ids, visit.now)

    made = await visit.transact(draft)
    if isinstance(made, Announcement):
        return _to(visit, made.id)
    trouble = _trouble(body, made)
    return visit.page("message_again.html", 400, trouble=trouble, body=body, members=made)


async def show(visit: ClassVisit) -> Response:
    """The draft as it will arrive; once sent, how far it has come."""
    id = AnnouncementId(visit.request.path_params["announcement"])

    def look(tables: Tables) -> Response:
        found = _of_class(tables, visit, id)
        if found is None:
            return visit.page("missing.html", 404)
        members = tables.cohorts.members(visit.cohort.id)
        if found.sent_at is None:
            chosen = set(tables.announcements.recipients(id))
            to = [member for member in members if member.id in chosen]
            return visit.page("message.html", announcement=found, members=to)
        spread = tables.announcements.spread(id)
        # Learners who have left the class are not shown to its instructors.
        still, missed = {member.id for member in members}, spread.unreached
        unreached = [member for member in missed if member.id in still]
        return visit.page("message_sent.html", announcement=found, spread=spread, unreached=unreached)

    return await visit.read(look)


async def send(visit: ClassVisit) -> Response:
    """POST: send it, unless it was sent before; then show how far it has come."""
    id = AnnouncementId(visit.request.path_params["announcement"])

    def go(tables: Tables) -> bool:
        """False when the class has no such announcement."""
        found = _of_class(tables, visit, id)
        if found:
            jobs.send(tables, found, visit.cohort, visit.visitor.name, visit.now)
        return found is not None

    return _to(visit, id) if await visit.transact(go) else visit.page("missing.html", 404)


async def drop(visit: ClassVisit) -> Response:
    """POST: forget a draft; one that was sent stays."""
    id = AnnouncementId(visit.request.path_params["announcement"])

    def forget(tables: Tables) -> bool | None:
        return None if _of_class(tables, visit, id) is None else tables.announcements.drop(id)

    dropped = await visit.transact(forget)
    if dropped is None:
        return visit.page("missing.html", 404)
    return RedirectResponse(formats.address(visit.cohort, "attention"), 303) if dropped else _to(visit, id)


def _of_class(tables: Tables, visit: ClassVisit, id: AnnouncementId) -> Announcement | None:
    found = tables.announcements.get(id)
    return found if found and found.cohort == visit.cohort.id else None


def _body(form: FormData) -> str:
    """What was written, with line ends as the chat has them, and nothing that no message can hold."""
    given = form.get("body")
    text = (given if isinstance(given, str) else "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or ord(c) >= 32).strip()


def _trouble(body: str, chosen: Sequence[Member]) -> str:
    """Why it cannot be sent; empty if it can."""
    if not chosen:
        return "Nobody is chosen: tick at least one learner of this class."
    if not body:
        return "There is no text yet."
    if units(body) > jobs.LIMIT:
        return f"The text has {units(body):,} characters; at most {jobs.LIMIT:,} fit into one message."
    return ""


def _to(visit: ClassVisit, id: AnnouncementId) -> Response:
    """A page that can be loaded again without sending anything twice."""
    return RedirectResponse(formats.address(visit.cohort, f"messages/{id}"), 303)
