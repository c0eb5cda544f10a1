"""Runs a program as somebody at a terminal of its own does.

session.py type COLUMNS TEXT PROGRAM [ARGUMENT…] types TEXT and waits for its end.
session.py close COLUMNS TEXT PROGRAM [ARGUMENT…] closes the terminal once TEXT was shown. `stay` is the same for one that is to go on
without its terminal: it is killed after a while.
Prints what was shown, and ends with the program's status, 128 and the signal's number where one ended it.
"""

import fcntl
import os
import pty
import struct
import sys
import termios
import time

mode, columns, text = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode()
process, terminal = pty.fork()
if process == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.execv(sys.argv[4], sys.argv[4:])
if mode == "type":
    os.write(terminal, text)
shown = b""
while mode == "type" or text not in shown:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    shown += chunk
os.close(terminal)
deadline = time.monotonic() + (8 if mode == "stay" else 30)
while True:
    ended, status = os.waitpid(process, os.WNOHANG)
    if ended:
        break
    if time.monotonic() > deadline:
        os.kill(process, 9)
        sys.exit("it went on without its terminal")
    time.sleep(0.02)
sys.stdout.write(shown.decode().replace("\r\n", "\n"))
sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
