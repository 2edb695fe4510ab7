"""What Chalice only mutters about is a refusal."""

from __future__ import annotations

import re

import pytest

from deployment.by_chalice import NotPackaged, judge

MISSING = """Creating deployment package.

Could not install dependencies:
cryptography==50.0.2
You will have to build these yourself and vendor them in
the chalice vendor folder.
"""


def test_what_it_always_says_passes():
    judge(0, "Creating deployment package.\n")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (0, MISSING),
        (0, "Creating deployment package.\nReusing existing deployment package.\n"),
        (0, "Creating deployment package.\nWarning: something new\n"),
        (1, "Creating deployment package.\n"),
        (2, "Traceback (most recent call last):\n"),
    ],
)
def test_anything_else_is_refused_though_it_ends_well(status, said):
    with pytest.raises(NotPackaged, match=re.escape(said.splitlines()[-1])):
        judge(status, said)
