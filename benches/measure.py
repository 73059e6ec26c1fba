"""Measures a check against reading the same files, in turns. usage: measure.py PROGRAM DIRECTORY ROUNDS"""

import os
import pathlib
import statistics
import subprocess
import sys
import time


def run(command, directory, statuses=(0,)):
    """Seconds, seconds of processors' time, and the peak memory in MiB."""
    started = time.perf_counter()
    # Reports are written somewhere else than a terminal: that is what is measured, not the terminal.
    process = subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in statuses:
        sys.exit(f"{command[0]} ended with {process.returncode}: {error.decode(errors='replace')[:500]}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


READ = ["sh", "-c", "find . -type f -print0 | xargs -0 cat >/dev/null"]


def medians(jobs, directory, rounds):
    """Of each job, a command and the statuses it may end with, run in turns: what `run` says, in the median."""
    for command, statuses in jobs.values():
        run(command, directory, statuses)  # once, so that all find the files in memory
    results = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, (command, statuses) in jobs.items():
            results[name].append(run(command, directory, statuses))
    return {name: [statistics.median(figures) for figures in zip(*result)] for name, result in results.items()}


def main():
    program, directory, rounds = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3])
    single = next(iter(sorted(pathlib.Path(directory).rglob("*.tf"))), None)
    check = [program, "check", "--quiet", "--fail-on=never", "--policy=recommended"]
    jobs = {
        "check": (check, (0,)),
        "read": (READ, (0,)),
        "true": (["true"], (0,)),
    }
    if single:
        jobs["one file"] = (check + ["--", str(single)], (0,))
    middle = medians(jobs, directory, rounds)
    files = [file for file in pathlib.Path(directory).rglob("*") if file.is_file() and not file.is_symlink()]
    size = sum(file.stat().st_size for file in files)
    print(f"{len(files)} files, {size / 2**20:.1f} MiB; the median of {rounds} rounds in turns")
    (check, check_cpu, memory), (read, read_cpu, _) = middle["check"], middle["read"]
    print(f"check          {check * 1000:8.1f} ms   {check / read:6.2f} times reading   {check_cpu * 1000:8.1f} ms of processors")
    print(f"read           {read * 1000:8.1f} ms                         {read_cpu * 1000:8.1f} ms of processors")
    if single:
        beyond = middle["one file"][0] - middle["true"][0]
        print(f"one file       {beyond * 1000:8.1f} ms   beyond starting a program ({middle['true'][0] * 1000:.1f} ms)")
    print(f"peak memory    {memory:8.1f} MiB")


if __name__ == "__main__":
    main()
