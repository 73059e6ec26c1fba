#!/usr/bin/env bash
# Runs `credlint check` once with the action's inputs. Inputs are data: they reach the program as whole arguments, and
# never a shell, a command of the runner or a second line of its output file.
set -euo pipefail
: "${ACTION_BINARY:?}" "${ACTION_OPTIONS:?}" "${ACTION_REPORTS:?}" "${GITHUB_OUTPUT:?}" "${RUNNER_TEMP:?}"
# GitHub takes no longer summary of a step:
# https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#step-isolation-and-limits
readonly SUMMARY_BYTES=1048576

# No message holds an input: it could be a command of the runner.
fail() {
  echo "::error::$1"
  exit 2
}

# The value of an input.
input() {
  local variable
  variable=INPUT_$(tr 'a-z-' 'A-Z_' <<<"$1")
  printf '%s' "${!variable:-}"
}

# The value of an input that is one line.
line() {
  local value
  value=$(input "$1")
  [[ $value != *$'\n'* && $value != *$'\r'* ]] || fail "the input $1 is more than one line" >&2
  printf '%s' "$value"
}

# Adds an argument for each line that is not empty: PREFIX LINES.
each_line() {
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line%$'\r'}
    [[ -z $line ]] || arguments+=("$1$line")
  done <<<"$2"
}

# Adds an option of `credlint check`, which is an input of the same name: KIND NAME.
add_option() {
  local value
  if [[ $1 == list ]]; then
    each_line "--$2=" "$(input "$2")"
    return
  fi
  value=$(line "$2")
  case $1:$value in
    *: | flag:false | optional:false) ;;
    flag:true | optional:true) arguments+=("--$2") ;;
    flag:*) fail "the input $2 is neither true nor false" ;;
    *) arguments+=("--$2=$value") ;;
  esac
}

# A path that stays where the workflow runs, wherever the check itself runs.
absolute() {
  [[ $1 == /* || $1 == ?:* ]] && printf '%s' "$1" || printf '%s' "$PWD/$1"
}

# Findings in all and those that are errors, of the summary with which the report begins.
counts() {
  awk '$1 == "\"findings\":" { inside = 1 }
    inside && /: [0-9]+,?$/ { all += $2; if ($1 == "\"error\":") errors = $2 + 0 }
    inside && /}/ { printf "findings=%d\nerrors=%d\n", all, errors; exit }' "$1"
}

# Where the report is posted in every way there is, the annotations are the check run's, or else the last of these ways.
format=github
case $(line publish) in true | 1) format=text ;; esac
arguments=(check "--format=$format")
outputs=
summary=
for format in $ACTION_REPORTS; do
  file=$RUNNER_TEMP/credlint.$format
  if [[ $format == markdown ]]; then
    summary=$file
  else
    # The report as such is the one in JSON.
    name=${format/json/report}
    given=$(line "$name")
    [[ -z $given ]] || file=$(absolute "$given")
    outputs+=$name=$file$'\n'
    [[ $format != json ]] || report=$file
  fi
  rm -f -- "$file"
  arguments+=("--output=$format=$file")
done
for option in $ACTION_OPTIONS; do
  add_option "${option%%:*}" "${option#*:}"
done
each_line "" "$(input args)"
arguments+=(--)
each_line "" "$(input paths)"

directory=$(line working-directory)
if [[ -n $directory ]]; then
  cd -- "$directory" 2>/dev/null || fail "the input working-directory names no directory"
fi
status=0
"$ACTION_BINARY" "${arguments[@]}" || status=$?
{
  printf 'exit-code=%s\n' "$status"
  printf '%s' "$outputs"
  [[ ! -f $report ]] || counts "$report"
} >>"$GITHUB_OUTPUT"
# Who publishes has written a summary already.
if [[ -f $summary && -n ${GITHUB_STEP_SUMMARY:-} && ! -s $GITHUB_STEP_SUMMARY ]]; then
  if (($(wc -c <"$summary") <= SUMMARY_BYTES)); then
    cat -- "$summary" >>"$GITHUB_STEP_SUMMARY"
  else
    echo "credlint found more than a summary holds: its report has all of it." >>"$GITHUB_STEP_SUMMARY"
  fi
fi
exit "$status"
