"""What an archive must be to deploy: whole, nothing beside, for one machine, compiled, small.

It looks at the bytes of the archive alone, and trusts none of the steps that made it. All that is
wrong is told at once.
"""

import re
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

MOST = 15_000_000  # bytes of the zip
MOST_UNPACKED = 250 * 1024 * 1024  # Lambda's own limit
ELF = b"\x7fELF"
# e_machine of an ELF file, by what Lambda calls the architecture.
ELF_MACHINES = {"arm64": 183, "x86_64": 62}
# The magic number of 3.13's compiled files, and the flag of those whose source is not looked at.
COMPILED = (3571).to_bytes(2, "little") + b"\r\n" + (1).to_bytes(4, "little")
STRAY = re.compile(
    r"(^|.*/)(tests?|conftest\.py|test_[^/]*|local|bench|deployment|\.[^/]*|[^/]*\.(env|key|sqlite)"
    r"|requirements[^/]*)(/.*)?"
)


class Refused(Exception):
    """An archive that must not be deployed; carries all that is wrong with it."""

    def __init__(self, faults: Collection[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("the package is refused:\n" + "\n".join(f"  {each}" for each in faults))


def check(
    archive: Path, architecture: str, expected: Collection[str], unwanted: Collection[str] = ()
) -> None:
    """Look at an archive as it is; `unwanted` are texts that nothing we compiled may contain.

    Raises:
        Refused: it must not be deployed.
    """
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
        faults = [*_names(names, expected), *_sizes(archive, opened)]
        traces = [each.encode() for each in unwanted]
        for name in names:
            content = opened.read(name)
            faults += _content(name, content, ELF_MACHINES[architecture], traces)
    if faults:
        raise Refused(faults)


def _names(names: list[str], expected: Collection[str]) -> Iterator[str]:
    there, wanted = set(names), set(expected)
    yield from (f"missing: {name}" for name in sorted(wanted - there))
    yield from (f"nobody asked for it: {name}" for name in sorted(there - wanted))
    yield from (f"twice: {name}" for name in sorted(there) if names.count(name) > 1)
    yield from (f"does not belong into a package: {n}" for n in sorted(there) if STRAY.fullmatch(n))
    ours = {name for name in there if name == "app.py" or name.startswith("chalice")}
    yield from (f"no module: {n}" for n in sorted(ours) if not n.endswith((".py", ".pyc")))
    for name in sorted(each for each in ours if each.endswith(".py")):
        folder, _, module = name.rpartition("/")
        compiled = f"{folder}/__pycache__/{module[:-3]}.cpython-313.pyc".lstrip("/")
        if compiled not in there:
            yield f"not compiled: {name}"


def _sizes(archive: Path, opened: zipfile.ZipFile) -> Iterator[str]:
    size, unpacked = archive.stat().st_size, sum(each.file_size for each in opened.infolist())
    if size > MOST:
        yield f"too large: {size:,} bytes of {MOST:,}"
    if unpacked > MOST_UNPACKED:
        yield f"too large for Lambda: {unpacked:,} bytes unpacked of {MOST_UNPACKED:,}"


def _content(name: str, content: bytes, machine: int, unwanted: list[bytes]) -> Iterator[str]:
    if content.startswith(ELF):
        found = int.from_bytes(content[18:20], "little")
        if content[4:6] != b"\x02\x01" or found != machine:
            yield f"for another machine (ELF {found}, not {machine}): {name}"
    elif re.search(r"\.(so|pyd|dll|dylib)(\.|$)", name):
        yield f"no library of Linux: {name}"
    if name.endswith(".pyc") and not content.startswith(COMPILED):
        yield f"not compiled for Lambda: {name}"
    if name.endswith(".pyc") and any(each in content for each in unwanted):
        yield f"tells of the machine that made it: {name}"
