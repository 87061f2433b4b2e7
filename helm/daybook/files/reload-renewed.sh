# Tells a server to read its certificate anew once the files of it have changed: sends its first process SIGHUP. PostgreSQL and
# NATS then show it to new connections and keep the old ones.
#   sh reload-renewed.sh <name of the process> <folder of tls.crt, tls.key and ca.crt>
program=$1
folder=$2
# What the server has read is remembered beside it, so that nothing is missed while this script is away.
seen=${TMPDIR:-/tmp}/certificate-in-use

fingerprint() {
  files=$(cat "$folder/tls.crt" "$folder/tls.key" "$folder/ca.crt") && echo "$files" | cksum
}

# Of a server that works by many processes, the lowest number is the one that takes orders.
find_server() {
  server=
  for entry in /proc/[0-9]*; do
    read -r name < "$entry/comm" || continue
    [ "$name" = "$program" ] || continue
    id=${entry#/proc/}
    if [ -z "$server" ] || [ "$id" -lt "$server" ]; then server=$id; fi
  done 2> /dev/null
}

[ -f "$seen" ] || fingerprint > "$seen"
echo "watching the certificate of $program in $folder"
while sleep "${EVERY_SECONDS:-10}"; do
  now=$(fingerprint) || continue
  [ "$now" = "$(cat "$seen")" ] && continue
  find_server
  if [ -n "$server" ] && kill -HUP "$server"; then
    echo "$now" > "$seen"
    echo "$program reads its renewed certificate"
  else
    echo "$program has a renewed certificate and was not found or could not be told; trying again" >&2
  fi
done
