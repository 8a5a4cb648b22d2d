#!/usr/bin/env bash
# Plants each bug of mutations/*.patch in a copy of the tree, one at a time, and runs the history checker for at most
# five minutes. With all patches, writes docs/cluster/planted-bugs.md. The exit code is 1 when a bug was not found.
#   tests/Cluster.EndToEnd/mutations.sh [patch ...]
# KEYS_MUTATION_FOLDER keeps the builds, and the log of each run, in a folder. With KEYS_MUTATION_BUILD_ONLY, nothing
# is run.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
if [ -n "${KEYS_MUTATION_FOLDER:-}" ]; then
  folder=$KEYS_MUTATION_FOLDER
else
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi
[ $# -gt 0 ] || set -- "$root"/tests/Cluster.EndToEnd/mutations/*.patch

# --- Builds ---

copy=$folder/copy
mkdir -p "$copy" "$folder/builds"
if [ ! -e "$copy/.git" ]; then
  git -C "$root" archive HEAD | tar -x -C "$copy"
  git -C "$root" rev-parse --short HEAD > "$folder/revision"

  # The checker is built once, without a bug. The tests find files of the repository by git.
  git -C "$copy" init --quiet
  git -C "$copy" add --all
  git -C "$copy" -c user.name=mutations -c user.email=mutations@localhost commit --quiet --message "Copy the tree"
fi

build() { # project, further arguments
  dotnet build "$copy/$1" "${@:2}" --configuration Release --nologo --verbosity quiet > "$folder/build.log" \
    || { cat "$folder/build.log" >&2; exit 2; }
}

node=$copy/tests/Cluster.Node/bin/Release/net10.0
if [ ! -e "$folder/node" ]; then
  build tests/Cluster.EndToEnd
  cp -r "$node" "$folder/node"
fi

# Each patch changes one project, of which only the assembly is built again.
for patch in "$@"; do
  build_folder=$folder/builds/$(basename "$patch" .patch)
  [ ! -e "$build_folder" ] || continue
  git -C "$copy" checkout --quiet -- .
  git -C "$copy" apply "$patch"
  project=$(sed -n 's|^+++ b/src/\([^/]*\)/.*|\1|p' "$patch" | head -1)
  build "src/$project" --no-dependencies
  mkdir "$build_folder"
  cp "$copy/src/$project/bin/Release/net10.0/KeysCluster.$project.dll" "$build_folder"
done
git -C "$copy" checkout --quiet -- .
[ -z "${KEYS_MUTATION_BUILD_ONLY:-}" ] || exit 0

# --- Runs ---

export KEYS_HISTORY_MINUTES=4.5 KEYS_HISTORY_SEED=${KEYS_HISTORY_SEED:-11} KEYS_HISTORY_STOP_AT_VIOLATION=1
unset KEYS_HISTORY_REPORT
rows=()
missed=0
for patch in "$@"; do
  name=$(basename "$patch" .patch)
  rm -rf "$node"
  cp -r "$folder/node" "$node"
  cp "$folder/builds/$name"/*.dll "$node"
  log=$folder/$name.log

  # A bug that only one kind of fault can show needs that kind more than once in five minutes.
  KEYS_HISTORY_FAULTS=$(sed -n 's/^Faults: //p' "$patch")
  export KEYS_HISTORY_FAULTS
  dotnet test "$copy/tests/Cluster.EndToEnd" --configuration Release --no-build --nologo \
    --filter "FullyQualifiedName~ClusterHistoryTests" --logger "console;verbosity=detailed" > "$log" 2>&1 || true
  found=$(sed -n 's/.*Found after \([0-9]*\) s: \([A-Za-z]*\):.*/\1 s | \2/p' "$log" | head -1)

  # The check at the end of a run also reads the final state.
  [ -n "$found" ] || found=$(sed -n 's/.*### \([A-Za-z]*\):.*/at the end | \1/p' "$log" | head -1)
  [ -n "$found" ] || { found="missed | "; missed=1; }
  echo "$name: $found"
  rows+=("| \`$name\` | $found |")
done

if [ $# -ge 10 ]; then
  {
    echo "# Planted bugs"
    echo
    echo "Each bug of \`tests/Cluster.EndToEnd/mutations\` was planted alone in a copy of commit"
    echo "\`$(cat "$folder/revision")\`. The history checker ran for at most five minutes, with the faults of CI or with"
    echo "those that the patch names, and seed $KEYS_HISTORY_SEED. The time is that from the start of the clients until the check that found the bug. A"
    echo "violation that only the reads at the end of the run show is found \"at the end\". Written by"
    echo "\`tests/Cluster.EndToEnd/mutations.sh\`."
    echo
    echo "| Bug | Found after | Rule |"
    echo "| --- | ---: | --- |"
    printf '%s\n' "${rows[@]}"
  } > "$root/docs/cluster/planted-bugs.md"
fi
exit "$missed"
