"""A text as one page of HTML that needs nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from html import escape

from studio.api.values import language
from studio_text.core.markdown import body

_LOOKS = """\
:root { color-scheme: light dark; --text: #1c1f26; --muted: #565d6b; --line: #dcdfe5; --sunken: #f2f3f5;
  --link: #3643b8; --page: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --text: #e9eaee; --muted: #a3a9b6; --line: #3b3f4a;
  --sunken: #24272e; --link: #adb6ff; --page: #16181c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 400 1.0625rem/1.6 Inter, system-ui,
  -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; text-rendering: optimizeLegibility;
  overflow-wrap: break-word; hanging-punctuation: first; }
main { max-width: 42rem; margin: 0 auto; padding: 4rem 1.5rem 6rem; }
h1, h2, h3, h4, h5, h6 { line-height: 1.2; margin: 2.2em 0 .6em; text-wrap: balance; font-weight: 650; }
h1 { font-size: 2.1rem; letter-spacing: -.02em; margin-top: 0; }
h2 { font-size: 1.45rem; letter-spacing: -.01em; }
h3 { font-size: 1.15rem; }
h4, h5, h6 { font-size: 1rem; }
p, ul, ol, blockquote, pre, table { margin: 0 0 1.1em; }
p { text-wrap: pretty; }
ul, ol { padding-inline-start: 1.5em; }
li + li { margin-top: .25em; }
li > p { margin-bottom: .4em; }
a { color: var(--link); text-underline-offset: .15em; }
blockquote { margin-inline: 0; padding: .1em 0 .1em 1.2em; border-inline-start: 3px solid var(--line);
  color: var(--muted); }
blockquote > :last-child { margin-bottom: 0; }
code, pre { font-family: ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; }
code { background: var(--sunken); border-radius: 4px; padding: .1em .3em; }
pre { background: var(--sunken); border-radius: 8px; padding: 1em 1.2em; overflow-x: auto; line-height: 1.5; }
pre code { background: none; padding: 0; }
hr { border: 0; border-top: 1px solid var(--line); margin: 2.5em 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .5em .8em .5em 0; text-align: start;
  vertical-align: top; }
@media print { main { max-width: none; padding: 0; } a { color: inherit; } h1, h2, h3 { break-after: avoid; }
  pre, blockquote, table { break-inside: avoid; } }
"""


def page(text: str, title: str) -> str:
    """The whole page; `title` is the browser's."""
    return f"""\
<!doctype html>
<html lang="{escape(language().replace("_", "-"))}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(title)}</title>
<style>
{_LOOKS}</style>
</head>
<body>
<main dir="auto">
{body(text)}</main>
</body>
</html>
"""
