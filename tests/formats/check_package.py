"""Reads a package as a recipient would, without the tool: every file against the manifest.

Usage: check_package.py PACKAGE. Prints the manifest's files as JSON; fails on the first fault.
"""

import hashlib
import json
import sys
import zipfile


def digest_and_size(package, name):
    digest, size = hashlib.sha256(), 0
    with package.open(name) as content:  # reading to the end checks the CRC too
        while piece := content.read(1 << 20):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def main(path):
    with zipfile.ZipFile(path) as package:
        infos = package.infolist()
        assert infos[-1].filename == "manifest.json", infos[-1]
        manifest = json.loads(package.read("manifest.json"))
        names = [info.filename for info in infos[:-1]]
        assert names == [file["name"] for file in manifest["files"]], names
        assert len(set(names)) == len(names)
        for info in infos:
            assert info.external_attr >> 16 == 0o100600, info
            assert info.date_time == infos[0].date_time, info
            assert info.filename.isascii() or info.flag_bits & 0x800, info
        for file in manifest["files"]:
            assert (file["sha256"], file["bytes"]) == digest_and_size(package, file["name"]), file
            if "rows" in file:
                rows = json.loads(package.read(file["name"]))
                assert len(rows) == file["rows"], file
        print(json.dumps({"date_time": infos[0].date_time, "files": manifest["files"]}))


if __name__ == "__main__":
    main(sys.argv[1])
