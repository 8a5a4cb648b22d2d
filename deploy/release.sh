#!/usr/bin/env bash
# Makes the files of a release from the last commit, in a new folder:
#
#   deploy/release.sh [folder]   by default artifacts/release
#
#   keyscluster-VERSION.tar.gz   the sources, with images pinned to digests (pin-images.sh), to build the images from
#   *.nupkg                      the NuGet packages
#   KeysCluster.{Silo,Api}-VERSION.tar.gz   both hosts, published for any platform with the ASP.NET Core runtime
#   *.cdx.json                   a bill of materials for each package and host, checked (sbom.sh)
#   SHA256SUMS                   for sha256sum --check
#
# A known vulnerability in any package stops it (audit.sh). Needs the .NET SDK, git, jq, and skopeo or docker buildx.
set -euo pipefail
cd "$(dirname "$0")/.."
output=$(realpath -m "${1:-artifacts/release}")
[ -z "$(git status --porcelain)" ] || { echo "There are changes that are not committed." >&2; exit 1; }
[ ! -e "$output" ] || { echo "$output already exists." >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source=$work/source files=$work/files
mkdir -p "$source" "$files"
git archive HEAD | tar -x -C "$source"
time=$(git log -1 --format=%ct)
# CI: restores only what the lock files list. Build servers would outlive the script.
export CI=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
cd "$source"
version=$(dotnet msbuild src/Silo -getProperty:Version)

# archive file folder name: the content of a folder, below a folder of that name.
archive() {
  tar --sort=name --mtime="@$time" --owner=0 --group=0 --numeric-owner --mode=a+rX,go-w \
    --transform="flags=r;s,^\.,$3," -C "$2" -c . | gzip -n > "$1"
}

deploy/pin-images.sh
archive "$files/keyscluster-$version.tar.gz" "$source" "keyscluster-$version"

deploy/audit.sh

mapfile -t packages < <(grep -l '<IsPackable>true' src/*/*.csproj)
for project in "${packages[@]}"; do
  dotnet pack "$project" --configuration Release --no-restore --output "$files" --verbosity quiet
  deploy/sbom.sh "$project" "$files/$(basename "$project" .csproj)-$version.cdx.json"
done

for host in Silo Api; do
  name=KeysCluster.$host
  dotnet publish "src/$host" --configuration Release --no-restore -p:UseAppHost=false --output "$work/$host" \
    --verbosity quiet
  deploy/sbom.sh "src/$host/$name.csproj" "$files/$name-$version.cdx.json" "$work/$host/$name.deps.json"
  archive "$files/$name-$version.tar.gz" "$work/$host" "$name-$version"
done

(cd "$files" && sha256sum -- * > SHA256SUMS)
mkdir -p "$(dirname "$output")"
mv "$files" "$output"
echo "Wrote $output."
