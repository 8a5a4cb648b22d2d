#!/usr/bin/env bash
# Writes certificates for the connections of a cluster: an authority of its own, and one folder for each role with
# certificate.pem, key.pem and authority.pem. Two roles join no cluster: "proxy" is for the proxy in front of REST, as
# localhost, and its folder also has haproxy.pem, the certificate with its key; "postgres" is for the database server
# with this name.
#
#   deploy/new-certificates.sh folder [role...]   the default is all: silo, front-end, validator, proxy, postgres
#
# The authority is made once, and its key stays in the folder: keep it apart from the machines of the cluster. Every
# later run replaces the certificates of the roles, which are valid for a year. Processes read them without a restart.
# Needs openssl.
set -euo pipefail
[ $# -ge 1 ] || { echo "Usage: $0 folder [role...]" >&2; exit 2; }
folder=$1
shift
roles=("$@")
[ ${#roles[@]} -gt 0 ] || roles=(silo front-end validator proxy postgres)
umask 077
mkdir -p "$folder"

new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

authority=$folder/authority
if [ ! -s "$authority.pem" ]; then
  new_key "$authority.key"
  openssl req -x509 -new -key "$authority.key" -sha256 -days 3650 -subj "/CN=KeysCluster authority" \
    -addext "basicConstraints=critical,CA:true,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -out "$authority.pem.new"
  mv "$authority.pem.new" "$authority.pem"
fi

for role in "${roles[@]}"; do
  case $role in
    silo | validator) names=URI:urn:keyscluster:$role ;;
    # A front end serves REST with the same certificate, which the proxy verifies by this name.
    front-end) names=URI:urn:keyscluster:$role,DNS:front-end ;;
    proxy) names=DNS:localhost,IP:127.0.0.1 ;;
    postgres) names=DNS:postgres ;;
    *) echo "Unknown role: $role. The roles are silo, front-end, validator, proxy and postgres." >&2; exit 2 ;;
  esac
  target=$folder/$role
  mkdir -p "$target"
  new_key "$target/key.pem.new"
  openssl req -new -key "$target/key.pem.new" -subj "/CN=KeysCluster $role" |
    openssl x509 -req -CA "$authority.pem" -CAkey "$authority.key" -sha256 -days 365 -out "$target/certificate.pem.new" \
      -extfile <(printf '%s\n' "basicConstraints=critical,CA:false" "keyUsage=critical,digitalSignature" \
        "extendedKeyUsage=serverAuth,clientAuth" "subjectAltName=$names") 2> /dev/null
  cp "$authority.pem" "$target/authority.pem.new"
  if [ "$role" = proxy ]; then
    cat "$target/certificate.pem.new" "$target/key.pem.new" > "$target/haproxy.pem.new"
    mv "$target/haproxy.pem.new" "$target/haproxy.pem"
  fi
  for file in key certificate authority; do mv "$target/$file.pem.new" "$target/$file.pem"; done
done
echo "Wrote certificates for ${roles[*]} in $folder."
