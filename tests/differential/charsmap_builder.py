"""Builds SentencePiece charsmaps (u32 size, double-array trie, NUL-terminated replacements) from {bytes: bytes}.

For tests and for scripts/generate_grapheme_breaks.py: the peers' own builders are inside their trainers.
"""

import struct

_LEAF = 0x80000000
_ENDS_RULE = 0x100
_WIDE_OFFSET = 0x200
_BLOCK = 256


class _Units:
    """Trie units under construction, whole blocks at a time."""

    def __init__(self):
        self.units, self.used, self.bases = [], [], set()
        self.cursor = 1  # where the search for room begins: gaps behind it stay, the search stays short
        self._add_block()
        self.used[0] = True  # the root

    def _add_block(self):
        self.units += [0] * _BLOCK
        self.used += [False] * _BLOCK

    def _is_free(self, slot):
        while slot >= len(self.units):
            self._add_block()
        return not self.used[slot]

    def place(self, parent, labels):
        """A base no other node has, with room for all labels, that the parent's offset field can reach."""
        slot = self.cursor
        while True:
            base = slot ^ labels[0]
            offset = parent ^ base
            reachable = offset < (1 << 21) or offset % 256 == 0
            if base and offset and reachable and base not in self.bases and all(self._is_free(base ^ b) for b in labels):
                break
            slot += 1
        self.bases.add(base)
        for label in labels:
            self.used[base ^ label] = True
        if len(labels) == 1:
            self.cursor = slot + 1
        self.units[parent] |= offset << 10 if offset < (1 << 21) else offset << 2 | _WIDE_OFFSET
        return base

    def mark_unused(self):
        """Gives every free unit a label that no base in its block leads to."""
        for block in range(0, len(self.units), _BLOCK):
            slots = range(block, block + _BLOCK)
            if all(self.used[slot] for slot in slots):
                continue
            free_base = next(base for base in slots if base not in self.bases)
            for slot in slots:
                if not self.used[slot]:
                    self.units[slot] = (slot ^ free_base) & 0xFF


def build_charsmap(rules):
    blob, offsets, root = bytearray(), {}, {}
    for key, replacement in rules.items():
        if replacement not in offsets:
            offsets[replacement] = len(blob)
            blob += replacement + b"\0"
        node = root
        for byte in key:
            node = node.setdefault(byte, {})
        node[None] = offsets[replacement]
    units = _Units()
    queue = [(0, root)]
    while queue:
        position, node = queue.pop()
        labels = {key: 0 if key is None else key for key in node}
        base = units.place(position, list(labels.values()))
        for key, child in node.items():
            slot = base ^ labels[key]
            if key is None:
                units.units[position] |= _ENDS_RULE
                units.units[slot] = _LEAF | child
            else:
                units.units[slot] = key
                queue.append((slot, child))
    units.mark_unused()
    trie = struct.pack("<%dI" % len(units.units), *units.units)
    return struct.pack("<I", len(trie)) + trie + bytes(blob)
