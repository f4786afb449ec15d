"""Reads a page strictly: what forms hold, what is said to people who cannot see it, and what may not be there."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "img", "hr"}
Attributes = dict[str, str | None]


@dataclass
class Form:
    attributes: Attributes
    fields: dict[str, list[str]] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return (self.attributes.get("method") or "get").lower()


class Page(HTMLParser):
    """`troubles` are what a page of ours never does."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.troubles: list[str] = []
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, Attributes]] = []
        self.text = ""
        self._labels: list[str] = []
        self._controls: list[tuple[str, Attributes, bool]] = []
        self._stack: list[str] = []
        self.feed(html)
        self.close()
        self._judge()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        self.ids += [given["id"]] if given.get("id") else []
        for name in given:
            if name == "style" or name.startswith("on"):
                self.troubles.append(f"<{tag} {name}>")
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.troubles.append(f"<{tag}> inside the page")
        for name in ("href", "src", "action"):
            target = given.get(name) or ""
            if "//" in target or target.startswith(("javascript:", "data:")):
                self.troubles.append(f"<{tag} {name}={target}>")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag == "form":
            self.forms.append(Form(given))
        if tag in ("input", "textarea", "select") and "form" in self._stack and given.get("name"):
            self.forms[-1].fields.setdefault(given["name"] or "", []).append(given.get("value") or "")
        if tag == "label" and given.get("for"):
            self._labels.append(given["for"] or "")
        if tag in ("input", "textarea", "select") and given.get("type") != "hidden":
            self._controls.append((tag, given, "label" in self._stack))
        if tag not in VOID:
            self._stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._stack.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._stack or self._stack[-1] != tag:
            self.troubles.append(f"</{tag}> while {self._stack[-3:]} are open")
        else:
            self._stack.pop()

    def handle_data(self, data: str) -> None:
        if self._stack and self._stack[-1] == "h1":
            self.headings.append(data.strip())
        self.text += f" {data} "

    @property
    def words(self) -> str:
        return " ".join(self.text.replace("\u202f", " ").split())

    def form(self, action: str) -> Form:
        return next(form for form in self.forms if (form.attributes.get("action") or "").endswith(action))

    def _judge(self) -> None:
        if self._stack:
            self.troubles.append(f"{self._stack} stay open")
        tags = [tag for tag, _ in self.tags]
        for tag in ("h1", "main", "title"):
            count = sum(t == tag and (tag != "title" or i < tags.index("body")) for i, t in enumerate(tags))
            if count != 1:
                self.troubles.append(f"{count} of <{tag}>")
        self.troubles += [f"two of id {id}" for id in sorted({id for id in self.ids if self.ids.count(id) > 1})]
        for tag, given in self.tags:
            names = f"{given.get('aria-labelledby') or ''} {given.get('aria-describedby') or ''}"
            self.troubles += [f"{name} names nothing" for name in names.split() if name not in self.ids]
            told = given.get("role") == "img" and given.get("aria-labelledby")
            if tag == "svg" and not told and given.get("aria-hidden") != "true":
                self.troubles.append(f"a picture without words: {given}")
            if tag == "nav" and not given.get("aria-label"):
                self.troubles.append("a nav without a label")
            if tag == "th" and not given.get("scope"):
                self.troubles.append("a th without a scope")
        if tags.count("table") != tags.count("caption"):
            self.troubles.append("a table without a caption")
        for tag, given, inside in self._controls:
            if not inside and given.get("id") not in self._labels and not given.get("aria-label"):
                self.troubles.append(f"a {tag} without a label: {given}")
