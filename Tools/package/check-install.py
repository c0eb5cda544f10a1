#!/usr/bin/env python3
"""check-install.py PROGRAM: runs the commands of docs/install.md, "As a Debian package" and "In a container", as they stand there.

Neither docker nor systemd is needed: stand-ins do what the Dockerfile, the unit and the package's scripts say, in a mount namespace of
its own: whose the files and the folders are, as whom the program runs, in which folder, with which command. What they cannot show is
whether the image can be built, and the unit's sandbox. Nothing outside of a temporary folder is changed. Needs root, and util-linux.
"""
import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

repository = Path(__file__).resolve().parents[2]
FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>%s</channel></rss>'
# What the service and its group are, where nobody else is.
SERVICE, GROUP, SOMEBODY = 61234, 61235, 61236
# Of this machine, and asked often: what no reader of the page would write.
QUICK = "fetch: {allow_private_addresses: true, every: 1s}\nbacklog: all\n"


def fail(text):
    sys.exit(f"check-install.py: {text}")


class News(BaseHTTPRequestHandler):
    items = []

    def do_GET(self):
        items = "".join(f"<item><guid>{i}</guid><title>{t}</title></item>" for i, t in enumerate(News.items))
        body = (FEED % items).encode()
        self.send_response(200)
        self.send_header("content-type", "application/rss+xml")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def until(what, condition, seconds=120):
    end = time.time() + seconds
    while not condition():
        if time.time() > end:
            fail(f"waited in vain: {what}")
        time.sleep(0.05)


def chapter(name):
    """The blocks of a chapter, each a list of commands without their comments."""
    text = (repository / "docs/install.md").read_text().split(f"\n## {name}\n")[1].split("\n## ")[0]
    blocks = [block.replace("\\\n", "").strip().split("\n") for block in re.findall(r"```sh\n(.*?)```", text, re.S)]
    return text, [[re.sub(r"\s{3,}# .*", "", line) for line in block] for block in blocks]


class Lab:
    """A file system as far as it matters: this system's programs, our own /etc, /var, /data and program."""

    def __init__(self, program):
        self.place = Path(tempfile.mkdtemp(prefix="tocsin-install-"))
        self.place.chmod(0o755)
        self.root = self.place / "root"
        self.bound = [p for p in ("lib", "lib64", "bin", "sbin", "proc", "dev") if Path("/", p).is_dir()]
        self.bound += [f"usr/{p.name}" for p in Path("/usr").iterdir() if p.is_dir() and p.name != "share"]
        self.bound += [f"usr/share/{p}" for p in ("zoneinfo", "ca-certificates") if Path("/usr/share", p).is_dir()]
        # A program that was built for a test has the compiler's libraries beside it, and not in it.
        libraries = subprocess.run(["ldd", str(program)], text=True, stdout=subprocess.PIPE, check=False).stdout
        for folder in sorted({str(Path(p).parent)[1:] for p in re.findall(r"=> (/\S+)", libraries)}):
            if not any(folder == bound or folder.startswith(bound + "/") for bound in self.bound):
                self.bound.append(folder)
        for folder in self.bound + ["data", "tmp", "var/lib", "image/bin"]:
            (self.root / folder).mkdir(parents=True)
        (self.root / "tmp").chmod(0o1777)
        shutil.copytree("/etc", self.root / "etc", symlinks=True,
                        ignore=lambda folder, names: [n for n in names if n.startswith("ssl") or n == "tocsin"])
        shutil.copy(program, self.root / "image/bin/tocsin")
        share = self.root / "usr/share/tocsin"
        shutil.copytree(repository / "Examples/watchlists", share / "watchlists")
        shutil.copy(repository / "Examples/feeds.schema.json", share)
        # Where the program looks for its lists.
        (self.root / "image/share").mkdir()
        (self.root / "image/share/tocsin").symlink_to("/usr/share/tocsin")
        self.home = self.place / "home"
        self.home.mkdir()
        self.log = self.place / "log"
        self.service = None

    def inside(self, command, user=0, groups=(), mounts=(), cwd="/", umask="022"):
        steps = ["mount --make-rprivate /"]
        steps += [f"mount --rbind /{folder} {self.root}/{folder}" for folder in self.bound]
        steps += [f"mount --bind '{source}' {self.root}{target}" for source, target in mounts]
        groups = "--groups " + ",".join(map(str, groups)) if groups else "--clear-groups"
        who = f"setpriv --reuid {user} --regid {user} {groups}"
        steps.append(f"exec chroot {self.root} /bin/sh -c 'cd {cwd} && umask {umask} && exec {who} env -i "
                     "PATH=/image/bin:/usr/bin:/bin \"$@\"' - \"$@\"")
        return ["unshare", "-m", "sh", "-ec", "; ".join(steps), "-"] + command

    def start(self, command, **how):
        if self.service:
            fail("it runs already")
        with open(self.log, "ab") as log:
            self.service = subprocess.Popen(self.inside(command, **how), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        before = self.text().count("watching")
        until("the monitor runs", lambda: self.text().count("watching") > before or self.service.poll() is not None)
        if self.service.poll() is not None:
            fail(f"the monitor has ended:\n{self.text()}")

    def text(self):
        return self.log.read_text() if self.log.exists() else ""

    def stop(self):
        if self.service:
            self.service.terminate()
            if self.service.wait(60) != 0:
                fail(f"the monitor ended with {self.service.returncode}:\n{self.text()}")
        self.service = None

    def run(self, line, answers="", user=0):
        """A command as it stands in the page, outside of the stand-ins."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.home)}
        who = ["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups"]
        done = subprocess.run(who + ["sh", "-c", "umask 022; " + line], cwd=self.home, env=environment, input=answers, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
        self.tell(line, done)
        return done.stdout

    def do(self, line, command, answers="", **how):
        done = subprocess.run(self.inside(command, **how), input=answers, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=300)
        self.tell(line, done)
        return done.stdout

    @staticmethod
    def tell(line, done):
        print(f"$ {line}\n{textwrap.indent(done.stdout, '    ')}", end="", flush=True)
        if done.returncode != 0:
            fail(f"'{line}' ended with {done.returncode}")

    def close(self):
        if self.service:
            self.service.kill()
            self.service.wait()
        shutil.rmtree(self.place, ignore_errors=True)


def told(alerts, *titles):
    News.items += titles
    until("the alerts are in the file", lambda: alerts.exists() and all(t in alerts.read_text() for t in News.items))


def page_answers(port, token):
    def status(*extra):
        address = f"http://127.0.0.1:{port}/api/v1/status"
        return subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", *extra, address],
                              text=True, stdout=subprocess.PIPE, check=False).stdout

    until("the page lets in who has the token", lambda: status("-H", f"Authorization: Bearer {token}") == "200")
    if status() != "401":
        fail("the page lets in who has no token")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# MARK: the container

class Docker:
    """What `docker` does with the image of Examples/Dockerfile."""

    def __init__(self, lab):
        self.lab = lab
        text = (repository / "Examples/Dockerfile").read_text().split("\nFROM ")[-1]
        said = dict(re.findall(r"^(USER|WORKDIR|CMD|VOLUME|ENTRYPOINT) (.*)$", text, re.M))
        self.user = int(said["USER"].split(":")[0])
        self.folder, self.command = said["WORKDIR"], json.loads(said["CMD"])
        made = re.search(r"install -d -o (\d+) -g (\d+) -m (\d+) (\S+)", text)
        if made[4] != said["VOLUME"] or said["USER"] != f"{made[1]}:{made[2]}" or json.loads(said["ENTRYPOINT"]) != ["/usr/bin/tocsin"]:
            fail("the Dockerfile's user does not own its volume, or another program is run")
        self.mode = int(made[3], 8)
        self.how = None

    def volume(self, name):
        folder = self.lab.place / "volumes" / name
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(self.mode)
            os.chown(folder, self.user, self.user)
        return folder

    def __call__(self, line, answers):
        """Runs a line that begins with docker, as a shell of SOMEBODY's would have it."""
        words = subprocess.run(["setpriv", "--reuid", str(SOMEBODY), "--regid", str(SOMEBODY), "--clear-groups", "sh", "-c",
                                "eval set -- \"$1\"; printf '%s\\0' \"$@\"", "-", line],
                               cwd=self.lab.home, env={"PATH": "/usr/bin:/bin", "PWD": str(self.lab.home)},
                               text=True, stdout=subprocess.PIPE, check=True).stdout.split("\0")[1:-1]
        action, words = words[0], words[1:]
        if action == "build":
            if words[:3] != ["-f", "Examples/Dockerfile", "-t"]:
                fail(f"another image is built: {line}")
            return ""
        if action == "exec":
            return self.lab.do(line, words[1:], **self.how)
        if action == "logs":
            return self.lab.text()
        if action == "rm":
            self.lab.stop()
            return ""
        if action != "run":
            fail(f"the stand-in has no {action}")
        user, mounts, waits = self.user, [], True
        while words[0] != "tocsin":
            word = words.pop(0)
            if word == "-u":
                user = int(words.pop(0).split(":")[0])
            elif word == "-v":
                source, target = words.pop(0).split(":")[:2]
                mounts.append((source if "/" in source else self.volume(source), target))
            elif word == "-d":
                waits = False
            elif word in ("-p", "--restart", "--name"):
                words.pop(0)
            elif word not in ("--rm", "-it"):
                fail(f"the stand-in does not know {word}")
        how = {"user": user, "mounts": mounts, "cwd": self.folder}
        command = ["tocsin"] + (words[1:] or self.command)
        if waits:
            return self.lab.do(line, command, answers, **how)
        self.how = how
        self.lab.start(command, **how)
        return ""


def container(program, feed):
    text, (own, volume, page) = chapter("In a container")
    lab = Lab(program)
    try:
        os.chown(lab.home, SOMEBODY, SOMEBODY)
        docker = Docker(lab)

        def block(lines, folder, owner):
            for line in lines:
                if not line.startswith("docker "):
                    lab.run(line, user=SOMEBODY)
                    continue
                answers = f"Raesh Qazbekuly\nno\nнет.\nyes\nno\nno\nno\n{feed}\nno\nyes\n"
                said = docker(line + (" --offline" if line.endswith(" init") else ""), answers)
                if line.endswith(" init"):
                    path = folder() / "feeds.yaml"
                    if re.search(r"aliases|name: words|camps", path.read_text()):
                        fail(f"no was taken for something to look for:\n{path.read_text()}")
                    path.write_text(path.read_text() + QUICK)
                if " add person" in line and "has read it" not in said:
                    fail("the running monitor was not told who was added")
            for path in folder().iterdir():
                if path.stat().st_uid != owner or path.stat().st_mode & 0o077:
                    fail(f"{path.name} belongs to {path.stat().st_uid}, mode {path.stat().st_mode & 0o777:o}")

        watch = lab.home / "watch"
        block(own, lambda: watch, SOMEBODY)
        told(watch / "alerts.jsonl", "Court hears Raesh Qazbekuly", "Жайнар Серікқызы is free")
        port = free_port()
        web = re.search(r"`(web: \{.*?\})`", text)[1].replace("8420", str(port))
        (watch / "feeds.yaml").write_text((watch / "feeds.yaml").read_text() + web + "\n")
        block(page, lambda: watch, SOMEBODY)
        page_answers(port, (watch / "web-token").read_text().strip())
        lab.stop()
        News.items.clear()
        block(volume, lambda: docker.volume("tocsin"), docker.user)
        told(docker.volume("tocsin") / "alerts.jsonl", "Court hears Raesh Qazbekuly")
        lab.stop()
    finally:
        lab.close()


# MARK: the Debian package

def debian(program, feed):
    _, blocks = chapter("As a Debian package")
    service = next(b for b in blocks if any("enable --now" in line for line in b))
    page = next(b for b in blocks if any("web-token" in line for line in b))
    unit = (repository / "Examples/systemd/tocsin.service").read_text()
    said = dict(re.findall(r"^#?([A-Za-z]+)=(.*)$", unit, re.M))
    command = said["ExecStart"].replace("/usr/local/bin/", "").split()
    lab = Lab(program)
    try:
        # As postinst and systemd leave it.
        (lab.root / "etc/group").open("a").write(f"{said['SupplementaryGroups']}:x:{GROUP}:\n")
        folder, state = lab.root / "etc/tocsin", lab.root / "var/lib" / said["StateDirectory"]
        folder.mkdir(mode=0o750)
        os.chown(folder, 0, GROUP)
        state.mkdir(mode=0o700)
        config = folder / "feeds.yaml"
        shutil.copy(repository / "Tools/package/debian/feeds.yaml", config)

        def start():
            os.chown(state, SERVICE, SERVICE)
            lab.start(command, user=SERVICE, groups=[GROUP], cwd=said["WorkingDirectory"], umask=said["UMask"])

        port = free_port()

        def line_of(line):
            if line == "sudoedit /etc/tocsin/feeds.yaml":
                text = config.read_text()
                if "\n# web:\n" in text and lab.service:
                    head, tail = text.split("\n# web:\n")
                    text = head + "\nweb:\n" + tail.replace("# ", "").replace("8420", str(port))
                else:
                    # Without the sites on the Internet.
                    text = re.sub(r".*/central-asia-feeds.yaml.*\n", "", text)
                    text += QUICK + f"feeds: ['{feed}']\n"
                    text = text.replace("watch:\n", "watch:\n  - {name: family, people: [Raesh Qazbekuly]}\n", 1)
                config.write_text(text)
            elif line.startswith("sudo systemctl"):
                if "restart" in line:
                    lab.stop()
                start()
            elif line.startswith("journalctl"):
                pass
            elif "| sudo " in line:
                made = subprocess.run(["sh", "-c", line.split("|")[0]], text=True, stdout=subprocess.PIPE, check=True).stdout
                lab.do(line, line.split("| sudo ")[1].split(), made)
            elif line.startswith("sudo "):
                words = subprocess.run(["sh", "-c", "eval set -- \"$1\"; printf '%s\\0' \"$@\"", "-", line[len("sudo "):]],
                                       text=True, stdout=subprocess.PIPE, check=True).stdout.split("\0")[:-1]
                return lab.do(line, words)
            else:
                fail(f"the stand-in does not know '{line}'")
            return ""

        for line in service:
            if " add person" in line:
                # Who may read it is the administrator's choice, and stays.
                os.chown(config, 0, GROUP)
                config.chmod(0o640)
                if "has read it" not in line_of(line):
                    fail("the running service was not told who was added")
            else:
                line_of(line)
        for path in folder.iterdir():
            found = path.stat()
            if (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) != (0, GROUP, 0o640):
                fail(f"{path.name} is of {found.st_uid}:{found.st_gid}, mode {found.st_mode & 0o777:o}, after 'add'")
        told(state / "alerts.jsonl", "Court hears Raesh Qazbekuly", "Жайнар Серікқызы is free")
        for line in page:
            line_of(line)
        page_answers(port, (folder / "web-token").read_text().strip())
        # A first configuration that root makes there is one that the service can read, and that keeps its things where it may write.
        lab.do("tocsin init", ["tocsin", "init", "--offline", "--config", "/etc/tocsin/mine.yaml"],
               f"Raesh Qazbekuly\nno\nno\nyes\nno\nno\nno\n{feed}\nno\nyes\n", umask="077")
        mine = folder / "mine.yaml"
        mine.write_text(mine.read_text() + QUICK)
        lab.stop()
        News.items.clear()
        for path in state.iterdir():
            path.unlink()
        command = ["tocsin", "run", "--config", "/etc/tocsin/mine.yaml"]
        start()
        told(state / "alerts.jsonl", "Court hears Raesh Qazbekuly")
        lab.stop()
    finally:
        lab.close()


def main():
    tools = all(map(shutil.which, ("unshare", "setpriv", "chroot", "curl", "openssl")))
    if os.geteuid() != 0 or not tools or subprocess.run(["unshare", "-m", "true"], check=False).returncode != 0:
        print("SKIPPED: check-install.py needs root that may mount, util-linux, curl and openssl")
        return
    program = Path(sys.argv[1]).resolve()
    server = HTTPServer(("127.0.0.1", 0), News)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    feed = f"http://127.0.0.1:{server.server_port}/feed"
    container(program, feed)
    News.items.clear()
    debian(program, feed)
    print("check-install.py: the commands of docs/install.md do what it says")


if __name__ == "__main__":
    main()
