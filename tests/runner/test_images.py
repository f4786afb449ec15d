"""A picture is looked at from outside."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from runner.images import JPEG_END, JPEG_SIGNATURE, PNG_END, PNG_SIGNATURE, Format, shape


def encoded(format_: str, size: tuple[int, int] = (150, 100), **options: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "red").save(target, format_, **options)
    return target.getvalue()


@pytest.mark.parametrize("size", [(150, 100), (1, 28), (4096, 1)])
@pytest.mark.parametrize(
    ("format_", "options"),
    [("PNG", {}), ("JPEG", {}), ("JPEG", {"progressive": True, "comment": b"x" * 70}), ("GIF", {})],
)
def test_a_real_picture_has_its_format_and_size(
    format_: str, options: dict[str, object], size: tuple[int, int]
) -> None:
    assert shape(encoded(format_, size, **options)) == (Format(format_.lower()), *size)


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "GIF"])
def test_what_is_cut_or_has_something_in_front_is_none(format_: str) -> None:
    data = encoded(format_)
    for one in (b"", data[:-1], data[: len(data) // 2], b"x" + data, data[:8] + data[-12:]):
        assert shape(one) is None


def test_a_size_that_no_phone_shows_is_none() -> None:
    huge = bytearray(encoded("PNG"))
    huge[16:20] = (50_000).to_bytes(4, "big")
    assert shape(bytes(huge)) is None
    assert shape(encoded("JPEG", (5000, 2))) is None
    assert shape(encoded("JPEG", (0xFFDC, 1))) is None


@given(st.binary(max_size=100))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    for one in (data, PNG_SIGNATURE + data + PNG_END, JPEG_SIGNATURE + data + JPEG_END, b"GIF89a" + data + b";"):
        found = shape(one)
        assert found is None or min(found.width, found.height) > 0
