"""A million random inputs to the readers of the border: `python -m tests.bench.fuzz_runner [COUNT]`.

The checks of tests/runner/test_frames.py, with more inputs: mutations of real frames and specs, and plain noise.
"""

from __future__ import annotations

import random
import resource
import sys
import time

from runner.inside.wire import pack_spec
from tests.runner.test_frames import EPOCH, EVALUATED, FAILED, SPEC, check_frames, check_spec, frame

FRAMES = b"".join(
    (frame(1, {"warm": True}), frame(2, EPOCH), frame(3, EVALUATED), frame(5, FAILED), frame(4, {"seconds": 1}))
)
SPECS = pack_spec(SPEC)
ROOM = 64_000_000
"""More memory than this, in all, would be a leak."""


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A copy with a few bytes changed, cut out or put in."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed) + 1)
        kind = chance.randrange(4)
        if kind == 0:
            changed[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            del changed[at : at + chance.randrange(1, 20)]
        elif kind == 2:
            changed[at:at] = chance.randbytes(chance.randrange(1, 20))
        else:
            changed[at:at] = chance.choice((b"1e999", b"NaN", b"[" * 300, b"-1", b"null", b"\\ud800", b"9" * 400))
    return bytes(changed)


def main(count: int = 1_000_000, seed: int = 0) -> None:
    chance = random.Random(seed)
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(count):
        if number % 3 == 0:
            check_spec(mutated(SPECS, chance))
        elif number % 3 == 1:
            check_frames(mutated(FRAMES, chance), chance.randrange(1, 400))
        else:
            check_frames(chance.randbytes(chance.randrange(1, 200)), 64)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < ROOM, f"memory grew by {grown:,} bytes"
    print(f"{count:,} inputs in {time.monotonic() - began:.0f} s, no failure, memory grew by {grown / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
