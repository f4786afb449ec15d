"""Printed text is cleaned, and kept to its head and tail."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from runner.transcript import KEPT_BYTES, Transcript, clean


def test_colours_and_control_characters_go() -> None:
    assert clean("\x1b[1m3/3\x1b[0m \x1b[32m━━━\x1b[0m\x07\x00 a\tb\n") == "3/3 ━━━ a\tb\n"


def test_text_cannot_be_turned_around_or_hidden() -> None:
    assert clean("\u202eabc\u2066d\u200b\ufeff") == "abcd"


def test_a_title_sequence_goes_whole() -> None:
    assert clean("\x1b]0;evil\x07text\x1b]8;;http://x\x1b\\link") == "textlink"


def test_a_progress_bar_is_kept_as_a_terminal_would_leave_it() -> None:
    transcript = Transcript()
    live = [transcript.feed(part) for part in (b"Epoch 1\n", b"\r1/4 slow", b"\r4/4 done\n", b"end\r\n")]
    assert live == ["Epoch 1\n", "\n1/4 slow", "\n4/4 done\n", "end\n"]
    assert transcript.text() == "Epoch 1\n4/4 done\nend\n"


def test_characters_and_escapes_may_be_cut_anywhere() -> None:
    data = "\x1b[31mé\x1b[0m漢\r\nnext".encode()
    for at in range(len(data)):
        transcript = Transcript()
        text = transcript.feed(data[:at]) + transcript.feed(data[at:]) + transcript.feed(b"", last=True)
        assert text == "é漢\nnext"


def test_an_unfinished_escape_is_not_waited_for_for_ever() -> None:
    transcript = Transcript()
    assert transcript.feed(b"\x1b]0;" + b"x" * 1000) != ""


def test_the_middle_of_a_long_text_is_left_out() -> None:
    transcript = Transcript()
    for number in range(40_000):
        transcript.feed(f"{number}\n".encode())
    text = transcript.text()
    assert text.startswith("0\n1\n")
    assert text.endswith("39999\n")
    assert "characters left out" in text
    assert len(text) < KEPT_BYTES + 100


@given(st.lists(st.binary(max_size=40) | st.sampled_from([b"\x1b", b"\x1b[", b"\x1b]", b"\r", b"\n"]), max_size=30))
def test_whatever_is_printed_only_plain_text_comes_out(parts: list[bytes]) -> None:
    transcript = Transcript()
    live = "".join(transcript.feed(part) for part in parts) + transcript.feed(b"", last=True)
    for text in (live, transcript.text()):
        assert all(letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs") for letter in text)
        text.encode()
    assert transcript.received == sum(map(len, parts))
