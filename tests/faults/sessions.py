"""Another session at the database, which keeps its transaction open between two statements."""

import subprocess

from cli.harness import psql


class Session:
    """psql that waits for more. `run` returns when the statements are done."""

    def __init__(self, database):
        self.process = subprocess.Popen(
            [psql(), "-X", "-q", "-At", "-d", database.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.stdout.close()
        self.process.wait(30)

    def run(self, statements):
        """Lines that they printed; an error is one of them."""
        self.process.stdin.write(f"{statements};\n\\echo ready\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line == "ready\n":
                return lines
            lines.append(line.rstrip("\n"))
        raise AssertionError(f"the session ended: {lines}")
