"""usage: link_photographs.py FOLDER OTHER
Links two of each five files of FOLDER, in the order of their names, into OTHER."""
import os
import sys

folder, other = sys.argv[1:]
for i, name in enumerate(sorted(os.listdir(folder))):
    if i % 5 in (0, 2):
        os.symlink(os.path.abspath(os.path.join(folder, name)), os.path.join(other, name))
