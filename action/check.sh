#!/usr/bin/env bash
# Runs `credlint check` with the action's inputs. Inputs are data: they reach the program as whole arguments, and never a
# shell, a command of the runner or a second line of its output file.
set -euo pipefail
: "${CREDLINT_BINARY:?}" "${GITHUB_OUTPUT:?}" "${RUNNER_TEMP:?}"

fail() {
  echo "::error::$1"
  exit 2
}

one_line() {
  [[ ${!1:-} != *$'\n'* && ${!1:-} != *$'\r'* ]] || fail "the input $2 is more than one line"
}
one_line INPUT_POLICY_REF policy-ref
one_line INPUT_BASE base
one_line INPUT_BASELINE baseline
one_line INPUT_FAIL_ON fail-on
one_line INPUT_REPORT report
one_line INPUT_WORKING_DIRECTORY working-directory

report=${INPUT_REPORT:-$RUNNER_TEMP/credlint.json}
# A relative report stands where the workflow runs, wherever the check itself runs.
[[ $report == /* || $report == ?:* ]] || report=$PWD/$report
arguments=(check --format=github "--output=json=$report")
while IFS= read -r line || [[ -n $line ]]; do
  line=${line%$'\r'}
  [[ -z $line ]] || arguments+=("--policy=$line")
done <<<"${INPUT_POLICY:-}"
[[ -z ${INPUT_POLICY_REF:-} ]] || arguments+=("--policy-ref=$INPUT_POLICY_REF")
[[ -z ${INPUT_BASE:-} ]] || arguments+=("--base=$INPUT_BASE")
[[ -z ${INPUT_BASELINE:-} ]] || arguments+=("--baseline=$INPUT_BASELINE")
[[ -z ${INPUT_FAIL_ON:-} ]] || arguments+=("--fail-on=$INPUT_FAIL_ON")
while IFS= read -r line || [[ -n $line ]]; do
  line=${line%$'\r'}
  [[ -z $line ]] || arguments+=("$line")
done <<<"${INPUT_ARGS:-}"
arguments+=(--)
while IFS= read -r line || [[ -n $line ]]; do
  line=${line%$'\r'}
  [[ -z $line ]] || arguments+=("$line")
done <<<"${INPUT_PATHS:-}"

# A relative program, too.
[[ $CREDLINT_BINARY == /* || $CREDLINT_BINARY == ?:* ]] || CREDLINT_BINARY=$PWD/$CREDLINT_BINARY
if [[ -n ${INPUT_WORKING_DIRECTORY:-} ]]; then
  cd -- "$INPUT_WORKING_DIRECTORY" 2>/dev/null || fail "the input working-directory names no directory"
fi
status=0
"$CREDLINT_BINARY" "${arguments[@]}" || status=$?
{
  printf 'exit-code=%s\n' "$status"
  printf 'report=%s\n' "$report"
} >>"$GITHUB_OUTPUT"
exit "$status"
