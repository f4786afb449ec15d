"""A learner with the chat page on a phone: fingers and eyes, and nothing else."""

from __future__ import annotations

import itertools
from pathlib import Path

from playwright.sync_api import Locator, Page, expect


class Phone:
    """One learner's chat on the page. `album` is the folder of the pictures that are taken of each step."""

    def __init__(self, page: Page, album: Path) -> None:
        self.page, self.album = page, album
        self._numbers = itertools.count(1)

    def opens_the_chat_of(self, learner: int) -> None:
        self.page.get_by_test_id("column").first.wait_for()
        self.page.get_by_test_id("who").tap()
        self.page.get_by_test_id(f"person-{learner}").tap()
        expect(self.page.locator(f'[data-testid=column][data-user-id="{learner}"]')).to_be_visible()
        self._looks("the chat")

    def starts(self) -> None:
        self.page.get_by_test_id("start").tap()

    def pastes(self, text: str) -> None:
        self.page.get_by_test_id("composer").fill(text)
        self.page.get_by_test_id("send").tap()

    def taps(self, label: str) -> None:
        """The newest button of this label."""
        self.page.get_by_test_id("inline-button").filter(has_text=label).last.tap()

    def attaches(self, name: str, content: bytes) -> None:
        """A file, from the menu behind the paper clip."""
        self.page.get_by_test_id("attach").tap()
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_test_id("attach-file").tap()
        chooser.value.set_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})

    def edits(self, wrong: str, right: str) -> None:
        """The newest own message: its words `wrong` become `right`."""
        mine = self.page.locator('[data-testid=message][data-from="me"]').last
        mine.get_by_test_id("message-text").tap()
        self.page.get_by_test_id("message-edit").tap()
        field = self.page.get_by_test_id("composer")
        before = field.input_value()
        assert before.count(wrong) == 1, before
        self._looks("an edit")
        field.fill(before.replace(wrong, right))
        self.page.get_by_test_id("send").tap()
        expect(mine.get_by_test_id("edited")).to_be_visible()

    def sees(self, *texts: str) -> Locator:
        """Waits until the bot's newest message says all of it, whole on the screen or scrolled to its end."""
        newest = self.page.locator('[data-testid=message][data-from="bot"]').last
        for text in texts:
            expect(newest).to_contain_text(text)
        expect(newest.locator(".meta")).to_be_in_viewport(ratio=1)
        self._fits()
        self._looks(texts[0])
        return newest

    def has_read(self, *texts: str) -> None:
        """One earlier message of the bot, and no second one, says all of it."""
        found = self.page.locator('[data-testid=message][data-from="bot"]')
        for text in texts:
            found = found.filter(has_text=text)
        expect(found).to_have_count(1)

    def sees_a_picture(self, *texts: str) -> None:
        """Waits for a picture under which the bot says this, until the browser has painted it."""
        picture = self.sees(*texts).get_by_test_id("photo").locator("img")
        expect(picture).to_be_in_viewport()
        expect(picture).to_have_js_property("complete", True)
        expect(picture).not_to_have_js_property("naturalWidth", 0)
        self._looks("the picture")

    def _fits(self) -> None:
        """Nothing runs out of the screen sideways."""
        history = self.page.get_by_test_id("history")
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert history.evaluate("node => node.scrollWidth <= node.clientWidth")

    def _looks(self, what: str) -> None:
        """Takes a picture of the screen, for people to look at."""
        name = "".join(letter if letter.isalnum() else "-" for letter in what.lower())[:40]
        self.page.screenshot(path=self.album / f"{next(self._numbers):02} {name}.png")
