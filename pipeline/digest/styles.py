"""The looks of the page and the mail: what stands in each tag, as mail programs need it, and the dark and narrow ones.

The colours and the type are those of the reading page.
"""

from __future__ import annotations

SERIF = "Charter,Georgia,'DejaVu Serif',serif"  # short: they stand in every tag, and Gmail cuts a mail at 102 KB
SANS = "system-ui,'Segoe UI',Roboto,Arial,sans-serif"
_LABEL = "display:inline-block;margin:0 5px 0 0;padding:0 8px;border-radius:10px"
_BOX = f"font:13px/1.5 {SANS};color:#1d1b18"
_WRAP = "overflow-wrap:anywhere;word-break:break-word"

# The style of each class, written into every tag: many mail programs read nothing else.
INLINE = {
    "page": f"margin:0;padding:0;background:#fbf9f5;color:#1d1b18;font-family:{SERIF}",
    "outer": "width:100%;background:#fbf9f5;border-collapse:collapse",
    "edge": "padding:0 16px 40px",
    "inner": "width:100%;max-width:680px;border-collapse:collapse",
    "masthead": f"padding:36px 0 14px;border-bottom:2px solid #1d1b18;{_WRAP}",
    "title": f"margin:0;font:700 34px/1.1 {SERIF};letter-spacing:-0.5px;color:#1d1b18",
    "day": f"margin:8px 0 0;font:600 14px/1.4 {SANS};color:#1d1b18",
    "span": f"margin:2px 0 0;font:13px/1.4 {SANS};color:#5d584f",
    "trouble": f"padding:12px 16px;background:#fbdcd7;border-left:3px solid #a8261b;{_BOX};{_WRAP}",
    "why": f"margin:0 0 4px;font:600 14px/1.4 {SANS};color:#a8261b",
    "gap": "padding:18px 0 0;font-size:0;line-height:0",
    "nothing": f"padding:28px 0;font:17px/1.5 {SERIF};color:#5d584f",
    "topic": f"padding:30px 0 0;{_WRAP}",
    "story": f"padding:28px 0 26px;border-bottom:1px solid #e2dccf;{_WRAP}",
    "part": f"padding:18px 0 0 16px;border-left:2px solid #e2dccf;{_WRAP}",
    "end": "padding:0 0 28px;border-bottom:1px solid #e2dccf;font-size:0;line-height:0",
    "kicker": f"margin:0 0 4px;font:600 12px/1.4 {SANS};color:#1f4e80",
    "heading": f"margin:0;font:700 25px/1.2 {SERIF};letter-spacing:-0.2px;color:#1d1b18",
    "small": f"margin:0;font:700 19px/1.28 {SERIF};color:#1d1b18",
    "original": f"margin:5px 0 0;font:italic 16px/1.4 {SERIF};color:#5d584f",
    "credit": f"margin:7px 0 0;font:13px/1.5 {SANS};color:#5d584f",
    "link": "color:#1f4e80;text-decoration:underline",
    "labels": f"margin:0 0 7px;font:600 12px/1.9 {SANS}",
    "watched": f"{_LABEL};background:#fdeec9;color:#744b00",
    "updated": f"{_LABEL};background:#dceafa;color:#1f4e80",
    "papers": f"{_LABEL};background:#ece7dc;color:#5d584f",
    "summary": f"margin:12px 0 0;font:17px/1.55 {SERIF};color:#1d1b18",
    "cite": f"font:600 11px/1 {SANS};color:#6b6b6b;vertical-align:super;white-space:nowrap",
    "figures": f"margin:12px 0 0;font:600 13px/1.6 {SANS};color:#1d1b18",
    "dot": "color:#6f6a60;font-weight:400",
    "doubts": f"margin:12px 0 0;padding:8px 12px;background:#fdeec9;border-left:3px solid #8a5a00;{_BOX}",
    "fold": f"margin:12px 0 0;font:13px/1.5 {SANS};color:#5d584f",
    "opener": f"font:600 13px/1.5 {SANS};color:#1f4e80;cursor:pointer;padding:4px 0",
    "quote": f"margin:8px 0 0;padding:0 0 0 12px;border-left:2px solid #e2dccf;font:15px/1.5 {SERIF};color:#5d584f",
    "mark": "background:#fdeec9;color:#744b00;padding:0 1px",
    "section": f"margin:0 0 8px;font:700 19px/1.3 {SERIF};color:#1d1b18",
    "line": f"margin:9px 0 0;font:16px/1.4 {SERIF};color:#1d1b18",
    "note": f"font:13px/1.5 {SANS};color:#5d584f",
    "colophon": f"padding:24px 0 0;font:12px/1.5 {SANS};color:#6f6a60",
}

# What overrides it where a style sheet is read: after dark, and on a narrow screen.
_DARK = {
    "page,.outer": "background:#171613;color:#e9e4da",
    "masthead": "border-color:#e9e4da",
    "title,.day,.heading,.small,.summary,.figures,.section,.line": "color:#e9e4da",
    "span,.nothing,.original,.credit,.fold,.quote,.note": "color:#b3ac9f",
    "dot,.colophon,.cite": "color:#a09a8e",
    "kicker,.link,.opener": "color:#9cc5f0",
    "story,.part,.end,.quote": "border-color:#36332d",
    "trouble": "background:#4f2520;border-color:#f5978c;color:#e9e4da",
    "why": "color:#f5978c",
    "doubts": "background:#45361a;border-color:#eabf63;color:#e9e4da",
    "watched,.mark": "background:#45361a;color:#eabf63",
    "updated": "background:#1d3550;color:#9cc5f0",
    "papers": "background:#312e28;color:#b3ac9f",
}
_NARROW = {
    "masthead": "padding-top:22px",
    "title": "font-size:28px",
    "heading": "font-size:22px",
    "small": "font-size:18px",
    "part": "padding-left:12px",
}


def sheet() -> str:
    """Return the style sheet of the page."""
    dark = "".join(_rule(name, style) for name, style in _DARK.items())
    narrow = "".join(_rule(name, style) for name, style in _NARROW.items())
    return (
        ":root{color-scheme:light dark}summary::marker{color:inherit}"
        f"@media (prefers-color-scheme:dark){{{dark}}}@media (max-width:480px){{{narrow}}}"
    )


def _rule(name: str, style: str) -> str:
    return f".{name}{{{';'.join(f'{part} !important' for part in style.split(';'))}}}"
