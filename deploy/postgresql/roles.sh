# shellcheck shell=bash
# The image of PostgreSQL runs this when it creates the database: roles.sql, with the passwords from files.
export KEYS_OWNER_PASSWORD KEYS_SERVICE_PASSWORD KEYS_GATEWAYS_PASSWORD
KEYS_OWNER_PASSWORD=$(cat /run/secrets/passwords/owner)
KEYS_SERVICE_PASSWORD=$(cat /run/secrets/passwords/service)
KEYS_GATEWAYS_PASSWORD=$(cat /run/secrets/passwords/gateways)
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --file /etc/keyscluster/roles.sql
unset KEYS_OWNER_PASSWORD KEYS_SERVICE_PASSWORD KEYS_GATEWAYS_PASSWORD
