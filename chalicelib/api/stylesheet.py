"""How the documentation looks: one column, the reader's own fonts, light or dark as they prefer."""

CSS = """
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5b636b; --paper: #fff; --card: #f5f6f8;
  --line: #dcdfe4; --link: #0b5fae; --get: #0b6e4f; --post: #8a4b00; --put: #5a3ea6;
  --del: #a62639 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ea; --soft: #9aa3ad; --paper: #14171a;
  --card: #1d2125; --line: #343a41; --link: #7ab8f5; --get: #5fd1a5; --post: #f0b25c;
  --put: #b8a1f5; --del: #f28b9b } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 2rem 1rem 6rem; max-width: 62rem; color: var(--ink);
  background: var(--paper); font: 16px/1.55 system-ui, sans-serif }
h1 { margin: 0 0 .25rem } h2 { margin: 2.5rem 0 .75rem; text-transform: capitalize }
h3 { margin: 1.25rem 0 .35rem; font-size: 1rem }
a { color: var(--link) } p { max-width: 48rem }
code, pre { font: .875em/1.5 ui-monospace, monospace }
pre { padding: .75rem; overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem;
  background: var(--paper) }
details { margin: .5rem 0; border: 1px solid var(--line); border-radius: .5rem;
  background: var(--card) }
summary { display: flex; flex-wrap: wrap; gap: .25rem .75rem; padding: .6rem .9rem;
  cursor: pointer; align-items: baseline }
summary > span:last-child { color: var(--soft) }
.inside { padding: 0 .9rem .9rem; border-top: 1px solid var(--line) }
.method { min-width: 4.2rem; font-weight: 700 } .get { color: var(--get) }
.post { color: var(--post) } .put, .patch { color: var(--put) } .delete { color: var(--del) }
table { width: 100%; border-collapse: collapse; font-size: .9rem }
th, td { padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top } th { color: var(--soft); font-weight: 600 }
.soft { color: var(--soft) }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
"""
