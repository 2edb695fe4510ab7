"""Two builds of the same sources that differ are no package."""

from __future__ import annotations

import pytest

from deployment.__main__ import NotTheSame, same


@pytest.fixture
def builds(tmp_path):
    """Two of them, the same."""
    made = [tmp_path / "first", tmp_path / "second"]
    for each in made:
        each.mkdir()
        (each / "deployment.zip").write_bytes(b"PK")
        (each / "sam.json").write_text("{}")
    return made


def test_the_same_bytes_pass(builds):
    same(*builds)


@pytest.mark.parametrize("name", ["deployment.zip", "sam.json"])
def test_one_byte_is_enough(builds, name):
    with (builds[1] / name).open("ab") as more:
        more.write(b" ")
    with pytest.raises(NotTheSame, match=name):
        same(*builds)
