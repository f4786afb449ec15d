"""What Telegram finds by itself in plain text: mentions, commands, hashtags, cashtags, web and mail addresses.

Phone numbers it finds too; nobody outside knows how, so here they stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .answers import Json

WORDS = {
    "mention": re.compile(r"(?<!\w)@(?:[A-Za-z0-9_]{4,32}|gif|vid|pic)(?!\w)"),
    "bot_command": re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"),
    "hashtag": re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])\w{1,256}(?![\w#])"),
    "cashtag": re.compile(r"(?<![\w$])\$(?:1INCH|[A-Z]{1,8})(?![\w$])"),
}
OWN_ADDRESS = re.compile(r"(?:tg|ton)://[\w-]{1,253}(?:[/?#][^\s<>\"«»]*)?", re.ASCII | re.IGNORECASE)
# Anything with a dot in it may be an address; `_shortened` and `_is_host` look closer.
ADDRESS = re.compile(
    r"(?<![\w./#@~-])(?P<scheme>(?:https?|ftp)://)?(?P<login>[^\s/\[\]{}()'`<>\"@«»]{1,100}@)?"
    r"(?P<host>[\w~.-]*\w\.[\w~.-]*[\w~-])(?::(?P<port>[0-9]{1,5})(?![0-9]))?(?P<path>[/?#][^\s<>\"«»]*)?",
    re.IGNORECASE,
)
MAIL = re.compile(
    r"(?:[a-z0-9_-]{0,26}[.+]){0,10}[a-z0-9_-]{1,35}@(?:[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?\.){1,6}[a-z]{2,8}",
    re.ASCII | re.IGNORECASE,
)
NO_END = ".:;,('?!`"  # what a path does not end with
IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}", re.ASCII)

# The ends of a host that make an address of it without a scheme: countries, and the usual others. The real list is
# longer. Names that code has behind a dot are in it: model.fit and train.py become links in Telegram.
COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz ca cc cd cf
cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg
gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp
kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne
nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk
sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn
vu wf ws ye yt za zm zw рф срб укр
"""
OTHERS = """
academy aero agency app art asia auto bar best bet bike bio biz blog blue bot box build business buy cafe call camp
case cat center chat city click cloud club codes coffee com community computer cool coop courses data date day deals
design dev digital direct docs dog domains dot download drive earth edu education email energy engineer events expert
express fail family fan farm fast film final finance fire fit fitness food football forum foundation free fun fund
game games garden gift gives glass global gold google gov green group guide guru health help here hospital host house
how ibm info ink institute int jobs land law life like limited link live loan love ltd management map market media
meet men menu mil mini mobi mobile money mov movie museum music name net network new news next ngo now one online
open orange org page parts party pay phone photo photos pics pin place play plus porn post press prime pro prod
property pub quest radio read red rent repair report rest review rocks room run safe sale save school science search
secure security select services shell shop show site ski skin social software solar solutions song space spot star
storage store stream studio study style support systems tab target team tech technology tel tips today tools top total
town trade training travel trust tube uno video vision vote watch web website wiki win wine work works world wow xxx
xyz you zero zip zone
"""
ENDS = frozenset(COUNTRIES.split()) | frozenset(OTHERS.split())


def find(text: str) -> list[Json]:
    """What is found in a text (of code units), by place; of two that touch, the first."""
    found = sorted([*_words(text), *_addresses(text)], key=lambda entity: (entity["offset"], -entity["length"]))
    apart: list[Json] = []
    for entity in found:
        if not apart or entity["offset"] >= apart[-1]["offset"] + apart[-1]["length"]:
            apart.append(entity)
    return apart


def _words(text: str) -> Iterator[Json]:
    for kind, pattern in WORDS.items():
        for match in pattern.finditer(text):
            yield _entity(kind, match.start(), match[0])


def _addresses(text: str) -> Iterator[Json]:
    for match in OWN_ADDRESS.finditer(text):
        yield _entity("url", match.start(), match[0].rstrip(NO_END))
    for match in ADDRESS.finditer(text):
        whole = match[0].removeprefix("mailto:")
        if MAIL.fullmatch(whole):
            yield _entity("email", match.end() - len(whole), whole)
        elif _is_host(match["host"], named=match["scheme"] is None) and int(match["port"] or 1) in range(1, 65536):
            yield _entity("url", match.start(), _shortened(match[0], match["path"] or ""))


def _entity(kind: str, offset: int, covered: str) -> Json:
    return {"type": kind, "offset": offset, "length": len(covered)}


def _is_host(host: str, *, named: bool) -> bool:
    """Whether this is a host; `named` when only its name says so, because no scheme stands before it."""
    if IPV4.fullmatch(host):
        return True
    *parts, end = host.split(".")
    if not all(part and len(part) < 64 and not part.endswith("-") for part in (*parts, end)):
        return False
    if len(end) < 2 or "_" in end or "-" in end.removeprefix("xn--") or "_" in parts[-1] or end.isdecimal():
        return False
    return not named or end.startswith("xn--") or (end.lower() in ENDS and (end == end.lower() or end[0].isupper()))


def _shortened(address: str, path: str) -> str:
    """An address without what belongs to the sentence around it: a bracket never opened, a mark at the end."""
    kept, open_brackets = len(path), dict.fromkeys("([{", 0)
    opening = {")": "(", "]": "[", "}": "{"}
    for at, letter in enumerate(path):
        if letter in open_brackets:
            open_brackets[letter] += 1
        elif letter in opening:
            open_brackets[opening[letter]] -= 1
            if open_brackets[opening[letter]] < 0:
                kept = at
                break
    ended = path[:kept].rstrip(NO_END)
    return address[: len(address) - len(path)] + ended
