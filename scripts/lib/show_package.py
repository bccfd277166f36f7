"""show_package.py PACKAGE: a short look into an export, for scripts/demo.

Checks every file against its SHA-256 in the manifest and prints records per set and the first lines
of the facts that came with them.
"""

import hashlib
import json
import sys
import zipfile


def check(package, files):
    """Every file of the package but the manifest is in it, with the content it names."""
    named = {entry["name"]: entry["sha256"] for entry in files}
    present = set(package.namelist()) - {"manifest.json"}
    if set(named) != present:
        sys.exit(f"the manifest and the package differ in {sorted(set(named) ^ present)}")
    for name, digest in named.items():
        if hashlib.sha256(package.read(name)).hexdigest() != digest:
            sys.exit(f"{name} is not what the manifest says")
    print(f"  all {len(named)} files have the SHA-256 that manifest.json gives")


def excerpt(text, lines):
    """The first lines of a text, indented, none longer than a terminal's."""
    for line in text.splitlines()[:lines]:
        print("  " + (line if len(line) <= 76 else line[:75] + "…"))
    print("  …")


def main():
    with zipfile.ZipFile(sys.argv[1]) as package:
        files = json.loads(package.read("manifest.json"))["files"]
        check(package, files)
        sets = [entry for entry in files if entry["name"].startswith("data/") and "rows" in entry]
        for entry in sets:
            if entry["rows"]:
                print(f"  {entry['rows']:6}  {entry['name']}")
        empty = sum(1 for entry in sets if not entry["rows"])
        print(f"  {sum(entry['rows'] for entry in sets):6}  records in all; {empty} further record sets hold none")
        print("\nabout.json begins:")
        excerpt(package.read("about.json").decode(), 14)


main()
