#!/bin/sh
# Adds messages on GoMemory's wire and asks for the status of the request until it has ended.
#
#   REMANENCE_API_KEY=$(cat .remanence/key) sh examples/polling/gomemory.sh
set -eu
url=${REMANENCE_URL:-http://127.0.0.1:7090}
call() { curl -sS --fail-with-body -H "X-API-Key: $REMANENCE_API_KEY" -H 'Content-Type: application/json' "$@"; }
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

user_id=$(call -X POST "$url/create/user" | member userId)
request_id=$(call "$url/add_memory" -d "{\"userId\": \"$user_id\", \"messages\": [
  {\"role\": \"user\", \"content\": \"My name is Lena. I keep bees in my garden.\"}]}" | member ReqId)
for try in $(seq 100); do
  answer=$(call "$url/get_status/$request_id")
  status=$(printf '%s' "$answer" | member status)
  echo "$status"
  case $status in
    success) exit 0 ;;
    # A cancelled run reads failure too, and its error says so.
    failure) printf '%s\n' "$answer" | member error >&2; exit 1 ;;
  esac
  sleep "${POLL_SECONDS:-2}"
done
echo "the request did not end" >&2
exit 2
