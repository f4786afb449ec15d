"""Makes the README's pictures in Chromium: `make pictures`.

Starts `tutor try` on a class made by `tutor seed`, chats as Ada on a phone, and opens the dashboard as the instructor.
The pictures are as large as on a sharp screen, and compressed.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from tests.e2e.people import PATIENCE, Learner, Tutor
from tests.support.chromium import PHONE, chromium

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
ADA, NOETHER = 1001, 9001
LAPTOP = {"width": 1180, "height": 1000}
TALL = {"width": PHONE["width"], "height": 1006}
"""A phone high enough for a whole result."""
GAP = 10
"""Pixels of background above the first message of a picture, and below the last card."""
QUALITY = 84
"""Quality of the WebP files. Text stays sharp, and the picture of a phone takes about 60 kB."""


def opened(browser: Browser, address: str, size: dict[str, int], phone: bool) -> Page:
    """A page in light colours, with two pixels of the picture for each of the layout."""
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        device_scale_factor=2,
        color_scheme="light",
        reduced_motion="reduce",
        is_mobile=phone,
        has_touch=phone,
    )
    context.set_default_timeout(1000 * PATIENCE)
    page = context.new_page()
    page.goto(address)
    return page


def keep(page: Page, name: str, height: float) -> None:
    """Write the page's picture of this height into the folder."""
    page.set_viewport_size({"width": page.viewport_size["width"], "height": round(height)})  # type: ignore[index]
    FOLDER.mkdir(exist_ok=True)
    shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shown.save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)
    print(f"{name}.webp: {(FOLDER / f'{name}.webp').stat().st_size / 1000:.0f} kB")


def newest(page: Page) -> Locator:
    return page.locator('[data-testid=message][data-from="bot"]').last


def chat(page: Page) -> None:
    """Ada trains on handwritten digits: a picture while the epochs come in, one of the result."""
    page.get_by_test_id("column").first.wait_for()
    if not page.locator(f'[data-testid=column][data-user-id="{ADA}"]').is_visible():
        page.get_by_test_id("who").tap()
        page.get_by_test_id(f"person-{ADA}").tap()
    page.get_by_test_id("start").tap()
    expect(newest(page)).to_contain_text("Hello, Ada")
    newest(page).get_by_test_id("inline-button").filter(has_text="Begin the lesson").tap()
    expect(newest(page)).to_contain_text("1 of 8")
    page.get_by_test_id("composer").fill("/train digits epochs=20")
    page.get_by_test_id("send").tap()
    expect(newest(page)).to_contain_text(re.compile(r"epoch (8|9|1\d) of 20"))
    keep(page, "training", TALL["height"])
    photo = newest(page).get_by_test_id("photo").locator("img")
    expect(photo).to_have_js_property("complete", True)
    expect(photo).not_to_have_js_property("naturalWidth", 0)
    keep(page, "result", height_from_the_command(page))


def height_from_the_command(page: Page) -> float:
    """How high the screen must be for the last command to stand at the top of the chat."""
    command = page.locator('[data-testid=message][data-from="me"]').last
    end = bottom(page.get_by_test_id("messages")) - bottom(command) + box(command)["height"]
    return TALL["height"] - box(page.get_by_test_id("history"))["height"] + end + GAP


def box(of: Locator) -> FloatRect:
    found = of.bounding_box()
    assert found, "it is not on the page"
    return found


def bottom(of: Locator) -> float:
    return box(of)["y"] + box(of)["height"]


def dashboard(page: Page, instructor: Learner) -> None:
    """The instructor signs in with the link from the chat, and looks at the seeded class."""
    instructor.says("/dashboard")
    link = re.search(r"http://\S+/enter/\S+", instructor.sees("works once").text)
    assert link, "the bot sent no link"
    page.goto(link.group())
    page.get_by_role("button", name="Sign in").click()
    page.locator("main a[href*='/classes/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    keep(page, "dashboard", bottom(page.locator("section", has=page.get_by_role("heading", name="Day by day"))) + GAP)


def main() -> None:
    expect.set_options(timeout=1000 * PATIENCE)
    with tempfile.TemporaryDirectory() as folder:
        seeding = [str(Path(sys.executable).parent / "tutor"), "seed"]
        subprocess.run(seeding, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        tutor = Tutor(Path(folder))
        try:
            with chromium() as browser:
                chat(opened(browser, tutor.address, TALL, phone=True))
                instructor = Learner(tutor, NOETHER, name="Dr. Noether")
                dashboard(opened(browser, tutor.address, LAPTOP, phone=False), instructor)
        finally:
            tutor.close()


if __name__ == "__main__":
    main()
