#!/usr/bin/env bash
# Fails if a package that a project references, directly or not, has a known vulnerability of any severity, or if no
# source of advisories can be reached.
#
#   deploy/audit.sh [project...]   a project or a solution, by default the repository's solution
#
# AUDIT_CONFIG is a nuget.config with other sources, by default audit.nuget.config next to this script.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
config=${AUDIT_CONFIG:-$here/audit.nuget.config}
[ $# -gt 0 ] || set -- "$here/../KeysCluster.sln"

# --force: a restore with nothing to do would not ask the sources.
for project in "$@"; do
  dotnet restore "$project" --locked-mode --force --configfile "$config" --verbosity quiet -p:AuditAsErrors=true
done
echo "No known vulnerabilities."
