"""Runs the steps of a composite action as a runner does: `runner.py DIRECTORY < job.json > result.json`.

The job names the inputs, the environment and the workspace. Only the expressions that the action uses are known: one more
is an error, and so is any inside of a script, where it would be code.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml


def evaluated(text, inputs, outputs):
    def value(match):
        expression = match[1].strip()
        if named := re.fullmatch(r"inputs\.([\w-]+)", expression):
            return inputs[named[1]]
        if named := re.fullmatch(r"steps\.([\w-]+)\.outputs\.([\w-]+)", expression):
            return outputs.get(named[1], {}).get(named[2], "")
        if expression == "github.token":
            return "ghs_made_up"
        raise SystemExit(f"the expression {expression} is not known")

    return re.sub(r"\$\{\{(.*?)\}\}", value, str(text))


def main():
    directory = pathlib.Path(sys.argv[1]).resolve()
    job = json.load(sys.stdin)
    action = yaml.safe_load((directory / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    unknown = set(job["inputs"]) - set(action["inputs"])
    assert not unknown, f"there are no inputs {unknown}"
    inputs = {name: job["inputs"].get(name, evaluated(one["default"], {}, {})) for name, one in action["inputs"].items()}
    temp = pathlib.Path(tempfile.mkdtemp(dir=job["scratch"]))
    summary = temp / "summary.md"
    outputs, log, status = {}, "", 0
    for step in action["runs"]["steps"]:
        assert "${{" not in step["run"], "an expression inside of a script is code"
        assert step["shell"] == "bash"
        file = temp / f"output-{step['id']}"
        file.touch()
        environment = {
            "PATH": os.environ["PATH"],
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(directory),
            "GITHUB_OUTPUT": str(file),
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": "X64",
            "RUNNER_TEMP": str(temp),
            **job["environment"],
            **{name: evaluated(text, inputs, outputs) for name, text in step["env"].items()},
        }
        # https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#exit-codes-and-error-action-preference
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        process = subprocess.run(
            command, env=environment, cwd=job["workspace"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        # A line is a name, `=` and a value; the other form, `name<<END`, is one that this action never writes.
        outputs[step["id"]] = dict(line.split("=", 1) for line in file.read_text().splitlines())
        log += process.stdout.decode(errors="replace")
        status = process.returncode
        if status:
            break
    result = {
        "status": status,
        "log": log,
        "outputs": {name: evaluated(one["value"], inputs, outputs) for name, one in action["outputs"].items()},
        "binary": outputs.get("install", {}).get("binary", ""),
        "lines": sum(len(step) for step in outputs.values()),
        "summary": summary.read_text() if summary.exists() else "",
    }
    json.dump(result, sys.stdout)


main()
