"""Measures a check against other scanners, in turns. usage: peers.py CREDLINT BIN DIRECTORY ROUNDS

BIN is where `gitleaks` and `kingfisher` are. Each reports as it does by default, with secrets hidden, to nowhere.
"""

import os
import sys

from measure import READ, medians


def main():
    program, peers, directory, rounds = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    gitleaks = [f"{peers}/gitleaks", "dir", "--no-banner", "--redact", "--log-level=error", "--exit-code=0", "."]
    kingfisher = [f"{peers}/kingfisher", "scan", "--no-validate", "--git-history=none", "--redact", "--no-update-check", "."]
    jobs = {
        "read": (READ, (0,)),
        # The strict policy has no rule off.
        "credlint": ([program, "check", "--quiet", "--fail-on=never", "--policy=strict"], (0,)),
        "gitleaks": (gitleaks, (0,)),
        # It ends with 200 where it finds something, with 205 where that is still valid.
        "kingfisher": (kingfisher, (0, 200, 205)),
    }
    middle = medians(jobs, directory, rounds)
    print(f"{directory}; the median of {rounds} rounds in turns, on {os.cpu_count()} processors")
    for name, (seconds, cpu, memory) in middle.items():
        share = "" if name in ("read", "credlint") else f"   credlint is {seconds / middle['credlint'][0]:5.1f} times as fast"
        ratio = seconds / middle["read"][0]
        print(f"{name:12}{seconds:8.2f} s {ratio:7.2f} times reading {cpu:8.2f} s of processors {memory:8.0f} MiB{share}")


main()
