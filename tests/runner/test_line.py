"""The rules of the queue."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runner.durations import Durations
from runner.line import Line


def test_first_come_first_served() -> None:
    line = Line(Durations(), slots=2)
    numbers = [line.join("", "train") for _ in range(4)]
    assert [line.call(0), line.call(0), line.call(0)] == [numbers[0], numbers[1], None]
    line.leave(numbers[0])
    assert line.call(0) == numbers[2]


def test_nobody_waits_behind_anothers_second_job() -> None:
    line = Line(Durations(), slots=1)
    first, second, third = line.join("ada", ""), line.join("ada", ""), line.join("ada", "")
    bob = line.join("bob", "")
    assert line.call(0) == first
    assert [place for place, _ in map(line.outlooks(0).get, (bob, second, third))] == [1, 2, 3]  # type: ignore[misc]
    line.leave(first)
    assert line.call(0) == bob
    line.leave(bob)
    assert line.call(0) == second
    carl = line.join("carl", "")
    line.leave(second)
    assert line.call(0) == carl


def test_an_owner_has_one_job_running_even_when_slots_are_free() -> None:
    line = Line(Durations(), slots=3)
    first, second, bob = line.join("ada", ""), line.join("ada", ""), line.join("bob", "")
    assert [line.call(0), line.call(0), line.call(0)] == [first, bob, None]
    line.leave(first)
    assert line.call(0) == second


def test_nobody_in_particular_may_have_many_running() -> None:
    line = Line(Durations(), slots=2)
    line.join("", "")
    line.join("", "")
    assert None not in (line.call(0), line.call(0))


def test_the_expected_wait_is_unknown_until_something_was_measured() -> None:
    durations = Durations()
    line = Line(durations, slots=1)
    first, second = line.join("", "train"), line.join("", "train")
    line.call(0)
    assert line.outlooks(0)[second].expected_seconds is None
    durations.measured("train", 10)
    assert line.outlooks(4)[second].expected_seconds == 6
    line.leave(first)
    assert line.outlooks(4)[second] == (1, 0)


def test_the_expected_wait_adds_up_over_slots_and_kinds() -> None:
    durations = Durations()
    line = Line(durations, slots=2)
    for kind, seconds in (("long", 10), ("short", 2)):
        durations.measured(kind, seconds)
    for kind in ("long", "long"):
        line.join("", kind)
        line.call(0)
    waiting = [line.join("", kind) for kind in ("short", "long", "short")]
    assert [line.outlooks(0)[number].expected_seconds for number in waiting] == [10, 10, 12]


def test_the_expected_wait_counts_the_owners_own_earlier_job() -> None:
    durations = Durations()
    line = Line(durations, slots=2)
    durations.measured("k", 10)
    line.join("ada", "k")
    line.call(0)
    second = line.join("ada", "k")
    assert line.outlooks(3)[second].expected_seconds == 7


def test_the_median_forgets_an_odd_one_and_what_is_old() -> None:
    durations = Durations()
    line = Line(durations, slots=1)
    for seconds in (5, 5, 500):
        durations.measured("k", seconds)
    line.join("", "k")
    line.call(0)
    waiting = line.join("", "k")
    assert line.outlooks(0)[waiting].expected_seconds == 5
    for _ in range(20):
        durations.measured("k", 8)
    assert line.outlooks(0)[waiting].expected_seconds == 8


def test_a_job_longer_than_expected_is_always_about_to_end() -> None:
    durations = Durations()
    line = Line(durations, slots=1)
    durations.measured("k", 1)
    line.join("", "k")
    line.call(0)
    waiting = line.join("", "k")
    expected = line.outlooks(100)[waiting].expected_seconds
    assert expected is not None
    assert 0 < expected < 1


def test_slots_that_have_gone_make_the_wait_longer() -> None:
    durations = Durations()
    line = Line(durations, slots=3)
    for kind, seconds in (("short", 2), ("middle", 5), ("long", 9)):
        durations.measured(kind, seconds)
        line.join("", kind)
        line.call(0)
    waiting = line.join("", "short")
    assert line.outlooks(0)[waiting].expected_seconds == 2
    line.slots = 2
    assert line.outlooks(0)[waiting].expected_seconds == 5
    line.slots = 0
    assert line.outlooks(0)[waiting] == (1, None)


OWNERS = st.sampled_from(["ada", "bob", "eve", ""])


@given(st.integers(1, 4), st.lists(st.tuples(st.sampled_from("jcl"), OWNERS, st.integers(0, 50)), max_size=60))
def test_the_rules_hold_whatever_happens(slots: int, acts: list[tuple[str, str, int]]) -> None:
    line = Line(Durations(), slots)
    owners: dict[int, str] = {}
    running: list[int] = []
    for act, owner, which in acts:
        if act == "j":
            owners[line.join(owner, "")] = owner
        elif act == "c" and (number := line.call(0)) is not None:
            running.append(number)
        elif act == "l" and owners:
            number = sorted(owners)[which % len(owners)]
            line.leave(number)
            del owners[number]
            running = [one for one in running if one != number]
        named = [owners[number] for number in running if owners[number]]
        assert len(running) <= slots
        assert len(named) == len(set(named))
        outlooks = line.outlooks(0)
        assert sorted(outlooks) == sorted(set(owners) - set(running))
        assert sorted(one.place for one in outlooks.values()) == list(range(1, len(outlooks) + 1))
        order = sorted(outlooks, key=lambda number: outlooks[number].place)
        for name in set(owners.values()) - {""}:
            mine = [number for number in order if owners[number] == name]
            assert mine == sorted(mine)
    while owners:  # everybody is called at last
        while (number := line.call(0)) is not None:
            running.append(number)
        assert running
        line.leave(running[0])
        del owners[running.pop(0)]
