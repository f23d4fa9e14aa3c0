/// How the quality page looks and how its columns are sorted.
enum QualityPageStyle {
    static let css = """
        :root { color-scheme: light dark; --ink: #1c2733; --paper: #fff; --soft: #5b6b7b; --line: #dde3ea; --band: #f3f6f9;
        --bars: #5b7fa6; --window: #f2c14e66; --bad: #b3261e; --warn: #8a5a00; --good: #1d6b43 }
        @media (prefers-color-scheme: dark) { :root { --ink: #dce3ea; --paper: #14191f; --soft: #8d9aa8; --line: #2a333d;
        --band: #1b222a; --bars: #86aed8; --window: #d9a52755; --bad: #ff8a80; --warn: #f0c060; --good: #7fd1a0 } }
        body { font: 14px/1.45 system-ui, sans-serif; margin: 0 auto; padding: 1.5em; color: var(--ink); background: var(--paper) }
        h1 { font-size: 1.5em; margin: 0 0 .3em }
        .counts b { font-size: 1.25em; margin-left: .8em; font-variant-numeric: tabular-nums } .counts b:first-child { margin-left: 0 }
        .note { color: var(--soft); max-width: 70em } details { margin: .6em 0 } code { font-size: .9em; word-break: break-word }
        table { border-collapse: collapse; width: 100% }
        th { position: sticky; top: 0; background: var(--band); text-align: left; font-weight: 600; padding: .45em .6em;
        border-bottom: 2px solid var(--line); white-space: nowrap; z-index: 1 }
        th button { all: unset; cursor: pointer } th button:focus-visible { outline: 2px solid var(--bars) }
        th[aria-sort] button::after { content: " ▲"; color: var(--soft) } th[aria-sort=descending] button::after { content: " ▼" }
        td { padding: .5em .6em; vertical-align: top; border-bottom: 1px solid var(--line) }
        td.name { overflow-wrap: anywhere; max-width: 16em; min-width: 9em } td.what { min-width: 15em; max-width: 34em; overflow-wrap: anywhere }
        td.number { font-variant-numeric: tabular-nums; white-space: nowrap }
        td.picture img { background: #000; border-radius: 3px; display: block }
        svg { display: block; background: var(--band); border-radius: 3px } svg path { fill: var(--bars) } svg .window { fill: var(--window) }
        @media (max-width: 1450px) { td.picture img { max-width: 10em; height: auto } td.what { min-width: 12em } }
        small { color: var(--soft); font-size: .86em; display: block } .ends { display: flex; justify-content: space-between; width: 160px }
        .failed { color: var(--bad) } .warned { color: var(--warn) } .skipped { color: var(--soft) } .ok { color: var(--good) }
        """

    /// A click on a title sorts by its column, the next one the other way round; rows of equal value keep their order, and
    /// rows without one come last.
    static let script = """
        document.querySelectorAll('th[data-kind]').forEach(th => th.querySelector('button').addEventListener('click', () => {
          const index = th.cellIndex, body = th.closest('table').tBodies[0];
          const down = th.getAttribute('aria-sort') === 'ascending', number = th.dataset.kind === 'number';
          const value = row => { const cell = row.cells[index], text = cell.dataset.v ?? cell.textContent;
            return number ? (text === '' ? null : Number(text)) : (text === '' ? null : text); };
          const rows = Array.from(body.rows, row => [value(row), row]);
          rows.sort(([a], [b]) => a === null || b === null ? (a === null) - (b === null)
            : (down ? -1 : 1) * (number ? a - b : a.localeCompare(b, undefined, { numeric: true })));
          th.parentNode.querySelectorAll('th').forEach(other => other.removeAttribute('aria-sort'));
          th.setAttribute('aria-sort', down ? 'descending' : 'ascending');
          body.append(...rows.map(([, row]) => row));
        }));
        """
}
