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


def find_tool(name):
    """Debian's wine64 has no commands in PATH."""
    return shutil.which(name) or os.path.join("/usr/lib/wine", name)


program, *arguments = sys.argv[1:]
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    system = os.path.join(folder, "drive_c", "windows", "system32")
    os.makedirs(system)
    for name in ["kernel32", "kernelbase", "msvcrt", "ntdll"]:
        library, = glob.glob(f"/usr/lib/*/wine/x86_64-windows/{name}.dll")
        os.symlink(library, os.path.join(system, f"{name}.dll"))
    environment = {**os.environ, "WINEPREFIX": folder, "WINEDEBUG": "-all",
                   "WINEDLLOVERRIDES": "wineboot.exe="}
    try:
        done = subprocess.run([find_tool("wine64"), program + ".exe", *arguments], env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True)
    finally:
        subprocess.run([find_tool("wineserver"), "-k"], env=environment)
sys.stdout.buffer.write(done.stdout.replace(b"\r\n", b"\n"))
sys.stderr.buffer.write(done.stderr)
sys.exit(done.returncode)
