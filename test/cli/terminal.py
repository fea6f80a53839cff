"""Runs a command on a pseudo-terminal of 80 by 24 and relays it: stdin to its keyboard, its screen to stdout. Ends with its exit code."""

import fcntl
import os
import pty
import select
import struct
import sys
import termios


def main() -> int:
    child, screen = pty.fork()
    if child == 0:
        os.execvp(sys.argv[1], sys.argv[1:])
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    relay(screen)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) & 255


def relay(screen: int) -> None:
    sources = [screen, 0]
    while True:
        ready, _, _ = select.select(sources, [], [])
        if screen in ready:
            try:
                text = os.read(screen, 65536)
            except OSError:
                return
            if not text:
                return
            os.write(1, text)
        if 0 in ready:
            keys = os.read(0, 65536)
            if keys:
                os.write(screen, keys)
            else:
                # The terminal goes away, as when an SSH session is lost.
                os.close(screen)
                return


sys.exit(main())
