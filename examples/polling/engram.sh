#!/bin/sh
# Adds a text and asks for its run until that has ended: on the native API, which is Engram's too.
#
#   REMANENCE_API_KEY=$(cat .remanence/key) sh examples/polling/engram.sh
set -eu
url=${REMANENCE_URL:-http://127.0.0.1:7090}
call() { curl -sS --fail-with-body -H "Authorization: Bearer $REMANENCE_API_KEY" -H 'Content-Type: application/json' "$@"; }
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

run_id=$(call "$url/v1/memories" -d '{"user_id": "lena", "input": {"string": {"content": ["Lena moved to Graz in March."]}}}' | member run_id)
for try in $(seq 100); do
  run=$(call "$url/v1/runs/$run_id")
  status=$(printf '%s' "$run" | member status)
  echo "$status"
  case $status in
    completed) exit 0 ;;
    # A cancelled run reads failed too, and its error says so.
    failed) printf '%s\n' "$run" | member error >&2; exit 1 ;;
  esac
  sleep "${POLL_SECONDS:-2}"
done
echo "the run did not end" >&2
exit 2
