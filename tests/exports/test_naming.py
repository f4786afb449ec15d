from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.classes import Cohort
from bot.exports.naming import Alias, Naming
from tests.exports.conftest import ADA


def test_without_pseudonyms_a_member_is_who_they_are(cohort: Cohort) -> None:
    assert Naming(cohort, False).of(ADA) == Alias(ADA.id, "Ada Lovelace", "countess")
    assert Naming(cohort, False).of(replace(ADA, username=None)).username == ""


def test_a_pseudonym_holds_nothing_of_the_person(cohort: Cohort) -> None:
    who = Naming(cohort, True).of(ADA)
    assert re.fullmatch("learner-[0-9a-f]{8}", who.name)
    assert who == Alias(who.name, who.name, "")


def test_a_pseudonym_stays_when_the_learner_and_the_class_are_renamed(cohort: Cohort) -> None:
    before = Naming(cohort, True).of(ADA)
    renamed = replace(ADA, name="Countess", username=None)
    assert Naming(replace(cohort, name="Winter", code="NEW"), True).of(renamed) == before


def test_learners_have_different_pseudonyms_and_other_ones_in_another_class(cohort: Cohort) -> None:
    here, there = Naming(cohort, True), Naming(replace(cohort, id=2, salt="another"), True)
    people = [replace(ADA, id=n) for n in range(1, 301)]
    assert len({here.of(p).name for p in people} | {there.of(p).name for p in people}) == 600


def test_under_a_pseudonym_people_s_words_lose_their_own_name(cohort: Cohort) -> None:
    written = f"I am ADA lovelace (@countess, {ADA.id}), Lovelace to you, and it is Adam"
    told = Naming(cohort, True).words(ADA, written)
    assert not re.search(rf"\bada\b|lovelace|countess|{ADA.id}", told, re.IGNORECASE)
    assert told.startswith("I am")
    assert told.endswith("and it is Adam")
    assert Naming(cohort, False).words(ADA, written) == written


def test_a_name_is_taken_out_in_either_form_of_its_accents(cohort: Cohort) -> None:
    zoe = replace(ADA, name="Zo\u00eb Strau\u00df", username=None)
    told = Naming(cohort, True).words(zoe, "Zoe\u0308 and ZO\u00cb and strau\u00df, not Zoes or zoologist")
    assert told == "… and … and …, not Zoes or zoologist"


def test_only_whole_words_are_taken_out(cohort: Cohort) -> None:
    naming, max_, wang = Naming(cohort, True), replace(ADA, name="Max", username=None), replace(ADA, name="王小明")
    assert naming.words(max_, "softmax, max_pooling and Max's maxima") == "softmax, max_pooling and …'s maxima"
    assert naming.words(wang, "我是王小明。") == "我是…。", "Chinese has no spaces between words"
