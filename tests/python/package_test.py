"""The package as one installs it: types, stubs, what importing takes, documented examples."""

import doctest
import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import MemberDescriptorType

import pytest

import libtok

SOURCE = Path(__file__).resolve().parents[2]
HAS_CUDA = hasattr(importlib.import_module("libtok._libtok"), "DeviceEncoder")
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(libtok.__path__, "libtok.")
    if HAS_CUDA or module.name != "libtok.cuda"  # which then says that there is none
)


def run(*arguments):
    environment = {**os.environ, "MYPYPATH": str(SOURCE / "bindings")}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, cwd=SOURCE, env=environment, timeout=300
    )


def test_types():
    checked = run("-m", "mypy", "--config-file=pyproject.toml", "--cache-dir=/dev/null", "bindings/libtok")
    assert checked.returncode == 0, checked.stdout


def test_stubs_say_what_the_module_has():
    checked = run("-m", "mypy.stubtest", "--mypy-config-file=pyproject.toml", "libtok._libtok")
    errors = [line for line in checked.stdout.splitlines() if line.startswith("error:")]
    of_pybind11 = ("metaclass differs", 'does not have *args parameter "args"')  # of all its classes
    of_cuda = () if HAS_CUDA else tuple(f"error: libtok._libtok.Device{name} " for name in ("Array", "Encoder", "Rows"))
    assert [e for e in errors if not e.endswith(of_pybind11) and not e.startswith(of_cuda)] == []
    assert checked.stdout.splitlines()[-1].endswith("(checked 1 module)")


def test_is_typed():
    assert (Path(libtok.__file__).parent / "py.typed").exists()


@pytest.mark.parametrize("module", MODULES)
def test_documented_examples(module):
    result = doctest.testmod(importlib.import_module(module))
    assert result.failed == 0
    if module == "libtok._tokenizer":
        assert result.attempted > 10


def test_importing_brings_nothing_along():
    """No third library, which is most of what importing could cost."""
    code = "import sys; before = set(sys.modules); import libtok; print(*{m.split('.')[0] for m in set(sys.modules) - before})"
    brought = set(run("-c", code).stdout.split())
    assert "libtok" in brought
    assert brought <= set(sys.stdlib_module_names) | {"libtok"}


def test_everything_public_is_documented():
    for name in libtok.__all__:
        thing = getattr(libtok, name)
        if name == "__version__":
            continue
        assert thing.__doc__, name
        for attribute in vars(thing) if isinstance(thing, type) else ():
            if not attribute.startswith("_") and not isinstance(vars(thing)[attribute], MemberDescriptorType):
                assert getattr(thing, attribute).__doc__, f"{name}.{attribute}"
