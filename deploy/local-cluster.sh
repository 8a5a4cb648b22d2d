#!/usr/bin/env bash
# Starts a cluster on this machine: a private PostgreSQL, three silos with REST on 5081-5083, and a front end on 5080.
# Needs the .NET 10 SDK and PostgreSQL's server programs; it installs the latter on Debian and Ubuntu.
#
#   deploy/local-cluster.sh [folder]     data, secrets and logs; the default is data/cluster
#   REST_PORT, MANAGEMENT_PORT, SILO_PORT, GATEWAY_PORT   the first port of each range; the defaults are 5080, 6080,
#                                                         11111 and 30000
#
# Ctrl-C stops everything. The next start uses the same data. To discard it, delete the folder.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$repository/data/cluster}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
chmod 700 "$folder"
umask=$(umask)
umask 077

# The first port of each range; each process takes one port.
first_rest_port=${REST_PORT:-5080}
first_management_port=${MANAGEMENT_PORT:-6080}
first_silo_port=${SILO_PORT:-11111}
first_gateway_port=${GATEWAY_PORT:-30000}
silos=3

fail() { echo "local-cluster: $*" >&2; exit 1; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

# Only one instance may use a folder. Child processes do not inherit the lock, so it is released when this shell exits.
exec 9> "$folder/lock"
flock --nonblock 9 || fail "another instance is running on $folder."

# --- PostgreSQL ---

find_postgres() {
  local candidate
  for candidate in $(compgen -G '/usr/lib/postgresql/*/bin' | sort -rV) \
    $(dirname "$(command -v pg_ctl || echo /none/x)"); do
    if [ -x "$candidate/initdb" ] && [ -x "$candidate/pg_ctl" ]; then echo "$candidate"; return; fi
  done
}

programs=$(find_postgres)
missing=()
[ -n "$programs" ] && command -v psql >/dev/null || missing+=(postgresql)
command -v curl >/dev/null || missing+=(curl)
command -v openssl >/dev/null || missing+=(openssl)
if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || fail "install ${missing[*]} first (PostgreSQL 15 or newer)."
  echo "Installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  programs=$(find_postgres)
fi

database=$folder/postgres

# PostgreSQL refuses to run as root.
postgres() {
  local program=$1
  shift
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && runuser -u postgres -- "$programs/$program" "$@" 9>&-)
  else
    "$programs/$program" "$@" 9>&-
  fi
}

is_taken() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
  local port
  for port in $(shuf -i 20000-29999 -n 50); do
    if ! is_taken "$port"; then echo "$port"; return; fi
  done
  fail "found no free port for PostgreSQL."
}

# A health check of this script must not reach another service on the same port.
for port in $(seq "$first_rest_port" $((first_rest_port + silos))) \
  $(seq "$first_management_port" $((first_management_port + silos))) \
  $(seq "$first_silo_port" $((first_silo_port + silos - 1))) \
  $(seq "$first_gateway_port" $((first_gateway_port + silos - 1))); do
  ! is_taken "$port" \
    || fail "port $port is taken; set REST_PORT, MANAGEMENT_PORT, SILO_PORT or GATEWAY_PORT to a free range."
done

secret() { # file, command that generates it
  local file=$folder/$1
  shift
  [ -s "$file" ] || { "$@" > "$file.new"; mv "$file.new" "$file"; }
  cat "$file"
}

password=$(secret postgres-password openssl rand -hex 32)
owner_password=$(secret postgres-owner-password openssl rand -hex 32)
service_password=$(secret postgres-service-password openssl rand -hex 32)
gateways_password=$(secret postgres-gateways-password openssl rand -hex 32)
pepper=$(secret pepper openssl rand -base64 32)
admin_key=$(secret admin-key openssl rand -hex 32)
"$repository/deploy/new-certificates.sh" "$folder/certificates" silo front-end > /dev/null

if [ "$(id -u)" -eq 0 ]; then
  # The account postgres must be able to enter these folders. The files in them can be read only by their owner.
  chmod 711 "$folder"
  [ "$folder" != "$repository/data/cluster" ] || chmod 711 "$repository/data"
  mkdir -p "$database"
  chown postgres "$database"
  runuser -u postgres -- test -x "$database" \
    || fail "the account postgres cannot reach $database. Use a folder that it can reach: $0 /var/lib/keyscluster"
fi
if [ ! -e "$database/PG_VERSION" ]; then
  echo "Creating a database in $database"
  echo "$password" > "$folder/initdb-password"
  [ "$(id -u)" -ne 0 ] || chown postgres "$folder/initdb-password"
  postgres initdb -D "$database" -U keys -A scram-sha-256 -E UTF8 --locale=C --pwfile="$folder/initdb-password" \
    > "$folder/initdb.log" 2>&1 || fail "initdb failed: see $folder/initdb.log."
  rm "$folder/initdb-password"
fi

started=()
# shellcheck disable=SC2317 # called by the trap
stop_all() {
  trap '' INT TERM
  echo
  echo "Stopping"
  [ ${#started[@]} -eq 0 ] || kill -TERM "${started[@]}" 2>/dev/null || true
  [ ${#started[@]} -eq 0 ] || wait "${started[@]}" 2>/dev/null || true
  postgres pg_ctl stop -D "$database" -m fast -w > /dev/null || true
  echo "Stopped. The data is in $folder."
}

# If an earlier run was killed, its server may still be running on this data.
if postgres pg_ctl status -D "$database" > /dev/null; then
  postgres pg_ctl stop -D "$database" -m fast -w > /dev/null
fi
postgres_port=$(free_port)
trap 'exit 130' INT TERM
trap stop_all EXIT
postgres pg_ctl start -D "$database" -l "$database/server.log" -w -t 60 > /dev/null \
  -o "-p $postgres_port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400" \
  || fail "PostgreSQL did not start: see $database/server.log."

# --- The service ---

echo "Building"
(umask "$umask" && dotnet build "$repository/src/Silo" --configuration Release --nologo --verbosity quiet 9>&-)

# Each process connects with a role that may do no more than it needs.
KEYS_OWNER_PASSWORD=$owner_password KEYS_SERVICE_PASSWORD=$service_password KEYS_GATEWAYS_PASSWORD=$gateways_password \
  PGPASSWORD=$password psql --no-psqlrc --quiet --host 127.0.0.1 --port "$postgres_port" --username keys \
  --dbname postgres --file "$repository/deploy/postgresql/roles.sql" 9>&- || fail "creating the database roles failed."
connect() { echo "Host=127.0.0.1;Port=$postgres_port;Username=$1;Password=$2;Database=postgres"; }
ConnectionStrings__Migrations=$(connect keys_owner "$owner_password") \
  dotnet "$repository/src/Silo/bin/Release/net10.0/KeysCluster.Silo.dll" migrate > "$folder/migrate.log" 2>&1 9>&- \
  || fail "the migration failed: $(tail -n 5 "$folder/migrate.log")"

export Keys__AdminKey=$admin_key

# Health is on an address of its own.
management() { echo "http://127.0.0.1:$((first_management_port + $1 - first_rest_port))"; } # REST port

# Each process gets its own session. Ctrl-C then reaches only this script, which stops everything in order.
start() { # name, project, role, REST port, further options
  local name=$1 project=$2 certificates=$folder/certificates/$3 port=$4
  shift 4
  setsid dotnet "$repository/src/$project/bin/Release/net10.0/KeysCluster.$project.dll" \
    --urls "http://127.0.0.1:$port" "--Hosting:ManagementUrl=$(management "$port")" \
    "--Cluster:Tls:Certificate=$certificates/certificate.pem" \
    "--Cluster:Tls:Key=$certificates/key.pem" "--Cluster:Tls:CertificateAuthority=$certificates/authority.pem" \
    "$@" < /dev/null >> "$folder/$name.log" 2>&1 9>&- &
  started+=($!)
  names[$!]=$name
  echo "$!" > "$folder/$name.pid"
}

wait_ready() { # name, pid, REST port
  local attempt
  for attempt in $(seq 240); do
    if curl --silent --fail --max-time 5 --output /dev/null "$(management "$3")/health/ready"; then return; fi
    kill -0 "$2" 2>/dev/null || fail "$1 exited: $(tail -n 5 "$folder/$1.log")"
    sleep 0.25
  done
  fail "$1 is not ready after $attempt attempts: see $folder/$1.log."
}

declare -A names
ConnectionStrings__Keys=$(connect keys_service "$service_password")
export ConnectionStrings__Keys
for silo in $(seq $silos); do
  # Only silos have the pepper.
  Keys__Pepper=$pepper start "silo-$silo" Silo silo $((first_rest_port + silo)) \
    "--Cluster:SiloPort=$((first_silo_port + silo - 1))" "--Cluster:GatewayPort=$((first_gateway_port + silo - 1))"
done
ConnectionStrings__Keys=$(connect keys_gateways "$gateways_password") \
  start front-end Api front-end "$first_rest_port" --Console:Enabled=true
for silo in $(seq $silos); do wait_ready "silo-$silo" "${started[silo - 1]}" $((first_rest_port + silo)); done
wait_ready front-end "${started[silos]}" "$first_rest_port"

# --- Summary ---

rest=http://127.0.0.1:$first_rest_port
if [ ! -s "$folder/project-api-key" ]; then
  # The admin key is passed through a file descriptor, because every user can read command lines.
  response=$(curl --silent --show-error --fail-with-body "$rest/api/projects" \
    --header @<(echo "Authorization: Bearer $admin_key") --json '{"name": "default"}') \
    || fail "creating the project failed: $response"
  sed -n 's/.*"api_key":"\([^"]*\)".*/\1/p' <<< "$response" > "$folder/project-api-key.new"
  mv "$folder/project-api-key.new" "$folder/project-api-key"
fi

echo
echo "KeysCluster is running."
echo
printf '  %-16s %s\n' "front end" "$rest  (console: $rest/console, docs: $rest/docs)  pid ${started[silos]}"
for silo in $(seq $silos); do
  printf '  %-16s %s\n' "silo-$silo" "http://127.0.0.1:$((first_rest_port + silo))  pid ${started[silo - 1]}"
done
cat <<TEXT
  PostgreSQL       127.0.0.1:$postgres_port
  Secrets, logs    in $folder
  Project API key  in $folder/project-api-key
  Health           $(management "$first_rest_port")/health/ready and the next ports

Create a virtual key on one silo, verify its secret on another, and kill -9 the third: the others continue.

  KEY=\$(cat $folder/project-api-key)
  VKS=api/gateway/v1/virtual-keys
  curl -s http://127.0.0.1:$((first_rest_port + 1))/\$VKS -H "Authorization: Bearer \$KEY" \\
    --json '{"name": "my first key"}'
  curl -s http://127.0.0.1:$((first_rest_port + 2))/\$VKS/verify -H "Authorization: Bearer \$KEY" \\
    --json '{"secret": "vk-lw-live_…"}'

Ctrl-C stops everything.
TEXT

# Reports each process that exits. The others continue.
running=${#started[@]}
while [ "$running" -gt 0 ]; do
  code=0
  wait -n -p exited "${started[@]}" 2>/dev/null || code=$?
  [ -n "${exited:-}" ] || break
  echo "${names[$exited]} (pid $exited) exited with code $code; the others continue."
  remaining=()
  for pid in "${started[@]}"; do [ "$pid" = "$exited" ] || remaining+=("$pid"); done
  started=("${remaining[@]}")
  running=${#started[@]}
done
fail "all processes have exited."
