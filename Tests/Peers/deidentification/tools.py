"""The de-identifier under test: the command itself, or one of those that test the judges."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pydicom
import reference_remover
from profile_table import OPTIONS

pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
pydicom.config.settings.writing_validation_mode = pydicom.config.IGNORE


class Hilum:
    """`hilum anonymize` with a key: the n-th is the same in every run, so that a failure can be seen again.

    With HILUM_JUDGES_KEY in the environment other keys are made of it; any text will do.
    """

    made = 0

    def __init__(self, command: str):
        self.command, self.folder = command, tempfile.TemporaryDirectory()
        self.key = Path(self.folder.name, "key")
        subprocess.run([command, "key", "new", str(self.key)], check=True, capture_output=True)
        first = self.key.read_text().splitlines()[0]
        secret = hashlib.sha256(f"{os.environ.get('HILUM_JUDGES_KEY', '')} {Hilum.made}".encode()).hexdigest()
        self.key.write_text(f"{first}\n{secret}\n")
        Hilum.made += 1

    def run(self, source: Path, out: Path, mode: str = "basic", options: list[str] | None = None) -> int:
        """The exit code: 0, or 1 when some files were refused."""
        told = [part for name in (OPTIONS[mode] if options is None else options) for part in ("--option", name)]
        command = [self.command, "anonymize", str(source), "-o", str(out), "--key", str(self.key), *told]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode not in (0, 1, 3):
            raise SystemExit(f"anonymize ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return done.returncode

    def verify(self, out: Path, source: Path) -> int:
        """Of what would be released: without the files that a person has to decide about."""
        shutil.rmtree(out / "held", ignore_errors=True)
        command = [self.command, "verify", str(out), "--against", str(source), "--key", str(self.key)]
        return subprocess.run(command, capture_output=True).returncode


class Reference:
    """identity, shallow or thorough (reference_remover.py)."""

    def __init__(self, name: str):
        self.name = name

    def run(self, source: Path, out: Path, mode: str = "basic", options: list[str] | None = None) -> int:
        if source.is_file():
            with tempfile.TemporaryDirectory() as folder:
                shutil.copy(source, folder)
                return self.run(Path(folder), out, mode)
        if self.name == "identity":
            shutil.copytree(source, out)
        else:
            getattr(reference_remover, self.name)(source, out, mode)
        return 0


def tool(name: str) -> Hilum | Reference:
    return Reference(name) if name in ("identity", "shallow", "thorough") else Hilum(name)
