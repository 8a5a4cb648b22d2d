#!/usr/bin/env bash
# Builds and runs the tests. The last line of output is their count.
#
#   tests/run.sh          all tests; on Debian and Ubuntu, first installs missing programs: PostgreSQL, faketime, a
#                         browser, nginx, the linters of deploy/, and what builds the book in docs/
#   tests/run.sh --fast   rules, grains, storage, contract and the command line on SQLite; needs only the .NET SDK, and
#                         installs nothing
set -euo pipefail
cd "$(dirname "$0")/.."

configuration=Release
filter=
parallel=false
case "${1:-}" in
  "") ;;
  --fast) filter='Requires!=PostgreSQL&Speed!=slow' parallel=true ;;
  *) echo "Usage: tests/run.sh [--fast]" >&2; exit 2 ;;
esac

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

install_missing_programs() {
  local missing=() program
  { command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb'; } >/dev/null || missing+=(postgresql)
  command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
  command -v node >/dev/null || missing+=(nodejs)
  command -v promtool >/dev/null || missing+=(prometheus)
  for program in faketime docker-compose haproxy jq nginx shellcheck yamllint npm openssl; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "Installing ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi

  npm ci --prefix tests/Deployment/linters --silent --no-audit --no-fund
  npm ci --prefix docs --silent --no-audit --no-fund
}

# Tests one project. When projects run in parallel, the output first goes to a file, so that it is not interleaved.
run_project() {
  local name
  name=$(basename "$1" .csproj)
  local arguments=("$1" --configuration "$configuration" --no-build --nologo --verbosity quiet
    --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal")
  [ -z "$filter" ] || arguments+=(--filter "$filter")
  if $parallel; then
    local status=0
    dotnet test "${arguments[@]}" >"$results/$name.log" 2>&1 || status=$?
    cat "$results/$name.log"
    return "$status"
  fi
  dotnet test "${arguments[@]}"
}

count() {
  { grep -ho '<Counters [^>]*' "$results"/*.trx || true; } | { grep -o "\b$1=\"[0-9]*\"" || true; } \
    | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'
}

# Lists the tests that took the longest, to see where the time goes.
list_slowest() {
  { grep -ho '<UnitTestResult [^>]*' "$results"/*.trx || true; } \
    | sed -n 's/.* testName="\([^"]*\)".* duration="\([^"]*\)".*/\2 \1/p' | sort -r | awk 'NR <= 25'
}

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
status=0

if $parallel; then
  dotnet build tests/fast.slnf --configuration "$configuration" --nologo --verbosity quiet
  jobs=()
  for project in Cli Contract Grains Storage; do
    run_project "tests/$project/KeysCluster.$project.Tests.csproj" &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job" || status=$?; done
else
  install_missing_programs
  dotnet build KeysCluster.sln --configuration "$configuration" --nologo --verbosity quiet

  # One project at a time: several start servers and measure time.
  for project in tests/*/*.Tests.csproj; do run_project "$project" || status=$?; done
fi

echo "The slowest tests:"
list_slowest
passed=$(count passed)
failed=$(count failed)
[ "$passed" -gt 0 ] || status=1
echo "$passed passed, $failed failed"
exit "$status"
