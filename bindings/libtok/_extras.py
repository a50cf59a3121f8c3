"""Libraries that only some calls need, imported when they are."""

from __future__ import annotations

from typing import Any


def pyarrow() -> Any:
    """With pyarrow.parquet. Raises ImportError, with what to install."""
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise ImportError("tables and Parquet need pyarrow: pip install pyarrow") from error
    return pyarrow


def vl_convert() -> Any:
    """What draws the charts of reports. Raises ImportError, with what to install."""
    try:
        import vl_convert
    except ImportError as error:
        raise ImportError("reports need vl-convert: pip install vl-convert-python") from error
    return vl_convert


def torch() -> Any:
    """Raises ImportError, with what to install."""
    try:
        import torch
    except ImportError as error:
        raise ImportError("tensors need torch: pip install torch") from error
    return torch
