#!/bin/sh
# Starts an agent on Flowyble's wire and asks for the status of its run until that has ended, cancelled or not. Without AGENT_ID it
# makes an agent first.
#
#   REMANENCE_API_KEY=$(cat .remanence/key) sh examples/polling/flowyble.sh
set -eu
url=${REMANENCE_URL:-http://127.0.0.1:7090}
call() { curl -sS --fail-with-body -H "X-API-Key: $REMANENCE_API_KEY" -H 'Content-Type: application/json' "$@"; }
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

agent_id=${AGENT_ID:-$(call "$url/v1/agents" -d '{"name": "Recall", "instructions": "Answer from memory."}' |
  sed -n 's/^{"id":"\([^"]*\)".*/\1/p')}
run_id=$(call "$url/v1/agents/run/$agent_id" -d '{"userMessage": "What do you know about bees?"}' |
  sed -n 's/^{"success":true,"id":"\([^"]*\)".*/\1/p')
for try in $(seq 100); do
  run=$(call "$url/v1/agents/run/$run_id/status")
  status=$(printf '%s' "$run" | member status)
  echo "$status"
  case $status in
    Completed) printf '%s\n' "$run" | member finalOutput; exit 0 ;;
    Failed) printf '%s\n' "$run" | member errorMessage >&2; exit 1 ;;
    # The sample in the documents of the original does not stop here.
    Cancelled) echo "the run was cancelled" >&2; exit 1 ;;
  esac
  sleep "${POLL_SECONDS:-2}"
done
echo "the run did not end" >&2
exit 2
