#!/usr/bin/env bash
# Writes the software bill of materials of a project (CycloneDX 1.6, JSON) and checks it.
#
#   deploy/sbom.sh project.csproj bom.json [program.deps.json]
#   deploy/sbom.sh --check project.csproj bom.json [program.deps.json]   checks an existing file only
#
# The check fails if the bill lists a package that is not in the project's lock file, or in another version, or if it
# lacks a package that the published program's deps.json lists. The project must be restored. Needs jq.
set -euo pipefail
write=true
if [ "${1:-}" = --check ]; then write=false; shift; fi
if [ $# -lt 2 ] || [ $# -gt 3 ]; then
  echo "Usage: $0 [--check] project.csproj bom.json [program.deps.json]" >&2
  exit 2
fi
project=$(realpath "$1") bom=$(realpath "$2") program=${3:+$(realpath "$3")}
cd "$(dirname "$0")/.."

if $write; then
  properties=$(dotnet msbuild "$project" -getProperty:Version -getProperty:IsPackable -getItem:BuildOnlyPackage)
  version=$(jq -r .Properties.Version <<< "$properties")
  # What a host is published without (src/Directory.Build.targets) is not in its bill either.
  excluded=$(jq -r '[.Items.BuildOnlyPackage[].Identity] | join(",")' <<< "$properties")
  type=Application
  [ "$(jq -r .Properties.IsPackable <<< "$properties")" != true ] || type=Library
  arguments=(--output "$(dirname "$bom")" --filename "$(basename "$bom")" --output-format Json --spec-version 1.6
    --set-name "$(basename "$project" .csproj)" --set-version "$version" --set-type "$type" --set-nuget-purl
    --include-project-references --exclude-dev --disable-package-restore)
  [ -z "$excluded" ] || arguments+=(--exclude-filter "$excluded")
  dotnet tool restore > /dev/null
  dotnet tool run dotnet-CycloneDX -- "$project" "${arguments[@]}" > /dev/null
fi

# Names are compared in lower case, as NuGet does. Projects of this repository are in the lock file without a version.
listed=$(jq -r '.components[].purl | ltrimstr("pkg:nuget/") | ascii_downcase' "$bom" | sort -u)
locked=$(jq -r --arg version "$(jq -r .metadata.component.version "$bom")" '.dependencies[] | to_entries[]
  | "\(.key)@\(if .value.type == "Project" then $version else .value.resolved end)" | ascii_downcase' \
  "$(dirname "$project")/packages.lock.json" | sort -u)
published=
[ -z "$program" ] || published=$(jq -r '.libraries | to_entries[] | select(.value.type == "package")
  | .key | sub("/"; "@") | ascii_downcase' "$program" | sort -u)

status=0
report() {
  [ -z "$2" ] || { printf '%s:\n%s\n' "$1" "$2" >&2; status=1; }
}
[ -n "$listed" ] || { echo "$bom lists no packages." >&2; exit 1; }
report "Not in the lock file of $(basename "$project")" "$(comm -23 <(echo "$listed") <(echo "$locked"))"
[ -z "$published" ] || report "Published, but not in $(basename "$bom")" \
  "$(comm -23 <(echo "$published") <(echo "$listed"))"
exit $status
