"""A PNG is looked at from outside."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from runner.png import END, SIGNATURE, size


@pytest.fixture(scope="module")
def picture() -> bytes:
    target = io.BytesIO()
    Figure(figsize=(3, 2), dpi=50).savefig(target, format="png")
    return target.getvalue()


def test_a_real_png_has_its_size(picture: bytes) -> None:
    assert size(picture) == (150, 100)


def test_what_is_cut_or_changed_is_none(picture: bytes) -> None:
    huge = bytearray(picture)
    huge[16:20] = (50_000).to_bytes(4, "big")
    for data in (b"", SIGNATURE, SIGNATURE + END, picture[:-1], b"x" + picture, bytes(huge), b"GIF89a" + picture):
        assert size(data) is None


@given(st.binary(max_size=100))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    for one in (data, SIGNATURE + data + END):
        found = size(one)
        assert found is None or min(found) > 0
