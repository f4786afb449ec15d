"""A new feature is one folder and one line in `routes`: its command, press, prompt, text, link and job all work."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.routes import FEATURES
from bot.store import Store
from bot.telegram.actions import Action
from bot.telegram.richtext import Text
from bot.telegram.screen import Button, Screen
from bot.turns.feature import ClassCommand, Command, Feature, ForInstructors
from bot.turns.jobs import Occasion, TimerJob
from bot.turns.prompts import Prompt
from bot.turns.routes import Routes
from bot.turns.texts import Rank
from bot.turns.turn import Turn
from lessons.model import Course
from tests.support.desk import ADA, GRACE, IRIS, Desk


@dataclass(frozen=True)
class Pat(Action, letters="toy"):
    """Pat the toy."""

    times: int


@dataclass(frozen=True)
class AskName(Prompt, kind="toy"):
    """The next message names the toy."""


def toy(turn: Turn) -> None:
    turn.ask(AskName())
    turn.show(Screen(Text("A toy! What is its name?"), ((Button("Pat it", Pat(2)),),)), "toy")


def pat(turn: Turn, pressed: Pat) -> None:
    turn.toast(f"Patted {pressed.times} times.")
    turn.soon("toy_sleeps", {"chat": turn.chat})


def name(turn: Turn) -> None:
    turn.say(Screen(Text(f"Hello, {turn.incoming.text}!")))


def squeaks(turn: Turn) -> bool:
    heard = turn.incoming.text == "squeak"
    if heard:
        turn.say(Screen(Text("Squeak!")))
    return heard


def link(turn: Turn, rest: str) -> None:
    turn.open(Pat(int(rest)))


def sleep(due: Occasion) -> None:
    due.tables.outbox.add(Screen(Text("The toy sleeps.")).outgoing(due.payload["chat"]), due.now)


TOY = Feature(
    commands=(Command("toy", toy, "A toy"),),
    presses={Pat: pat},
    prompts={AskName: name},
    texts={Rank.ANSWER: squeaks},
    links={"toy-": link},
    jobs=(TimerJob("toy_sleeps", sleep),),
)


@pytest.fixture
def desk(store: Store, course: Course) -> Desk:
    return Desk(store, course, routes=Routes((*FEATURES, TOY)))


async def test_a_toy_is_talked_to(desk: Desk) -> None:
    shown = await desk.says("/toy")
    assert shown.text == "A toy! What is its name?"
    assert (await desk.says("Teddy")).text == "Hello, Teddy!"
    assert (await desk.presses(shown.key("Pat"))).toast == "Patted 2 times."
    assert [message.text for message in (await desk.ticks())[ADA]] == ["The toy sleeps."]
    assert (await desk.says("squeak")).text == "Squeak!"
    assert (await desk.says("/start toy-3")).toast == "Patted 3 times."
    assert "/toy – A toy" in (await desk.says("/help", GRACE)).text


async def test_a_toy_for_instructors_is_for_instructors(store: Store, course: Course) -> None:
    part = ForInstructors(commands=TOY.commands, presses={Pat: pat}, prompts={AskName: name})
    desk = Desk(store, course, routes=Routes((*FEATURES, Feature(instructors=part))))
    assert "for instructors" in (await desk.says("/toy")).text
    assert (await desk.presses(Pat(1))).toast == "This is for instructors."
    assert "/toy" not in (await desk.says("/help")).text
    assert (await desk.says("/toy", IRIS)).text.startswith("A toy!")
    assert (await desk.says("Teddy", IRIS)).text == "Hello, Teddy!"
    assert "/toy – A toy" in (await desk.says("/help", IRIS)).text


@pytest.mark.parametrize(
    ("second", "what"),
    [
        (Feature(commands=(Command("quiz", toy, ""),)), "the command 'quiz'"),
        (Feature(instructors=ForInstructors(commands=(Command("train", toy, ""),))), "the command 'train'"),
        (Feature(links={"toy-": link}), "the link 'toy-'"),
        (Feature(prompts={AskName: name}), "the prompt .*AskName"),
        (Feature(presses={Pat: pat}), "the button .*Pat"),
        (Feature(jobs=(TimerJob("remind", sleep),)), "the job 'remind'"),
    ],
)
def test_two_features_cannot_have_the_same(second: Feature, what: str) -> None:
    with pytest.raises(ValueError, match=f"two features have {what}"):
        Routes((*FEATURES, TOY, second))


def test_two_buttons_cannot_have_the_same_letters() -> None:
    @dataclass(frozen=True)
    class Poke(Action, letters="toy"):
        """Poke the toy."""

    with pytest.raises(ValueError, match="two features have the button 'toy'"):
        Routes((*FEATURES, TOY, Feature(presses={Poke: pat})))


async def test_what_an_older_version_asked_is_forgotten(desk: Desk) -> None:
    await desk.says("/start")
    for kind, payload in (("gone", {}), ("toy", {"colour": "red"})):
        await desk.store.transact(lambda t, kind=kind, payload=payload: t.prompts.set(ADA, kind, payload, desk.now))
        assert "Hello" not in (await desk.says("Teddy")).text


def test_a_command_about_a_class_needs_a_button_with_a_class() -> None:
    command = ClassCommand("toys", lambda turn, cohort, text: None, "Toys of a class", Pat)
    with pytest.raises(ValueError, match="the button Pat of /toys has no class"):
        Routes((*FEATURES, Feature(instructors=ForInstructors(commands=(command,)))))
