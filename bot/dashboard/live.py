"""The class right now: a page for the projector that keeps itself up to date. No names and no right answers on it,
unless switched on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from starlette.responses import Response

from bot.dashboard.filters import switch
from bot.dashboard.visit import ClassVisit
from bot.reports.pulse import pulse
from bot.reports.values import PulseFigures
from bot.store import Tables
from bot.telegram.markdown import inline

HOUR = 3600.0
STALE_SECONDS = 5.0
"""People leave without writing anything, so look again after this time."""


@dataclass(slots=True)
class LivePage:
    """One browser's view of the class."""

    visit: ClassVisit
    _commits: int = -1
    _looked_at: float = 0.0
    _html: str = ""
    _options: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        query = self.visit.request.query_params
        self._options = {
            "question": query.get("question", "")[:64],
            "names": switch(query, "names"),
            "answers": switch(query, "answers"),
        }

    async def look(self) -> str | None:
        """What to show now; None when the visitor is signed out or no longer teaches this class."""
        services = self.visit.site.services
        visitor = await self.visit.site.sign_in.visitor(self.visit.request)
        if visitor is None or visitor.cohort(self.visit.cohort.id) is None:
            return None
        commits, now = services.store.commits, services.clock()
        if commits != self._commits or now - self._looked_at >= STALE_SECONDS:
            self._commits, self._looked_at = commits, now
            self._html = self.render(await self.figures(now))
        return self._html

    async def figures(self, now: float) -> PulseFigures:
        scope = replace(self.visit.scope, now=now, since=now - HOUR, until=None)
        cohort, lesson = self.visit.cohort.id, self.visit.filters.lesson or None

        def look(tables: Tables) -> PulseFigures:
            traces = tables.traces.of_class(cohort, lesson=lesson, since=now - HOUR)
            return pulse(traces, tables.traces.asked(cohort, now - HOUR), scope, str(self._options["question"]))

        return await self.visit.read(look)

    def render(self, figures: PulseFigures) -> str:
        """The part of the page that changes."""
        template = self.visit.site.templates.get_template("_live.html")
        return template.render(figures=figures, **self._options)

    async def page(self) -> Response:
        figures = await self.figures(self.visit.now)
        return self.visit.page("live.html", figures=figures, questions=self._questions(), **self._options)

    def _questions(self) -> list[tuple[str, str]]:
        """The questions in view, as pairs of id and label."""
        return [
            (question.id, f"{number} · {inline(question.prompt).plain}")
            for lesson in self.visit.scope.lessons
            for number, question in enumerate(lesson.questions, 1)
        ]


async def page(visit: ClassVisit) -> Response:
    """The page as it is now; a script keeps it up to date."""
    return await LivePage(visit).page()


async def events(visit: ClassVisit) -> Response:
    """The part of the page that changes, whenever it does."""
    return visit.site.streams.stream(LivePage(visit).look)
