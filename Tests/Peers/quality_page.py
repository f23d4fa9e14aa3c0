"""Opens a run's quality page in headless Chromium: pictures load, columns sort, nothing is fetched, and one look at it.

Usage: quality_page.py HILUM [FOLDER FOR SCREENSHOTS]     (Debian: chromium; skipped with exit 77 where it is missing)
"""
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HILUM = str(Path(sys.argv[1]).resolve())
PIPELINE = """
name: quality
stages:
  - rescale
  - window: { center: 40, width: 400 }
  - resize: { size: [96, 96], keepAspect: true }
outputs: { tensors: { format: npy, dtype: uint8 }, report: html }
"""
# Clicks on titles as a reader would, and leaves what came of it in the page's title.
PROBE = """<script>addEventListener('load', () => {
  const texts = index => Array.from(document.querySelectorAll('tbody tr'), row => row.cells[index].dataset.v ?? row.cells[index].textContent);
  const click = name => Array.from(document.querySelectorAll('th button')).find(b => b.textContent === name).click();
  const result = { rows: texts(0).length, broken: Array.from(document.images).filter(i => i.loading !== 'lazy' || i.naturalWidth === 0 && i.complete && i.getBoundingClientRect().top < innerHeight).length,
    wide: document.documentElement.scrollWidth > innerWidth, fetched: performance.getEntriesByType('resource').filter(e => !e.name.startsWith('data:')).length };
  click('voxels'); result.up = texts(5); click('voxels'); result.down = texts(5);
  click('item'); result.items = texts(0); click('warnings and reasons'); click('warnings and reasons'); result.worst = texts(1)[0];
  document.title = JSON.stringify(result); });</script>"""

browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if not browser:
    print("skipped: chromium is not installed (apt-get install chromium)")
    sys.exit(77)


def chromium(work, *arguments):
    command = [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={work}/profile"]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=120).stdout


def numbers(values):
    """Values as they are sorted, and whether those without one come last."""
    filled = [float(v) for v in values if v != ""]
    return filled, all(v == "" for v in values[len(filled):])


with tempfile.TemporaryDirectory() as work:
    work = Path(work)
    (work / "pipeline.yaml").write_text(PIPELINE)
    code = subprocess.run([HILUM, "run", work / "pipeline.yaml", ROOT / "fixtures", "-o", work / "out", "--quiet"], stderr=subprocess.DEVNULL).returncode
    assert code == 1, code
    page = (work / "out/report.html").read_text()
    assert not re.search(r"https?:|<link|url\(|@import|src=\"(?!data:)", page), "the page refers to something outside"
    (work / "probe.html").write_text(page.replace("</body>", PROBE + "</body>"))
    title = re.search(r"<title>(.*?)</title>", chromium(work, "--window-size=1500,1000", "--virtual-time-budget=5000", "--dump-dom", f"file://{work}/probe.html"), re.DOTALL)
    result = json.loads(html.unescape(title.group(1)))
    lines = len((work / "out/manifest.jsonl").read_text().splitlines())
    up, down, items = numbers(result["up"]), numbers(result["down"]), result["items"]
    assert result["rows"] == lines, (result["rows"], lines)
    assert result["broken"] == 0 and result["fetched"] == 0 and not result["wide"], {k: result[k] for k in ["broken", "fetched", "wide"]}
    assert up[0] == sorted(up[0]) and up[1] and len(up[0]) > 50, "voxels, ascending"
    assert down[0] == sorted(down[0], reverse=True) and down[1], "voxels, descending"
    assert len(items) == lines and result["worst"] == "failed", result["worst"]
    if len(sys.argv) > 2:
        for name, scheme in [("light", 1), ("dark", 0)]:
            chromium(work, "--window-size=1500,1400", f"--blink-settings=preferredColorScheme={scheme}", f"--screenshot={sys.argv[2]}/quality-{name}.png", f"file://{work}/out/report.html")
    print(f"passed: {lines} rows, sorted by click, nothing fetched, {len(page) / 1e6:.1f} MB")
