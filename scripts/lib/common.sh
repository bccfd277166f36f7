# shellcheck shell=bash
# Sourced by the scripts beside this folder: where the tree is, and how to speak to the user.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
readonly root

# say TEXT…: progress, on stderr, so that stdout stays the result of whatever runs.
say() { printf '%s\n' "$*" >&2; }

# die TEXT [HINT]: one clear line, a hint as a sentence of its own, exit 2.
die() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  if [[ -n ${2-} ]]; then printf 'hint: %s\n' "$2" >&2; fi
  exit 2
}

# usage: prints the comment block at the top of the running script.
usage() { sed -n '2,/^[^#]/{/^#/!d; s/^# \{0,1\}//; p}' "$0"; }

# A caller (cron, CI) may have closed stdin; a later redirection must not land on descriptor 0.
{ : <&0; } 2>/dev/null || exec </dev/null

# build_folder PRESET: where CMakePresets.json puts it.
build_folder() {
  if [[ $1 == release ]]; then echo "$root/build"; else echo "$root/build-$1"; fi
}
