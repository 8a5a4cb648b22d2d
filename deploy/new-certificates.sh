#!/usr/bin/env bash
# Writes certificates for the Orleans connections of a cluster: an authority of its own, and one folder for each role
# with certificate.pem, key.pem and authority.pem.
#
#   deploy/new-certificates.sh folder [role...]   the default roles are silo, front-end and validator
#
# The authority is made once, and its key stays in the folder: keep it apart from the machines of the cluster. Every
# later run replaces the certificates of the roles, which are valid for a year. Processes read them without a restart.
# Needs openssl.
set -euo pipefail
[ $# -ge 1 ] || { echo "Usage: $0 folder [role...]" >&2; exit 2; }
folder=$1
shift
roles=("$@")
[ ${#roles[@]} -gt 0 ] || roles=(silo front-end validator)
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
    silo | front-end | validator) ;;
    *) echo "Unknown role: $role. The roles are silo, front-end and validator." >&2; exit 2 ;;
  esac
  target=$folder/$role
  mkdir -p "$target"
  new_key "$target/key.pem.new"
  openssl req -new -key "$target/key.pem.new" -subj "/CN=KeysCluster $role" |
    openssl x509 -req -CA "$authority.pem" -CAkey "$authority.key" -sha256 -days 365 -out "$target/certificate.pem.new" \
      -extfile <(printf '%s\n' "basicConstraints=critical,CA:false" "keyUsage=critical,digitalSignature" \
        "extendedKeyUsage=serverAuth,clientAuth" "subjectAltName=URI:urn:keyscluster:$role") 2> /dev/null
  cp "$authority.pem" "$target/authority.pem.new"
  for file in key certificate authority; do mv "$target/$file.pem.new" "$target/$file.pem"; done
done
echo "Wrote certificates for ${roles[*]} in $folder."
