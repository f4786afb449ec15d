"""Every figure that a script shows, saves or leaves open comes, in order, and what cannot come is named."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from runner import Finished, Job, Omitted, Picture, Runner, Unshown
from runner.images import shape

from .jobs import failed, finished, outcome_of

PLOT = "import numpy as np, matplotlib.pyplot as plt\n"


def names(last: Finished) -> list[str]:
    return [picture.name for picture in last.pictures]


def opened(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.data)).convert("RGB")


async def test_show_shows_every_open_figure_and_goes_on(runner: Runner) -> None:
    source = PLOT + (
        "for n in range(3):\n    plt.figure(); plt.plot([n, 1])\n    if n == 1: plt.savefig('second.png')\n"
        "plt.show()\nprint(plt.get_fignums())\nplt.plot([1, 2])"
    )
    last = await finished(runner, source)
    assert names(last) == ["second.png", "figure 1", "figure 2", "figure 3"]
    assert (last.output, last.omitted) == ("[]\n", ())


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("plt.plot([1, 2]); plt.savefig('a.png'); plt.show()", ["a.png"]),
        ("fig = plt.figure(); plt.plot([1, 2]); plt.show(); fig.savefig('a.png')", ["a.png"]),
        ("plt.plot([1, 2]); plt.savefig('a.png'); plt.plot([2, 1]); plt.show()", ["a.png", "figure 1"]),
        ("fig, ax = plt.subplots(); ax.plot([1, 2]); fig.show(); fig.show()", ["figure 1"]),
        ("plt.plot([1, 2]); plt.savefig('a'); plt.close()", ["a.png"]),
        ("plt.plot([1, 2]); plt.close()", []),
        ("plt.figure()", []),
        ("plt.plot([1]); import io; plt.savefig(io.BytesIO())", ["figure 1"]),
        ("for n in range(2):\n    plt.figure(); plt.plot([n, 1]); plt.savefig('a.png')", ["a.png", "figure 1"]),
        ("from matplotlib.pyplot import show, plot\nplot([1, 2]); show(block=False)", ["figure 1"]),
        ("from matplotlib.figure import Figure\nf = Figure(); f.subplots().plot([1, 2]); f.savefig('own.jpg')",
         ["own.jpg"]),
    ],
)  # fmt: skip
async def test_a_figure_comes_once(runner: Runner, source: str, wanted: list[str]) -> None:
    assert sorted(names(await finished(runner, PLOT + source))) == sorted(wanted)


async def test_what_a_phone_can_show_comes_and_the_rest_is_named(runner: Runner) -> None:
    source = PLOT + (
        "import os; os.mkdir('plots')\n"
        "plt.plot([1, 2])\n"
        "for name in ('b.jpg', 'plots/c.png', 'd.svg', 'e.pdf'): plt.savefig(name)\n"
        "from PIL import Image\n"
        "Image.new('RGB', (4500, 3000), 'red').save('large.png')\n"
        "Image.new('RGB', (60, 40), 'red').save('f.webp')\n"
        "open('broken.png', 'wb').write(b'no picture')"
    )
    last = await finished(runner, source)
    assert names(last) == ["b.jpg", "plots/c.png", "large.png", "f.webp"]
    assert [picture.format for picture in last.pictures] == ["jpeg", "png", "png", "png"]
    assert max(opened(last.pictures[2]).size) == 2560
    assert last.omitted == (
        Omitted("d.svg", Unshown.FORMAT),
        Omitted("e.pdf", Unshown.FORMAT),
        Omitted("broken.png", Unshown.BROKEN),
    )


@pytest.mark.parametrize(("height", "width"), [(1, 28), (28, 1), (1, 1), (3, 5000), (28, 28)])
async def test_odd_shapes_become_a_picture_to_look_at(runner: Runner, height: int, width: int) -> None:
    source = PLOT + f"plt.imsave('row.png', np.ones(({height}, {width})), cmap='gray', vmin=0); print('drawn')"
    last = await finished(runner, source)
    picture = last.pictures[0]
    assert (names(last), last.output) == (["row.png"], "drawn\n")
    longer, shorter = max(picture.width, picture.height), min(picture.width, picture.height)
    assert 320 <= longer <= 2560
    assert longer <= 10 * shorter
    assert shape(picture.data) == (picture.format, *opened(picture).size)


async def test_other_ways_to_save_a_picture(runner: Runner) -> None:
    source = (
        "import keras, numpy as np\nfrom PIL import Image\n"
        "keras.utils.array_to_img(np.random.rand(400, 400, 3)).save('array.png')\n"
        "keras.utils.save_img('saved.jpg', np.random.rand(400, 400, 3))\n"
        "frames = [Image.new('P', (400, 400), n) for n in range(3)]\n"
        "frames[0].save('moves.gif', save_all=True, append_images=frames[1:])\n"
        "Image.new('RGBA', (400, 400)).save('clear.PNG')\n"
        "Image.fromarray((np.random.rand(2000, 2000, 3) * 255).astype('uint8')).save('heavy.png')"
    )
    last = await finished(runner, source)
    assert names(last) == ["array.png", "saved.jpg", "moves.gif", "clear.PNG", "heavy.png"]
    assert [picture.format for picture in last.pictures] == ["png", "jpeg", "gif", "png", "png"]
    assert all(len(picture.data) <= 5_000_000 for picture in last.pictures)


async def test_eight_come_and_the_others_are_named(runner: Runner) -> None:
    last = await finished(runner, PLOT + "for n in range(10):\n    plt.plot([n, 1]); plt.show()")
    assert names(last) == [f"figure {n}" for n in range(1, 9)]
    assert last.omitted == (Omitted("figure 9", Unshown.COUNT), Omitted("figure 10", Unshown.COUNT))


async def test_a_picture_that_was_given_is_none_that_was_made(runner: Runner) -> None:
    given = io.BytesIO()
    Image.new("RGB", (400, 400), "blue").save(given, "PNG")
    files = {"mine.png": given.getvalue(), "other.png": given.getvalue()}
    source = "from PIL import Image\nImage.open('mine.png').rotate(90).save('mine.png')"
    assert names(await finished(runner, Job(source, files=files))) == ["mine.png"]


async def test_a_script_that_fails_keeps_its_own_end(runner: Runner) -> None:
    last = await failed(runner, PLOT + "plt.plot([1, 2]); plt.savefig('d.svg'); plt.show(); 1 / 0")
    assert "ZeroDivisionError" in last.detail
    assert last.omitted == (Omitted("d.svg", Unshown.FORMAT),)


async def test_links_and_hidden_folders_are_not_looked_into(runner: Runner) -> None:
    source = PLOT + (
        "import os; os.mkdir('.hidden'); os.makedirs('1/2/3/4/5/6')\n"
        "plt.plot([1, 2])\nplt.savefig('.hidden/a.png'); plt.savefig('1/2/b.png'); plt.savefig('1/2/3/4/5/6/c.png')"
    )
    assert names(await finished(runner, source)) == ["1/2/b.png"]
    without = await outcome_of(runner, PLOT + "plt.savefig('x\\ty' * 40 + '.png')")
    assert [len(picture.name) for picture in without.pictures] == [100]  # type: ignore[union-attr]
