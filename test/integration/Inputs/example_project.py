"""An example as its reader has it: outside of this tree, beside an installed MobileOne."""
import os
import re
import shutil
import subprocess
import sys


class Project:
    def __init__(self, examples, name, build, top):
        """Puts copies of EXAMPLES/NAME and EXAMPLES/fashion, and an installed tree of BUILD, into `top`."""
        self.name, self.build, self.top = name, build, top
        self.folder, self.prefix = os.path.join(top, name), os.path.join(top, "installed")
        self.install()
        for copied in [name, "fashion"]:
            shutil.copytree(os.path.join(examples, copied), os.path.join(top, copied))
        os.mkdir(os.path.join(top, "bin"))
        with open(os.path.join(top, "bin", "python3"), "w", opener=lambda *name: os.open(*name, 0o755)) as file:
            file.write(f'#!/bin/sh\nexec {sys.executable} "$@"\n')

    def install(self, *arguments):
        subprocess.run(["cmake", "--install", self.build, "--prefix", self.prefix, "--strip", *arguments],
                       stdout=subprocess.DEVNULL, check=True)

    def fail(self, what, *texts):
        sys.exit("\n".join([f"README of {self.name}: {what}", *map(str, texts)]))

    def shell(self, script):
        """Runs `script` where nothing is found that the README does not put there."""
        home = os.path.join(self.top, "home")
        own = {"HOME": home, "PREFIX": self.prefix, "CARGO_HOME": home + "/cargo", "GOPATH": home + "/go",
               "GOCACHE": home + "/go-build", "GOPROXY": "off", "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local",
               "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", os.path.expanduser("~/.rustup")),
               "PATH": os.path.join(self.top, "bin") + os.pathsep + os.environ["PATH"],
               "PYTHONPATH": os.path.join(self.top, "packages"), "MOBILEONE_PREFIX": self.prefix}
        return subprocess.run(["bash", "-ec", script], cwd=self.folder, env={**os.environ, **own},
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def follow(self):
        """Runs the commands of the README's block, the lines that begin with "$ ", and compares what
        the last one prints with the README; returns all."""
        with open(os.path.join(self.folder, "README.md"), encoding="utf-8") as file:
            (block,) = re.findall(r"```\n(.*?)```", file.read().replace("\\\n", " "), re.DOTALL)
        *before, (last, shown) = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
        commands = [command for command, _ in before] + [last]
        got = self.shell("\n".join(commands))
        if got.returncode or got.stdout != shown:
            self.fail(f"expects\n{shown}but got status {got.returncode} and", got.stdout, got.stderr)
        return commands

    def check_refused(self, command, name):
        """That `command` fails by itself, prints nothing and names the file."""
        got = self.shell(command)
        if not 0 < got.returncode < 126 or got.stdout or name not in got.stderr:
            self.fail(f"expects an error that names {name}, but got status {got.returncode}", got.stdout, got.stderr)

    def write(self, name, contents):
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(contents)
