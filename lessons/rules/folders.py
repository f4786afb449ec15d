"""Every lesson's folder is listed in course.yaml. (That every listed one exists is found when the course is read.)"""

from __future__ import annotations

from collections.abc import Iterator

from lessons.draft import Draft
from lessons.problem import Problem


def problems(draft: Draft) -> Iterator[Problem]:
    if draft.head.value is None:  # course.yaml could not be read
        return
    listed = {name for name, _ in draft.head.texts("lessons")}
    for file in sorted(draft.folder.glob("*/lesson.md")):
        if file.parent.name not in listed:
            found = f"no `{file.parent.name}` in `lessons`, though there is a folder of this name with a lesson.md"
            yield draft.head.at("lessons").problem(found, "every lesson listed")
