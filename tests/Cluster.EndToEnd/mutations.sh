#!/usr/bin/env bash
# Plants each bug of mutations/*.patch in a copy of the tree, one at a time, and runs the history checker for at most
# five minutes. Writes docs/cluster/planted-bugs.md. The exit code is 1 when a bug was not found.
#   tests/Cluster.EndToEnd/mutations.sh [patch ...]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git -C "$root" archive HEAD | tar -x -C "$copy"

# The tests find files of the repository by git.
git -C "$copy" init --quiet && git -C "$copy" add --all && git -C "$copy" -c user.name=mutations \
  -c user.email=mutations@localhost commit --quiet --message "Copy"

export KEYS_HISTORY_MINUTES=4.5 KEYS_HISTORY_SEED=${KEYS_HISTORY_SEED:-11} KEYS_HISTORY_STOP_AT_VIOLATION=1
[ $# -gt 0 ] || set -- "$root"/tests/Cluster.EndToEnd/mutations/*.patch
rows=()
missed=0
for patch in "$@"; do
  name=$(basename "$patch" .patch)
  git -C "$copy" checkout --quiet -- . && git -C "$copy" apply "$patch"
  dotnet build "$copy/tests/Cluster.EndToEnd" --configuration Release --nologo --verbosity quiet > "$copy/build.log" \
    || { cat "$copy/build.log"; exit 2; }
  dotnet test "$copy/tests/Cluster.EndToEnd" --configuration Release --no-build --nologo \
    --filter "FullyQualifiedName~ClusterHistoryTests" --logger "console;verbosity=detailed" \
    > "$copy/run.log" 2>&1 || true
  found=$(sed -n 's/.*Found after \([0-9]*\) s: \([A-Za-z]*\):.*/\1 s | \2/p' "$copy/run.log" | head -1)
  if [ -z "$found" ]; then
    # The check at the end of a run also reads the final state.
    found=$(sed -n 's/.*### \([A-Za-z]*\):.*/at the end | \1/p' "$copy/run.log" | head -1)
  fi
  [ -n "$found" ] || { found="missed | "; missed=1; cp "$copy/run.log" "/tmp/missed-$name.log"; }
  echo "$name: $found"
  rows+=("| \`$name\` | $found |")
done

if [ $# -ge 10 ]; then
  {
    echo "# Planted bugs"
    echo
    echo "Each bug of \`tests/Cluster.EndToEnd/mutations\` was planted alone in a copy of commit"
    echo "\`$(git -C "$root" rev-parse --short HEAD)\`, and the history checker ran for at most five minutes,"
    echo "with the faults of CI and seed $KEYS_HISTORY_SEED. The time is that from the start of the clients until the"
    echo "check that found the bug."
    echo "Written by \`tests/Cluster.EndToEnd/mutations.sh\`."
    echo
    echo "| Bug | Found after | Rule |"
    echo "| --- | ---: | --- |"
    printf '%s\n' "${rows[@]}"
  } > "$root/docs/cluster/planted-bugs.md"
fi
exit "$missed"
