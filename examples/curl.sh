#!/bin/sh
# First steps with curl: adds a conversation, waits for its run, and asks a question.
#
#   npm start                                                          # in another terminal
#   REMANENCE_API_KEY=$(cat .remanence/key) sh examples/curl.sh
set -eu
url=${REMANENCE_URL:-http://127.0.0.1:7090}
: "${REMANENCE_API_KEY:?give a key, such as the one in .remanence/key}"

call() {
  curl -sS --fail-with-body -H "Authorization: Bearer $REMANENCE_API_KEY" -H 'Content-Type: application/json' "$@"
}

echo '# A conversation is handed in; the key makes the request safe to repeat'
accepted=$(call "$url/v1/memories" -H 'Idempotency-Key: curl-example-1' -d '{
  "user_id": "lena",
  "input": {"conversation": {"messages": [
    {"role": "user", "name": "Lena", "content": "I moved to Graz in March."},
    {"role": "assistant", "content": "How do you get to work?"},
    {"role": "user", "name": "Lena", "content": "I ride my red bicycle along the river."}]}}}') || { echo "$accepted" >&2; exit 1; }
echo "$accepted"
run_id=$(printf '%s' "$accepted" | sed 's/.*"run_id":"\([^"]*\)".*/\1/')

echo '# Its run, once it has ended'
until run=$(call "$url/v1/runs/$run_id") && printf '%s' "$run" | grep -q '"completed_at":"'; do sleep 0.1; done
echo "$run"

echo '# A question'
call "$url/v1/memories/search" -d '{
  "query": "What colour is her bicycle?", "user_id": "lena", "retrieval_config": {"retrieval_type": "bm25", "limit": 1}}'
echo
