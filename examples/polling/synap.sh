#!/bin/sh
# Hands in a document on Synap's wire and asks for its ingestion until that has ended.
#
#   REMANENCE_API_KEY=$(cat .remanence/key) sh examples/polling/synap.sh
set -eu
url=${REMANENCE_URL:-http://127.0.0.1:7090}
call() { curl -sS --fail-with-body -H "Authorization: Bearer $REMANENCE_API_KEY" -H 'Content-Type: application/json' "$@"; }
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

ingestion_id=$(call "$url/api/v1/memories/create" -d '{
  "document": "User: I moved to Graz in March.\nAssistant: How do you get to work?\nUser: I love riding my red bicycle.",
  "document_type": "ai-chat-conversation", "document_id": null, "document_created_at": null,
  "user_id": "lena", "customer_id": "lena", "mode": "fast", "metadata": {}}' | member ingestion_id)
for try in $(seq 100); do
  answer=$(call "$url/api/v1/memories/status/$ingestion_id")
  status=$(printf '%s' "$answer" | member status)
  echo "$status"
  case $status in
    completed) exit 0 ;;
    # A cancelled run reads failed too, and its message says so. What a partial success made can be used.
    failed | partial_success) printf '%s\n' "$answer" | member error_message >&2; exit 1 ;;
  esac
  sleep "${POLL_SECONDS:-2}"
done
echo "the ingestion did not end" >&2
exit 2
