"""The tree against RFC 6962: its definition, written down again as the recursion of section 2.1."""

from __future__ import annotations

from hashlib import sha256

import pytest

from scanner.evidence.merkle import Tree


@pytest.mark.parametrize("size", [*range(1, 34), 100, 127, 128, 129])
def test_the_root_is_the_one_that_rfc_6962_defines(size: int) -> None:
    leaves = [b"leaf %d" % number for number in range(size)]
    assert _tree(leaves).root() == f"sha256:{_merkle_tree_hash(leaves).hex()}"


def test_known_answers_of_certificate_transparency() -> None:
    # The reference leaves and roots of the Certificate Transparency implementations' own tests.
    leaves = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243")]
    assert [_tree(leaves[:size]).root() for size in (0, 1, 2, 3)] == [
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "sha256:6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "sha256:fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "sha256:aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    ]


def test_a_node_cannot_stand_for_the_leaves_below_it() -> None:
    left, right = (sha256(b"\x00" + leaf).digest() for leaf in (b"a", b"b"))
    assert _tree([b"a", b"b"]).root() != _tree([left + right]).root()


def _tree(leaves: list[bytes]) -> Tree:
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree


def _merkle_tree_hash(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + _merkle_tree_hash(leaves[:split]) + _merkle_tree_hash(leaves[split:])).digest()
