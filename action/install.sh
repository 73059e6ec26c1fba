#!/usr/bin/env bash
# Finds credlint's program and writes its path to the output `binary`: the one that is given, else the release whose
# checksums stand in this action's own commit, else (a commit that is no release) what cargo builds from its sources.
set -euo pipefail
: "${GITHUB_ACTION_PATH:?}" "${GITHUB_OUTPUT:?}" "${RUNNER_TEMP:?}"
readonly RELEASES=https://github.com/credlint/credlint/releases/download
readonly CHECKSUMS=$GITHUB_ACTION_PATH/checksums.txt

# No message holds an input: it could be a command of the runner.
fail() {
  echo "::error::$1"
  exit 2
}

found() {
  printf 'binary=%s\n' "$1" >>"$GITHUB_OUTPUT"
  exit 0
}

given() {
  local binary=$INPUT_BINARY
  [[ $binary != *$'\n'* && $binary != *$'\r'* ]] || fail "the input binary is more than one line"
  binary=$(command -v -- "$binary") && [[ -f $binary && -x $binary ]] || fail "the input binary names no program"
  # The check may run in another directory.
  [[ $binary == /* || $binary == ?:* ]] || binary=$PWD/$binary
  found "$binary"
}

build() {
  command -v cargo >/dev/null || fail "this action's commit is no release, and there is no cargo to build it: \
use the commit of a release, install Rust, or give the input binary"
  cargo build --release --locked --manifest-path "$GITHUB_ACTION_PATH/Cargo.toml" --target-dir "$RUNNER_TEMP/credlint" >&2
  local binary=$RUNNER_TEMP/credlint/release/credlint
  [[ -x $binary ]] || binary+=.exe
  found "$binary"
}

# The release that the checksums are of; empty if there are none.
pinned_version() {
  sed -n 's/^[0-9a-f]\{64\}  credlint-\([0-9.]*\)-.*\.tar\.gz$/\1/p' "$CHECKSUMS" | sort -u
}

target() {
  case ${RUNNER_OS:-}-${RUNNER_ARCH:-} in
    Linux-X64) echo x86_64-unknown-linux-musl ;;
    Linux-ARM64) echo aarch64-unknown-linux-musl ;;
    macOS-X64) echo x86_64-apple-darwin ;;
    macOS-ARM64) echo aarch64-apple-darwin ;;
    Windows-X64) echo x86_64-pc-windows-msvc ;;
    *) fail "there is no release for this runner's system and architecture: give the input binary" >&2 ;;
  esac
}

# What this action's commit says of a file: its SHA-256.
pinned() {
  awk -v name="$1" '$2 == name && length($1) == 64 { print $1 }' "$CHECKSUMS"
}

is_pinned() {
  local expected actual
  expected=$(pinned "$2")
  if command -v sha256sum >/dev/null; then
    actual=$(sha256sum <"$1")
  else
    actual=$(shasum -a 256 <"$1")
  fi
  [[ -n $expected && ${actual%% *} == "$expected" ]]
}

download() {
  local url=${CREDLINT_BASE_URL:-$RELEASES}/v$1/$2
  curl --fail --silent --show-error --location --proto =https --proto-redir =https --retry 3 --connect-timeout 20 \
    --max-time 300 --max-filesize 200000000 --output "$3" -- "$url" ||
    fail "the release cannot be downloaded (https only); CREDLINT_BASE_URL names another place that holds it"
}

# A private copy of the program, from the tool cache or from the release. The cache is everybody's on a runner of one's
# own: so the copy is what is judged, and what runs.
release() {
  local version=$1 target name executable=credlint cache scratch
  target=$(target)
  [[ $target != *windows* ]] || executable+=.exe
  name=credlint-$version-$target
  [[ -n $(pinned "$name.tar.gz") ]] || fail "this action's commit holds no checksum for this runner's system"
  cache=${RUNNER_TOOL_CACHE:-$RUNNER_TEMP}/credlint/$version/$target
  scratch=$(mktemp -d "$RUNNER_TEMP/credlint.XXXXXX")
  cd -- "$scratch"
  if [[ -f $cache/$executable ]] && cp -- "$cache/$executable" . && is_pinned "$executable" "$name/$executable"; then
    found "$scratch/$executable"
  fi
  download "$version" "$name.tar.gz" "$name.tar.gz"
  is_pinned "$name.tar.gz" "$name.tar.gz" || fail "the downloaded archive is not the one of the release"
  # Names without a directory: to tar, `C:` is another machine.
  tar -xzf "$name.tar.gz"
  is_pinned "$name/$executable" "$name/$executable" || fail "the archive does not hold the program of the release"
  mv -f -- "$name/$executable" "$executable"
  # Others may fill the cache at the same time, or forbid it: what is there is judged anew each time.
  if mkdir -p -- "$cache" && cp -- "$executable" "$cache/$executable.$$"; then
    mv -f -- "$cache/$executable.$$" "$cache/$executable" || true
  fi
  found "$scratch/$executable"
}

[[ -z ${INPUT_BINARY:-} ]] || given
version=$(pinned_version)
wanted=${INPUT_VERSION:-$version}
[[ -n $wanted ]] || build
[[ $wanted =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "the input version is no exact release (X.Y.Z)"
[[ $wanted == "$version" ]] ||
  fail "this action's commit holds no checksums of version $wanted: use the commit of that release"
release "$version"
