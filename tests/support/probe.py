"""Talks to a probe program (tests/probe/*_probe.cc): one JSON object a line each way."""

import json
import os
import subprocess

import pytest


class Probe:
    """A running probe; `name` as in TOK_<NAME>_PROBE. Skips the test if it was not built."""

    def __init__(self, name):
        path = os.environ.get(f"TOK_{name.upper()}_PROBE")
        if not path:
            pytest.skip(f"TOK_{name.upper()}_PROBE is not set: run through ctest")
        self._process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, request):
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the probe ended with {self._process.wait()} on {request!r}"
        return json.loads(line)

    def close(self):
        self._process.stdin.close()
        assert self._process.wait(timeout=60) == 0
