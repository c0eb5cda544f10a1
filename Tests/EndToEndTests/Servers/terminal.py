"""Runs a program on a pseudo-terminal and shows what is left on its screen.

terminal.py COLUMNS [--only-stderr] PROGRAM [ARGUMENT…] prints a JSON object: the lines that a person sees at the end, how often a line was
taken away, whether progress was seen, what a pipe got as stdout where only stderr is the terminal, and the exit status.
"""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios

columns = int(sys.argv[1])
arguments = sys.argv[2:]
only_stderr = arguments[0] == "--only-stderr"
if only_stderr:
    arguments = arguments[1:]
ours, theirs = pty.openpty()
fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
environment = {**os.environ, "TERM": "xterm"}
process = subprocess.Popen(
    arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if only_stderr else theirs, stderr=theirs, env=environment
)
os.close(theirs)
seen = b""
while True:
    try:
        chunk = os.read(ours, 65536)
    except OSError:
        break
    if not chunk:
        break
    seen += chunk
piped = process.stdout.read().decode() if only_stderr else ""
status = process.wait()
text = seen.decode()

# What a terminal makes of it: line breaks, returns, erased lines; no other escape is expected.
lines = [""]
column = 0
widest = 0
for part in re.findall(r"\x1b\[K|\x1b\[[0-9;]*m|\r|\n|.", text, re.DOTALL):
    if part == "\x1b[K":
        lines[-1] = lines[-1][:column]
    elif part == "\r":
        column = 0
    elif part == "\n":
        lines.append("")
        column = 0
    elif part.startswith("\x1b["):
        pass
    else:
        lines[-1] = lines[-1][:column] + part + lines[-1][column + 1 :]
        column += 1
        widest = max(widest, column)
if lines[-1] == "":
    lines.pop()
print(json.dumps({
    "lines": lines, "erased": text.count("\x1b[K"), "progress": len(re.findall(r"\r\x1b\[K[^\r\n\x1b]+", text)), "piped": piped,
    "colours": len(re.findall(r"\x1b\[[0-9;]*m", text)), "widest": widest, "status": status,
}))
