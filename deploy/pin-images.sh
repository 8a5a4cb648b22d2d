#!/usr/bin/env bash
# Pins the images that the Dockerfile and the compose file name by tag to the digests that the tags have now. The tag
# stays in front of the digest, and a later run replaces the digest. A release is built from pinned files
# (deploy/release.sh). The files in the repository name tags: a digest there would keep security updates of the base
# images out of every build until somebody changed it.
#
#   deploy/pin-images.sh [folder]   a copy of the folder deploy, by default this one
#
# Needs skopeo or docker buildx. If a digest cannot be resolved, no file is changed.
set -euo pipefail
folder=${1:-$(dirname "$0")}
dockerfile=$folder/docker/Dockerfile compose=$folder/compose.yaml

if command -v skopeo > /dev/null; then
  resolve() { skopeo inspect --no-tags --format '{{.Digest}}' "docker://$1"; }
elif docker buildx version > /dev/null 2>&1; then
  resolve() { docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$1"; }
else
  echo "Neither skopeo nor docker buildx is installed." >&2
  exit 1
fi

# The images of other publishers: those with a tag in the Dockerfile, which its own stages do not have, and those that
# compose does not build.
mapfile -t images < <({
  sed -nE 's/^# syntax=([^ @]+).*/\1/p; s/^FROM (--platform=[^ ]+ )?([^ @]+:[^ @]+).*/\2/p' "$dockerfile"
  sed -nE '/image: keyscluster-/d; s/^ +image: ([^ @]+).*/\1/p' "$compose"
} | sort -u)
[ ${#images[@]} -gt 0 ] || { echo "$folder names no images." >&2; exit 1; }

edits=()
for image in "${images[@]}"; do
  digest=$(resolve "$image") || { echo "The digest of $image cannot be resolved." >&2; exit 1; }
  [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || { echo "The digest of $image is malformed: $digest" >&2; exit 1; }
  echo "$image@$digest"
  before='\# syntax=|FROM (--platform=[^ ]+ )?| +image: ' digests='(@sha256:[0-9a-f]+)?'
  edits+=(-e "s#^($before)${image//./\\.}$digests( |\$)#\1$image@$digest\4#")
done
sed -i -E "${edits[@]}" "$dockerfile" "$compose"
