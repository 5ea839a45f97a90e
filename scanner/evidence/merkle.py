"""The Merkle tree of RFC 6962 (section 2.1) over a stream of leaves, in memory that grows with the tree's height."""

from __future__ import annotations

from hashlib import sha256


class Tree:
    """Takes leaves in order; `root` may be asked at any time."""

    def __init__(self) -> None:
        self.leaves = 0
        self._perfect: list[bytes] = []
        """Roots of the perfect subtrees so far, largest first: one for each bit that is set in `leaves`."""

    def add(self, leaf: bytes) -> None:
        node = sha256(b"\x00" + leaf).digest()
        size = self.leaves
        while size & 1:
            node = _parent(self._perfect.pop(), node)
            size >>= 1
        self._perfect.append(node)
        self.leaves += 1

    def root(self) -> str:
        """`sha256:…`; of no leaves, the digest of the empty string."""
        if not self._perfect:
            return f"sha256:{sha256().hexdigest()}"
        *larger, node = self._perfect
        for left in reversed(larger):
            node = _parent(left, node)
        return f"sha256:{node.hex()}"


def _parent(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
