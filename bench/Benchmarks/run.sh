#!/usr/bin/env bash
# Runs all benchmarks, or some parts with --only PART[,PART], and writes docs/benchmarks/report.md and report.json.
# On Debian and Ubuntu, installs these programs if they are missing: the PostgreSQL server, Redis, wrk.
set -euo pipefail
cd "$(dirname "$0")/../.."

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

missing=()
{ command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb'; } >/dev/null || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v wrk >/dev/null || missing+=(wrk)
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

exec dotnet run -c Release --project bench/Benchmarks -- "$@"
