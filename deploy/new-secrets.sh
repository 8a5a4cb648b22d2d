#!/usr/bin/env bash
# Writes new random secrets for a cluster to deploy/.env, which compose reads, or to the file given as the argument, and
# certificates to the folder "certificates" next to it. It never overwrites a file of secrets, because losing the pepper
# loses every key. Keep a copy of the pepper, apart from the database's backup.
set -euo pipefail
file=${1:-"$(dirname "$0")/.env"}
if [ -e "$file" ]; then
  echo "$file already exists; nothing was written." >&2
  exit 1
fi
umask 077
{
  echo "COMPOSE_PROJECT_NAME=keyscluster"
  echo "KEYS_PEPPER=$(openssl rand -base64 32)"
  echo "KEYS_ADMIN_KEY=$(openssl rand -hex 32)"
  # The superuser, and the roles of deploy/postgresql/roles.sql.
  for role in POSTGRES KEYS_OWNER KEYS_SERVICE KEYS_GATEWAYS; do echo "${role}_PASSWORD=$(openssl rand -hex 32)"; done
} > "$file"
echo "Wrote $file."

# The user of the images (1654) must be able to read the mounted files; on the host, the folder admits its owner only.
certificates=$(dirname "$file")/certificates
"$(dirname "$0")/new-certificates.sh" "$certificates"
chmod -R a+rX "$certificates"/*/
