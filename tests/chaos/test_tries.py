"""A bot that is killed at every start gives nobody up who only waits in line."""

from __future__ import annotations

from .conftest import Class
from .house import until


async def test_who_waited_through_many_kills_gets_a_reply(school: Class) -> None:
    home, (learner, *_) = school.home, school.learners
    await home.started()
    await home.act("message", user=learner.id, text="/start")
    await until(lambda: len(home.chat(learner.id)) == 2, home.tail)
    await home.kill()
    counts = "select count(*) from inbox where state = 'new'"
    await home.act("fault", kind="delay", seconds=30, method="getFile", count=99)
    await home.act("document", user=learner.id, name="mine.py", content="eA==")  # its fetching hangs: the lane waits
    await home.act("message", user=learner.id, text="/n1")
    for _ in range(6):
        await home.started()
        await until(lambda: home.rows(counts) == [(2,)], home.tail)
        await home.kill()
    home.messenger.world.faults.clear()
    await home.started()
    await until(lambda: learner._told(1), lambda: learner._story("a reply"))
    await until(home.idle, home.tail)
