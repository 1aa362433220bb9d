"""Follows the README of examples/search, and looks for pictures in other folders.

    search_pictures.py EXAMPLES BUILD IMAGES

Of the images of EXAMPLES/fashion the nearest is mostly of the same class. The page is read as a
browser reads it: each picture has its text, and each address is that of the file.
"""
import html.parser
import os
import re
import shutil
import sys
import tempfile
import urllib.parse

from example_project import Project


class Page(html.parser.HTMLParser):
    """Sections of a page: its pictures, as (file, text), and all words of it."""

    def __init__(self, path):
        super().__init__()
        self.folder, self.sections, self.words, self.open = os.path.dirname(path), [], "", []
        with open(path, encoding="utf-8") as file:
            self.feed(file.read())

    def handle_starttag(self, tag, attributes):
        if tag == "section":
            self.sections.append([])
        if tag == "img":
            attributes = dict(attributes)
            path = os.path.join(self.folder, urllib.parse.unquote(attributes["src"]))
            self.sections[-1].append((os.path.realpath(path), attributes["alt"]))
        assert tag not in ("script", "link"), tag

    def handle_data(self, data):
        self.words += data


def search(folder, query="", page="similar.html"):
    """What is printed: the nearest, as (similarity, name), by the picture's name; messages; the page."""
    got = project.shell(f"build/search '{folder}' '{page}' {query}")
    if got.returncode:
        project.fail(f"expects pictures in {folder}", got.stdout, got.stderr)
    found = {}
    for line in got.stdout.splitlines():
        if line.startswith("  "):
            similarity, name = line.split(maxsplit=1)
            last.append((float(similarity), name))
        else:
            last = found[line] = []
    return found, got.stderr, Page(os.path.join(project.folder, page))


examples, build, images = sys.argv[1:]
with tempfile.TemporaryDirectory() as top:
    project = Project(examples, "search", build, top)
    inside = lambda *names: os.path.realpath(os.path.join(project.folder, *names))
    project.follow()
    page = Page(inside("similar.html"))
    assert len(page.sections) == 1 and len(page.sections[0]) == 7
    assert page.sections[0][0] == (os.path.realpath(os.path.join(top, "fashion/boot.png")), "boot.png")
    assert page.sections[0][1] == (inside("pictures/000-ankle-boot.png"), "000-ankle-boot.png")
    assert re.search(r"0\.999\s*000-ankle-boot", page.words) and "Similar pictures" in page.words

    # Each picture of the folder: no picture is near itself, and all are there.
    found, messages, page = search("pictures")
    assert len(found) == len(page.sections) == 256 and not messages
    kind = lambda name: name[4:]
    same = 0
    for (name, nearest), section in zip(found.items(), page.sections):
        assert [similarity for similarity, _ in nearest] == sorted((s for s, _ in nearest), reverse=True)
        assert [name, *(other for _, other in nearest)] == [text for _, text in section]
        assert name not in (other for _, other in nearest) and all(os.path.isfile(path) for path, _ in section)
        same += kind(nearest[0][1]) == kind(name)
    assert same > 220, same
    print(f"{same} of 256 have their own class nearest")

    # Names of any kind, in folders, all kinds of files; what is none is named and left out.
    os.makedirs(inside("odd/a folder"))
    names = ["<b>&\"50%'.png", "a folder/grün #1?.PNG", "photo.jpeg"]
    for name, source in zip(names, ["rgb8.png", "rgba8.png", "progressive.jpg"]):
        shutil.copy(os.path.join(images, source), inside("odd", name))
    for name in ["half.png", "half.jpg"]:
        source = "rgb8.png" if name.endswith("png") else "progressive.jpg"
        with open(os.path.join(images, source), "rb") as file:
            contents = file.read()
        project.write(f"odd/{name}", contents[:len(contents) // 2])
    project.write("odd/empty.png", b"")
    project.write("odd/note.txt", b"no picture by its name")
    os.makedirs(inside("pages"))
    found, messages, page = search("odd", page="pages/odd.html")
    assert sorted(found) == sorted(map(os.path.basename, names)), found
    pictures = {path: text for section in page.sections for path, text in section}
    assert pictures == {inside("odd", name): os.path.basename(name) for name in names}, pictures
    assert len(messages.splitlines()) == 3 and "note.txt" not in messages, messages
    for name in ["half.png", "half.jpg", "empty.png"]:
        assert re.search(rf"^search: .*{name}: .", messages, re.MULTILINE), messages

    os.makedirs(inside("none"))
    project.check_refused("build/search none similar.html", "none: expects PNG or JPEG files")
    project.check_refused("build/search absent similar.html", "absent")
    project.check_refused("build/search pictures similar.html odd/half.png", "half.png")
    project.check_refused("build/search pictures similar.html absent.png", "absent.png: cannot be read")
    got = project.shell("build/search odd absent/similar.html || exit 3")
    assert got.returncode == 3 and "absent/similar.html: cannot be written" in got.stderr, got.stderr
