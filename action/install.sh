#!/usr/bin/env bash
# Finds credlint's program, or builds it from the sources this action stands in. Its path becomes the output `binary`.
set -euo pipefail
: "${GITHUB_ACTION_PATH:?}" "${GITHUB_OUTPUT:?}" "${RUNNER_TEMP:?}"

binary=${INPUT_BINARY:-}
if [[ $binary == *$'\n'* ]]; then
  echo "::error::the input binary is more than one line"
  exit 2
elif [[ -n $binary ]]; then
  [[ -f $binary && -x $binary ]] || { echo "::error::the input binary names no program"; exit 2; }
elif ! binary=$(command -v credlint); then
  if ! command -v cargo >/dev/null; then
    echo "::error::credlint is not installed, and there is no cargo to build it: install Rust or give the input binary"
    exit 2
  fi
  cargo build --release --locked --manifest-path "$GITHUB_ACTION_PATH/Cargo.toml" --target-dir "$RUNNER_TEMP/credlint"
  binary=$RUNNER_TEMP/credlint/release/credlint
  [[ -x $binary ]] || binary+=.exe
fi
printf 'binary=%s\n' "$binary" >>"$GITHUB_OUTPUT"
