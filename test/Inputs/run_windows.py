"""Runs a program for Windows in Wine: run_windows.py PROGRAM [ARGUMENT...], which is
PROGRAM.exe. Lines of its output end as they do here.

Windows' own folder is made for the one run, of what C programs ask for. Nothing of Windows
is started in it, so that nothing stays."""
import glob
import os
import shutil
import subprocess
import sys
import tempfile

LIBRARIES = ["kernel32.dll", "kernelbase.dll", "msvcrt.dll", "ntdll.dll"]
# Far above any test's: a Wine that hangs is to end.
SECONDS = 1200


def find_wine():
    """Wine's loader, its server and the folder of its libraries, or None. Debian's wine64
    has no commands in PATH; others' have all below one folder."""
    for loader in filter(None, [shutil.which("wine64"), shutil.which("wine"), "/usr/lib/wine/wine64"]):
        folder = os.path.dirname(os.path.realpath(loader))
        server = os.path.join(folder, "wineserver")
        for libraries in glob.glob(os.path.join(folder, "..", "*", "wine", "x86_64-windows")):
            needed = [loader, server, *(os.path.join(libraries, name) for name in LIBRARIES)]
            if all(map(os.path.isfile, needed)):
                return loader, server, libraries
    return None


def main(program, *arguments):
    wine = find_wine()
    if not wine:
        sys.exit("run_windows.py expects wine64 with its wineserver and libraries, but found none")
    loader, server, libraries = wine
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        system = os.path.join(folder, "drive_c", "windows", "system32")
        os.makedirs(system)
        for name in LIBRARIES:
            os.symlink(os.path.join(libraries, name), os.path.join(system, name))
        environment = {**os.environ, "WINEPREFIX": folder, "WINEDEBUG": "-all",
                       "WINEDLLOVERRIDES": "wineboot.exe="}
        try:
            done = subprocess.run([loader, program + ".exe", *arguments], env=environment,
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            sys.exit(f"run_windows.py expects {program}.exe to end within {SECONDS} seconds, "
                     "but it did not")
        finally:
            subprocess.run([server, "-k"], env=environment, timeout=SECONDS)
    sys.stdout.buffer.write(done.stdout.replace(b"\r\n", b"\n"))
    sys.stderr.buffer.write(done.stderr)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main(*sys.argv[1:])
