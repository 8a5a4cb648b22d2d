#!/usr/bin/env bash
# Builds everything and runs every test. Installs what the tests need and the machine lacks (Debian and Ubuntu):
# PostgreSQL's server programs, faketime, a browser, linters of what deploys it. Its last line counts the tests.
set -euo pipefail
cd "$(dirname "$0")/.."

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

missing=()
{ command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb'; } >/dev/null || missing+=(postgresql)
command -v faketime >/dev/null || missing+=(faketime)
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
for linter in docker-compose haproxy shellcheck yamllint; do command -v "$linter" >/dev/null || missing+=("$linter"); done
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
command -v openssl >/dev/null || missing+=(openssl)
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

npm ci --prefix tests/Deployment/linters --silent --no-audit --no-fund

configuration=Release
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

dotnet build KeysCluster.sln --configuration "$configuration" --nologo --verbosity quiet

# One project at a time: several start servers of their own.
status=0
for project in tests/*/*.Tests.csproj; do
  dotnet test "$project" --configuration "$configuration" --no-build --nologo \
    --results-directory "$results" --logger "trx;LogFileName=$(basename "$project" .csproj).trx" || status=$?
done

count() { cat "$results"/*.trx | grep -o "<Counters [^>]*" | grep -o "\b$1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'; }
passed=$(count passed)
failed=$(count failed)
[ "$passed" -gt 0 ] || status=1
echo "$passed passed, $failed failed"
exit "$status"
