"""Files that learners send for their own code: kept under a plain name, five of them, listed and deleted."""

from __future__ import annotations

import pytest

from bot.domain.runs import LearnersFile
from bot.features.own_code import files as files
from bot.telegram.incoming import Content, SentFile
from runner import Safety
from tests.support.desk import ADA, GRACE, Desk, Shown


async def sends(desk: Desk, name: str, content: bytes | None = b"1,2\n", size: int = 0, learner: int = ADA) -> Shown:
    size = size or len(content or b"")
    return await desk.says("", learner, file=SentFile("id", name, size, content), content=Content.FILE)


async def photographs(desk: Desk, content: bytes = b"JPEG") -> Shown:
    return await desk.says("", file=SentFile("id", "", len(content), content), content=Content.PHOTO)


async def names(desk: Desk, learner: int = ADA) -> list[str]:
    kept: list[LearnersFile] = await desk.store.read(lambda t: t.files.of(learner))
    return [file.name for file in kept]


async def test_a_file_is_kept_and_lies_beside_own_code(desk: Desk) -> None:
    shown = await sends(desk, "patients.csv", b"1,2\n3,4\n")
    assert "patients.csv (8 bytes)" in shown.text
    assert "pd.read_csv('patients.csv')" in shown.text
    desk.runner.safety = Safety(("told",), (), untrusted=True)
    await desk.says("", code="print(open('patients.csv').read())")
    await desk.says("/stop")
    run = (await desk.store.read(lambda t: t.runs.past(ADA, 0, 1)))[0]
    job = await desk.store.read(lambda t: desk.runs._job(t, run))
    assert job.files["patients.csv"] == b"1,2\n3,4\n"
    assert "digits.npz" in job.files


async def test_the_course_s_own_examples_do_not_see_them(desk: Desk) -> None:
    await sends(desk, "digits.npz", b"mine")
    await desk.says("/train digits")
    run = (await desk.store.read(lambda t: t.runs.past(ADA, 0, 1)))[0]
    assert (await desk.store.read(lambda t: desk.runs._job(t, run))).files["digits.npz"] != b"mine"


async def test_a_file_named_as_a_lesson_s_data_is_kept_and_that_is_said(desk: Desk) -> None:
    assert "A lesson has data of this name" in (await sends(desk, "digits.npz")).text
    assert "A lesson has" not in (await sends(desk, "digits2.npz")).text


async def test_the_same_name_replaces_and_says_so(desk: Desk) -> None:
    assert "in place of" not in (await sends(desk, "a.csv", b"old")).text
    assert "in place of" in (await sends(desk, "a.csv", b"new")).text
    assert await desk.store.read(lambda t: t.files.contents(ADA)) == {"a.csv": b"new"}


async def test_a_sixth_file_takes_no_other_one_s_place(desk: Desk) -> None:
    for n in range(5):
        await sends(desk, f"{n}.csv")
    shown = await sends(desk, "5.csv")
    assert "is not kept" in shown.text
    assert await names(desk) == [f"{n}.csv" for n in range(5)]
    await desk.presses(shown.key("Delete 3.csv"))
    await sends(desk, "5.csv")
    await sends(desk, "4.csv", b"new")
    assert await names(desk) == ["0.csv", "1.csv", "2.csv", "4.csv", "5.csv"]
    assert await names(desk, GRACE) == []


async def test_files_are_listed_and_deleted(desk: Desk) -> None:
    assert "no files yet" in (await desk.says("/files")).text
    await sends(desk, "a.csv", b"x" * 12_345)
    await sends(desk, "b.npy", b"x" * 2_500_000)
    listed = await desk.says("/files")
    assert "a.csv – 12 kB" in listed.text
    assert "b.npy – 2.5 MB" in listed.text
    key = listed.key("Delete a.csv")
    assert "gone already" in (await desk.presses(key, GRACE)).toast
    deleted = await desk.presses(key)
    assert deleted.toast == "a.csv is deleted."
    assert "a.csv" not in deleted.text
    assert "gone already" in (await desk.presses(key)).toast


async def test_a_photo_is_told_that_it_got_a_name_and_not_what_names_are_made_of(desk: Desk) -> None:
    shown = await photographs(desk)
    assert "A photo comes without a name" in shown.text
    assert "plain letters" not in shown.text


async def test_photos_are_kept_side_by_side(desk: Desk) -> None:
    for expected in ("photo.jpg", "photo-2.jpg", "photo-3.jpg"):
        assert expected in (await photographs(desk)).text
    assert await names(desk) == ["photo-2.jpg", "photo-3.jpg", "photo.jpg"]
    for _ in range(2):
        await photographs(desk)
    assert "is not kept" in (await photographs(desk)).text


@pytest.mark.parametrize(
    ("name", "content", "size", "said"),
    [
        ("big.csv", None, 5_000_001, "up to 5.0 MB"),
        ("lost.csv", None, 9, "could not fetch"),
        ("a.xlsx", b"x", 1, ".csv, .tsv"),
        ("a.py.exe", b"x", 1, ".csv, .tsv"),
        ("", b"x", 1, ".csv, .tsv"),
    ],
)
async def test_what_is_not_kept_is_told_why(desk: Desk, name: str, content: bytes, size: int, said: str) -> None:
    assert said in (await sends(desk, name, content, size)).text
    assert await names(desk) == []


@pytest.mark.parametrize(
    ("sent", "plain"),
    [
        ("patients.csv", "patients.csv"),
        ("My data (1).CSV", "My_data_1.csv"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\data\\a.csv", "a.csv"),
        (".hidden.json", "hidden.json"),
        ("-rf.csv", "rf.csv"),
        ("\u202evsc.a.csv", "vsc.a.csv"),
        ("a\u200bb\n.csv", "ab.csv"),
        ("Größe.csv", "Gro_e.csv"),
        ("数据.csv", "file.csv"),
        ("x" * 300 + ".csv", "x" * 60 + ".csv"),
        ("..csv", "file.csv"),
        ("model.keras.csv", "model.keras.csv"),
        ("notes.txt", "notes.txt"),
        ("photo.jpeg", "photo.jpeg"),
    ],
)
def test_names_are_made_plain(sent: str, plain: str) -> None:
    assert files.plain_name(sent) == plain


async def test_a_file_goes_with_its_learner(desk: Desk) -> None:
    await sends(desk, "a.csv")
    await desk.says("import os\nprint(os)")
    await desk.store.transact(lambda t: t.learners._db.execute("delete from learners where id = ?", [ADA]))
    assert await names(desk) == []
    assert await desk.store.read(lambda t: t.snippets.last(ADA)) is None
