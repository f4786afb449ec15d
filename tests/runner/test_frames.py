"""Frames are checked before anything in them is believed."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from runner import Classification, EpochEnded, Evaluated, Hint, HintCode, Origin, Reason, Started
from runner.frames import BadFrame, Crashed, Done, FrameReader, TooManyFrames, parsed
from runner.inside.wire import (
    CHANNEL_BYTES,
    FRAME,
    FRAME_BYTES,
    BadSpec,
    Channel,
    Drawing,
    Kind,
    Spec,
    pack_spec,
    unpack_spec,
)

EPOCH = {"epoch": 1, "epochs": 2, "metrics": {"loss": 0.5}, "seconds": 1.5, "diverged": []}
JUDGED = {"accuracy": 1, "precision": 0.5, "recall": 0, "f1": 0.25, "confusion": [[1, 0], [2, 3]]}
EVALUATED = {"metrics": {}, "diverged": ["loss"], "examples": 6, "trained": True, "classification": JUDGED}
FAILED = {"reason": "error", "detail": "no", "line": 3, "seconds": 1}
HINT = {"code": "missing-file", "name": "a.csv", "part": "", "nearest": "A.csv", "there": ["A.csv", "b"], "more": 2}


def frame(kind: int, payload: object) -> bytes:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return FRAME.pack(len(body), kind) + body


@pytest.mark.parametrize(
    ("kind", "payload", "told"),
    [
        (Kind.STARTED, {"warm": True}, Started(True)),
        (Kind.EPOCH, EPOCH, EpochEnded(1, 2, {"loss": 0.5}, 1.5)),
        (
            Kind.EVALUATED,
            EVALUATED,
            Evaluated({}, 6, True, Classification(1, 0.5, 0, 0.25, ((1, 0), (2, 3))), ("loss",)),
        ),
        (
            Kind.EPOCH,
            {**EPOCH, "fit": 4, "model": 3, "classifier": True},
            EpochEnded(1, 2, {"loss": 0.5}, 1.5, (), 4, 3, True),
        ),
        (
            Kind.EVALUATED,
            {**EVALUATED, "classification": None, "examples": None, "fit": 4, "model": 3, "data": "unseen"},
            Evaluated({}, None, True, None, ("loss",), 4, 3, Origin.UNSEEN),
        ),
        (Kind.DONE, {"seconds": 2}, Done(2.0)),
        (Kind.FAILED, FAILED, Crashed(Reason.ERROR, "no", 3, 1.0)),
        (Kind.FAILED, {**FAILED, "hint": None}, Crashed(Reason.ERROR, "no", 3, 1.0)),
        (
            Kind.FAILED,
            {**FAILED, "hint": HINT},
            Crashed(
                Reason.ERROR, "no", 3, 1.0, Hint(HintCode.MISSING_FILE, "a.csv", "", "A.csv", ("A.csv", "b"), more=2)
            ),
        ),
    ],
)
def test_what_a_cell_sends_is_what_the_host_reads(kind: Kind, payload: dict[str, Any], told: object) -> None:
    sent: list[bytes] = []
    Channel(sent.append).send(kind, payload)
    assert list(FrameReader().feed(b"".join(sent))) == [told]


def test_frames_may_come_in_any_pieces() -> None:
    data = frame(Kind.STARTED, {"warm": False}) + frame(Kind.EPOCH, EPOCH)
    reader = FrameReader()
    told = [one for at in range(len(data)) for one in reader.feed(data[at : at + 1])]
    assert [type(one) for one in told] == [Started, EpochEnded]


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (0, {}),
        (99, {}),
        (Kind.EPOCH, b"{"),
        (Kind.EPOCH, b"\xff\xfe"),
        (Kind.EPOCH, b"[" * 60_000),
        (Kind.EPOCH, [EPOCH]),
        (Kind.EPOCH, {**EPOCH, "epoch": 3}),
        (Kind.EPOCH, {**EPOCH, "epoch": 0}),
        (Kind.EPOCH, {**EPOCH, "epoch": 1.0}),
        (Kind.EPOCH, {**EPOCH, "epoch": True}),
        (Kind.EPOCH, {**EPOCH, "epochs": 2**60}),
        (Kind.EPOCH, {**EPOCH, "metrics": {"loss": float("nan")}}),
        (Kind.EPOCH, {**EPOCH, "metrics": {"loss": float("-inf")}}),
        (Kind.EPOCH, b'{"epoch":1,"epochs":2,"metrics":{"loss":1e999},"seconds":1,"diverged":[]}'),
        (Kind.EPOCH, b'{"epoch":1,"epochs":2,"metrics":{},"seconds":-1e999,"diverged":[]}'),
        (Kind.EPOCH, b'{"epoch":1' + b"0" * 5000 + b',"epochs":2,"metrics":{},"seconds":1,"diverged":[]}'),
        (Kind.EPOCH, b'{"epoch":1,"epochs":2,"metrics":{"loss":1' + b"0" * 400 + b'},"seconds":1,"diverged":[]}'),
        (Kind.EPOCH, {**EPOCH, "metrics": {"loss": "1"}}),
        (Kind.EPOCH, {**EPOCH, "metrics": {"a\nb": 1}}),
        (Kind.EPOCH, {**EPOCH, "metrics": {"\u202e": 1}}),
        (Kind.EPOCH, {**EPOCH, "metrics": {"n" * 101: 1}}),
        (Kind.EPOCH, {**EPOCH, "metrics": {str(n): n for n in range(65)}}),
        (Kind.EPOCH, {**EPOCH, "diverged": "loss"}),
        (Kind.EPOCH, {name: EPOCH[name] for name in ("epoch", "epochs")}),
        (Kind.EVALUATED, {**EVALUATED, "examples": -1}),
        (Kind.EVALUATED, {**EVALUATED, "trained": 1}),
        (Kind.EPOCH, {**EPOCH, "fit": 0}),
        (Kind.EPOCH, {**EPOCH, "model": 1.5}),
        (Kind.EPOCH, {**EPOCH, "classifier": 1}),
        (Kind.EVALUATED, {**EVALUATED, "model": None}),
        (Kind.EVALUATED, {**EVALUATED, "fit": True}),
        (Kind.EVALUATED, {**EVALUATED, "data": "new"}),
        (Kind.EVALUATED, {**EVALUATED, "data": ["unseen"]}),
        (Kind.EVALUATED, {**EVALUATED, "classification": {**JUDGED, "accuracy": 1.1}}),
        (Kind.EVALUATED, {**EVALUATED, "classification": {**JUDGED, "confusion": [[1, 0]]}}),
        (Kind.EVALUATED, {**EVALUATED, "classification": {**JUDGED, "confusion": [[0.5]]}}),
        (Kind.EVALUATED, {**EVALUATED, "classification": {**JUDGED, "confusion": [7]}}),
        (Kind.EVALUATED, {**EVALUATED, "classification": {**JUDGED, "confusion": [[0] * 101] * 101}}),
        (Kind.FAILED, {**FAILED, "reason": "cancelled"}),
        (Kind.FAILED, {**FAILED, "reason": "nonsense"}),
        (Kind.FAILED, {**FAILED, "detail": None}),
        (Kind.FAILED, {**FAILED, "line": -1}),
        (Kind.FAILED, {**FAILED, "hint": "missing-file"}),
        (Kind.FAILED, {**FAILED, "hint": {}}),
        (Kind.FAILED, {**FAILED, "hint": {**HINT, "code": "unheard-of"}}),
        (Kind.FAILED, {**FAILED, "hint": {**HINT, "code": ["refused"]}}),
        (Kind.FAILED, {**FAILED, "hint": {**HINT, "name": 7}}),
        (Kind.FAILED, {**FAILED, "hint": {**HINT, "there": "A.csv"}}),
        (Kind.FAILED, {**FAILED, "hint": {**HINT, "there": [7]}}),
        (Kind.FAILED, {**FAILED, "hint": {**HINT, "there": ["a"] * 21}}),
        (Kind.FAILED, {**FAILED, "hint": {**HINT, "more": -1}}),
        (Kind.DONE, {"seconds": None}),
    ],
)
def test_anything_else_is_refused(kind: int, payload: object) -> None:
    with pytest.raises(BadFrame):
        list(FrameReader().feed(frame(kind, payload)))


def test_a_frame_that_claims_to_be_huge_is_refused_before_it_comes() -> None:
    with pytest.raises(BadFrame):
        list(FrameReader().feed(FRAME.pack(FRAME_BYTES + 1, Kind.EPOCH)))


def test_a_flood_ends() -> None:
    reader, one = FrameReader(), frame(Kind.EPOCH, EPOCH)
    most = CHANNEL_BYTES // len(one)
    assert sum(len(list(reader.feed(one))) for _ in range(most)) == most
    with pytest.raises(TooManyFrames):
        list(reader.feed(one))


def test_a_learner_reads_no_terminal_codes_in_a_detail() -> None:
    told = parsed(Kind.FAILED, json.dumps({**FAILED, "detail": "\x1b[31mred\u202e\ud800"}).encode())
    assert isinstance(told, Crashed)
    assert told.detail == "red"


def test_the_values_of_a_hint_are_short_and_stand_on_one_line() -> None:
    odd = {**HINT, "name": "x" * 1000, "nearest": "a\n\x1b[31mb\u202e.csv"}
    told = parsed(Kind.FAILED, json.dumps({**FAILED, "hint": odd}).encode())
    assert isinstance(told, Crashed)
    assert told.hint
    assert (told.hint.name, told.hint.nearest) == ("x" * 200, "a b.csv")


def test_a_cell_cannot_send_what_is_not_finite() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        Channel(lambda data: None).send(Kind.DONE, {"seconds": math.inf})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from([EPOCH, EVALUATED, FAILED, {**FAILED, "hint": HINT}, {"warm": True}, {"seconds": 1.0}])


@st.composite
def nearly_right(draw: st.DrawFn) -> bytes:
    """A frame of ours with some fields replaced by anything."""
    fields: dict[str, Any] = dict(draw(FIELDS))
    for name in draw(st.lists(st.sampled_from(sorted(fields)), max_size=2)):
        fields[name] = draw(JSON)
    return frame(draw(st.integers(0, 6)), fields)


@settings(max_examples=300)
@given(st.lists(nearly_right() | st.binary(max_size=60), max_size=5), st.integers(1, 50))
@example([b"\x00\x00\x00\x00\x01"], 1)
def test_no_bytes_do_anything_but_be_read_or_refused(parts: list[bytes], piece: int) -> None:
    check_frames(b"".join(parts), piece)


def check_frames(data: bytes, piece: int) -> None:
    """What must hold for any bytes; the long fuzzing run calls it, too."""
    reader = FrameReader()
    try:
        for at in range(0, len(data), piece):
            for told in reader.feed(data[at : at + piece]):
                if isinstance(told, EpochEnded | Evaluated):
                    assert all(math.isfinite(value) for value in told.metrics.values())
                if isinstance(told, Crashed):
                    assert told.reason in (Reason.ERROR, Reason.MEMORY, Reason.OUTPUT)
    except (BadFrame, TooManyFrames):
        pass


SPEC = Spec("print(1)\n# \u00e9", "train.py", 3, ("a.txt",), {"x": b"\x00" * 10, "y": b""}, 7)


def test_a_spec_survives_the_way() -> None:
    assert unpack_spec(pack_spec(SPEC)) == SPEC
    drawing = Drawing([1, 3], {"loss": [0.5, 0.25]}, {"accuracy": 0.5, "confusion": [[1]]}, None)
    for spec in (replace(SPEC, judges_own_model=True, shows_last_value=True), Spec(drawing=drawing)):
        assert unpack_spec(pack_spec(spec)) == spec


@given(st.data())
def test_a_spec_that_was_cut_or_changed_is_refused_or_read(data: st.DataObject) -> None:
    whole = pack_spec(SPEC)
    at = data.draw(st.integers(0, len(whole) - 1))
    check_spec(whole[:at] + data.draw(st.binary(max_size=5)) + whole[at + data.draw(st.integers(0, 5)) :])


@given(st.binary(max_size=200))
def test_no_bytes_but_a_spec_are_a_spec(data: bytes) -> None:
    check_spec(data)


def check_spec(data: bytes) -> None:
    """What must hold for any bytes; the long fuzzing run calls it, too."""
    try:
        spec = unpack_spec(data)
    except BadSpec:
        return
    assert sum(map(len, spec.files.values())) <= len(data)
