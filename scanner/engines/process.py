"""The parent's end of one worker process: frames in and out without ever waiting for it."""

from __future__ import annotations

import os
import select
import signal
import struct
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

_LENGTH = struct.Struct(">I")
_CHUNK = 1 << 20
_KEPT_OF_STDERR = 2000
_WORKER = Path(__file__).with_name("worker.py")
_ENVIRONMENT = {
    "RUST_BACKTRACE": "0",
    # regorus's allocator (mimalloc) reserves 1 GiB of address space when it is loaded, which the limit would count.
    "MIMALLOC_ARENA_RESERVE": "16MiB",
}


class Process:
    """A worker that was started and given its setup."""

    def __init__(self, setup: bytes) -> None:
        # Run as a file and with -P, so that nothing in the current folder (which may be what is scanned) is imported.
        # A session of its own keeps Ctrl-C away from it: the parent decides what happens to work that is under way.
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            env={**os.environ, **_ENVIRONMENT},
        )
        assert self._process.stdin and self._process.stdout and self._process.stderr  # noqa: S101 - for mypy
        self._in = self._process.stdin.fileno()
        self._out = self._process.stdout.fileno()
        self._err = self._process.stderr.fileno()
        for descriptor in (self._in, self._out, self._err):
            os.set_blocking(descriptor, False)
        self._unsent = memoryview(b"")
        self._received = bytearray()
        self.said = b""
        """The end of what it wrote to standard error."""
        self.ended = False
        """Whether it closed its side, which it does by dying."""
        self.send(setup)

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, payload: bytes) -> None:
        """Hand over a frame, as much of it as the pipe takes now; `pump` sends the rest."""
        self._unsent = memoryview(bytes(self._unsent) + _LENGTH.pack(len(payload)) + payload)
        self._write()

    def pump(self) -> bool:
        """Move what can be moved at once; whether that was anything."""
        wrote = self._write() if self._unsent else False
        answered, self.ended = self._drain()
        return wrote or answered

    def frames(self) -> Iterable[bytes]:
        """The whole frames that have arrived, each once."""
        while len(self._received) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._received)[0]
            if len(self._received) < end:
                return
            frame = bytes(self._received[_LENGTH.size : end])
            del self._received[:end]
            yield frame

    def watch(self, poll: select.poll) -> None:
        """Register what `pump` could move."""
        poll.register(self._out, select.POLLIN)
        poll.register(self._err, select.POLLIN)
        if self._unsent:
            poll.register(self._in, select.POLLOUT)

    def kill(self) -> str:
        """End it, whatever it does, and wait for that; returns how it ended, for a person."""
        self._process.kill()
        code = self._process.wait()
        self._drain()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream:
                stream.close()
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"

    def _write(self) -> bool:
        before = len(self._unsent)
        try:
            while self._unsent:
                self._unsent = self._unsent[os.write(self._in, self._unsent) :]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            # It died; its standard output will say so once what it had still answered is read.
            self._unsent = memoryview(b"")
        return len(self._unsent) < before

    def _drain(self) -> tuple[bool, bool]:
        said, _ = _read(self._err)
        self.said = (self.said + said)[-_KEPT_OF_STDERR:]
        answered, ended = _read(self._out)
        self._received += answered
        return bool(answered), ended


def wait(processes: Iterable[Process], seconds: float) -> None:
    """Return when one of them has something to move, or after `seconds`."""
    poll = select.poll()
    for process in processes:
        process.watch(poll)
    poll.poll(seconds * 1000)


def _read(descriptor: int) -> tuple[bytes, bool]:
    """What is there now, up to a limit because there may always be more, and whether the other side is closed."""
    try:
        chunk = os.read(descriptor, _CHUNK)
    except BlockingIOError:
        return b"", False
    return chunk, not chunk
