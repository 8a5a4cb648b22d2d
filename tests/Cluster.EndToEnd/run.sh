#!/usr/bin/env bash
# Runs a cluster under faults for longer than CI does, and writes docs/cluster/history-report.md and .json:
#   tests/Cluster.EndToEnd/run.sh --minutes 30 --silos 3 --front-ends 2 [--seed N] [--clients N] [--report FOLDER]
# Runs the soak test at full load, and writes docs/cluster/soak-report.md:
#   tests/Cluster.EndToEnd/run.sh --soak 10
# Without --seed, the seed is random; the report contains it. The exit code is 1 when there is a violation.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)

test=ClusterHistoryTests
export KEYS_HISTORY_SEED=random KEYS_HISTORY_REPORT=$root/docs/cluster
while [ $# -gt 1 ]; do
  case $1 in
    --minutes) export KEYS_HISTORY_MINUTES=$2 ;;
    --soak) export KEYS_HISTORY_SOAK_MINUTES=$2; test=SoakTests ;;
    --silos) export KEYS_HISTORY_SILOS=$2 ;;
    --front-ends) export KEYS_HISTORY_FRONT_ENDS=$2 ;;
    --seed) export KEYS_HISTORY_SEED=$2 ;;
    --clients) export KEYS_HISTORY_CLIENTS=$2 ;;
    --report) KEYS_HISTORY_REPORT=$(realpath -m "$2") ;;
    *) echo "Unknown argument: $1" >&2; exit 2 ;;
  esac
  shift 2
done
[ $# -eq 0 ] || { echo "Unknown argument: $1" >&2; exit 2; }

exec dotnet test "$root/tests/Cluster.EndToEnd" --configuration Release --nologo \
  --filter "FullyQualifiedName~$test" --logger "console;verbosity=detailed"
