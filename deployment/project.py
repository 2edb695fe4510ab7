"""The folder that Chalice makes the package of: our sources, what they need, all of it compiled.

A copy, so that nothing of a working tree gets into a package by lying there, and nothing that
Chalice would fetch by itself: there is no list of requirements in it. Modules are compiled here,
for on Lambda their folder cannot be written to and each cold start would compile them anew. Ours
keep their sources beside, for the lines of a traceback; of others the compiled form is enough.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

# Where Lambda unpacks it: what tracebacks say.
TASK = "/var/task"
OURS = ("app.py", "chalicelib")
DESCRIBED = ".chalice"


class NotCompiled(Exception):
    """A module is no Python that Lambda could run; carries what the compiler said."""


def lay_out(root: Path, project: Path, architecture: str) -> None:
    """Copy the sources, and nothing beside, and what describes them, for an architecture."""
    shutil.copy(root / "app.py", project / "app.py")
    for file in sorted((root / "chalicelib").rglob("*.py")):
        copy = project / file.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    (project / DESCRIBED).mkdir()
    for file in sorted((root / DESCRIBED).glob("*.json")):
        shutil.copy(file, project / DESCRIBED / file.name)
    config = project / DESCRIBED / "config.json"
    told = json.loads(config.read_text("utf-8"))
    told["lambda_architecture"] = architecture
    config.write_text(json.dumps(told, indent=2), "utf-8")


def compile_all(project: Path, python: Path) -> None:
    """Compile what others wrote in the place of its sources, and what is ours beside them.

    Raises:
        NotCompiled: something cannot be compiled.
    """
    vendor = project / "vendor"
    compile_others(vendor, python)
    _compile(python, project, project / "chalicelib")
    _compile(python, project, project / "app.py")
    # Chalice takes app.py and its own two modules as they are, but all that lies in vendor.
    (project / "__pycache__").rename(vendor / "__pycache__")
    _compile_chalice(python, project)


def compile_others(vendor: Path, python: Path) -> None:
    """Put the compiled form in the place of every source.

    Raises:
        NotCompiled: something cannot be compiled.
    """
    _compile(python, vendor, vendor, "-b")
    for source in sorted(vendor.rglob("*.py")):
        source.unlink()


def _compile_chalice(python: Path, project: Path) -> None:
    where = [str(python), "-I", "-c", "import chalice; print(chalice.__path__[0])"]
    found = Path(subprocess.run(where, capture_output=True, text=True, check=True).stdout.strip())
    copy = project / "vendor" / "chalice"
    copy.mkdir()
    for name in ("__init__.py", "app.py"):
        shutil.copy(found / name, copy / name)
        _compile(python, project / "vendor", copy / name)
        (copy / name).unlink()


def _compile(python: Path, root: Path, what: Path, *options: str) -> None:
    # Unchecked: nothing looks at a source's time, which would differ from one build to the next.
    # And one hash seed, one process: what is compiled twice is the same twice.
    command = [str(python), "-m", "compileall", "-q", "-j", "1", *options]
    command += ["--invalidation-mode", "unchecked-hash", "-s", str(root), "-p", TASK, str(what)]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotCompiled(f"{done.stdout}{done.stderr}".strip())
