#!/usr/bin/env bash
# Writes new random secrets for the cluster of compose.yaml, each to a file of its own: deploy/secrets/{role}/{setting},
# and certificates to deploy/certificates. The argument is another folder than deploy. It never overwrites secrets,
# because losing the pepper loses every key. Keep a copy of secrets/silo/Keys__Pepper, apart from the database's backup.
#
# Also writes .env, which compose reads: the group of the files. The containers join it, because their users must read
# the files. On the host, the folders admit their owner only.
set -euo pipefail
here=$(dirname "$0")
folder=${1:-$here}
secrets=$folder/secrets
certificates=$folder/certificates
if [ -e "$secrets" ]; then
  echo "$secrets already exists; nothing was written." >&2
  exit 1
fi
umask 077
mkdir -p "$secrets"/{silo,front-end,migrate,postgres}

new_password() { openssl rand -hex 32; }
connection_string() { # role password
  echo "Host=postgres;Username=$1;Password=$2;Database=keys;GSS Encryption Mode=Disable;SSL Mode=VerifyFull;Root\
 Certificate=/run/secrets/cluster/authority.pem"
}

# The superuser, and the roles of deploy/postgresql/roles.sql.
new_password > "$secrets/postgres/superuser"
for role in owner service gateways; do new_password > "$secrets/postgres/$role"; done
connection_string keys_owner "$(cat "$secrets/postgres/owner")" > "$secrets/migrate/ConnectionStrings__Migrations"
connection_string keys_service "$(cat "$secrets/postgres/service")" > "$secrets/silo/ConnectionStrings__Keys"
connection_string keys_gateways "$(cat "$secrets/postgres/gateways")" > "$secrets/front-end/ConnectionStrings__Keys"
openssl rand -base64 32 > "$secrets/silo/Keys__Pepper"
openssl rand -hex 32 > "$secrets/silo/Keys__AdminKey"
cp "$secrets/silo/Keys__AdminKey" "$secrets/front-end/Keys__AdminKey"
{
  echo "COMPOSE_PROJECT_NAME=keyscluster"
  echo "KEYS_FILES_GROUP=$(id -g)"
} > "$folder/.env"
echo "Wrote $secrets."

"$here/new-certificates.sh" "$certificates"
chmod -R g+rX "$secrets"/*/ "$certificates"/*/
