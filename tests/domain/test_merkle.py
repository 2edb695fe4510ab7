"""The tree is RFC 6962's: its roots are those of Certificate Transparency's own test leaves."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.merkle import Tree

LEAVES = (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)  # fmt: skip
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def planted(leaves):
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree


def by_definition(leaves):
    """RFC 6962, section 2.1, word for word: split at the largest power of two below the count."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = by_definition(leaves[:split]), by_definition(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("count", range(len(ROOTS)))
def test_its_roots_are_those_that_are_published(count):
    assert planted(map(bytes.fromhex, LEAVES[:count])).root == ROOTS[count]


@given(st.lists(st.binary(max_size=3), max_size=70))
def test_its_root_is_that_of_the_definition(leaves):
    assert planted(leaves).root == by_definition(leaves).hex()


@given(st.lists(st.binary(max_size=3), max_size=40), st.lists(st.binary(max_size=3), max_size=40))
def test_a_tree_taken_up_again_grows_on_as_if_it_had_never_been_put_down(before, after):
    tree = Tree.from_text(planted(before).text())
    for leaf in after:
        tree.add(leaf)
    assert tree == planted(before + after)


def test_a_million_leaves_would_be_remembered_in_twenty_hashes():
    assert len(planted([b""] * 1023).peaks) == 10
    assert len(planted([b""] * 1024).peaks) == 1


@pytest.mark.parametrize("text", ["", "1", "x", f"2 {ROOTS[0]} {ROOTS[1]}", "1 00", "1 zz"])
def test_what_tells_no_tree_is_refused(text):
    with pytest.raises(ValueError, match=r"tree|invalid literal|hex"):
        Tree.from_text(text)
