"""Measures a check of one file against parsing it, in turns. usage: compare.py CREDLINT PARSER FILE ROUNDS"""

import json
import os
import pathlib
import subprocess
import sys

from measure import medians


def main():
    program, parser, file, rounds = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]).resolve(), int(sys.argv[4])
    check = [os.path.abspath(program), "check", "--policy=recommended", "--fail-on=never"]
    jobs = {"check": (check + ["--quiet"], (0,)), "parse": ([os.path.abspath(parser), str(file)], (0,))}
    report = subprocess.run(check + ["--format=json"], cwd=file.parent, stdout=subprocess.PIPE, check=True).stdout
    errors = json.loads(report)["summary"]["findings"]["error"]
    middle = medians(jobs, file.parent, rounds)
    size = file.stat().st_size / 2**20
    print(f"{size:.1f} MiB, {errors} errors found; the median of {rounds} rounds in turns")
    for name, (seconds, cpu, memory) in middle.items():
        ratio, share = seconds / middle["parse"][0], memory / size
        print(
            f"{name:10}{seconds * 1000:8.1f} ms {ratio:6.2f} times parsing {cpu * 1000:8.1f} ms of processors"
            f" {memory:8.1f} MiB {share:6.2f} times the file"
        )


main()
