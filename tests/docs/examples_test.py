"""The examples of docs/cli.md, which are those of `tok VERB --help`, run as they stand, one after another in one folder."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(os.environ.get("TOK_SOURCE_DIR", Path(__file__).resolve().parents[2]))
TOK = Path(os.environ.get("TOK_BINARY", ROOT / "build" / "dev" / "cli" / "tok"))


def test_every_example_of_the_command_line_works(tmp_path):
    text = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    assert len(lines) > 20
    environment = {**os.environ, "PATH": f"{TOK.parent}:{os.environ['PATH']}", "CLONE": str(ROOT)}
    for line in lines:
        done = subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        finds_differences = line.startswith("tok diff cl100k_base")
        assert done.returncode == (5 if finds_differences else 0), f"{line}: {done.stderr}"
