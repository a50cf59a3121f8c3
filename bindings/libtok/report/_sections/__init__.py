"""The kinds of measurements that pages know, each a module with KEYS, which tell it from others, and `section`.

To add one: a module beside these, and its name in _KINDS.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libtok.report._section import Section
from libtok.report._sections import mixture, other, premium, schemes, study, vocabulary

_KINDS = (premium, mixture, schemes, study, vocabulary)


def section_of(measurement: Mapping[str, Any]) -> Section:
    """By the first kind all of whose keys are there; else by `other`, which shows anything.

    Raises ValueError for a measurement of a known kind that is not as its module says.
    """
    for kind in _KINDS:
        if all(key in measurement for key in kind.KEYS):
            found: Section = kind.section(measurement)
            return found
    return other.section(measurement)
