"""Runs the tool with bounded time and memory and checks the shape of a refusal."""

import os
import re
import resource
import subprocess

SECONDS = 120 if os.environ.get("TOK_SANITIZE") else 30
BYTES = 3 << 30


def run(tok, *arguments, stdin=b"", stdout=subprocess.PIPE, cwd=None):
    def limit_memory():
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if not os.environ.get("TOK_SANITIZE"):  # sanitizers reserve terabytes of address space
            resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))

    return subprocess.run(
        [tok.binary, *map(str, arguments)],
        input=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        timeout=SECONDS,
        preexec_fn=limit_memory,
        cwd=cwd,
        check=False,
    )


def assert_refused(done, codes, exits):
    """One `error:` line with one of `codes`, one of the exit codes, nothing on standard output."""
    message = done.stderr.decode("utf-8", "replace")
    assert done.returncode in exits, f"exit code {done.returncode}, want {exits}: {message[:500]}"
    errors = [line for line in message.splitlines() if line.startswith("error:")]
    assert len(errors) == 1, f"{len(errors)} error lines: {message[:500]!r}"
    found = re.match(r"error: TOK-E(\d{3}) ", errors[0])
    assert found, message[:500]
    assert int(found.group(1)) in codes, f"code {found.group(1)}, want {sorted(codes)}: {message[:500]}"
    assert len(errors[0]) < 2000, f"message of {len(errors[0])} characters"
    assert not done.stdout, f"wrote {len(done.stdout)} bytes before failing"


def check_refused_file(tok, folder, file_name, content, codes):
    """A tokenizer file of this content is refused with one of `codes`, by a message that names it, or the file beside
    it that is missing."""
    path = folder / file_name
    path.write_bytes(content)
    done = run(tok, "encode", "-t", path, stdin=b"abc")
    may_lack_another = 1 in codes
    assert_refused(done, codes, {1, 3, 4} if may_lack_another else {1, 2, 4})
    named = bytes(folder if may_lack_another else path)
    assert named in done.stderr, f"the message does not name the file: {done.stderr!r}"


def assert_survived(done):
    """Either success or one proper error: no signal, no abort, no sanitizer report."""
    message = done.stderr.decode("utf-8", "replace")
    assert done.returncode in (0, 1, 2, 3, 4), f"exit code {done.returncode}: {message[-1500:]}"
    if done.returncode != 0:
        assert re.search(r"^error: TOK-E\d{3} ", message, re.M), message[:500]
        assert "TOK-E090" not in message, message[:500]
