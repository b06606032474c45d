"""Starts an agent on Flowyble's wire and asks for the status of its run until that has ended, cancelled or not. Without AGENT_ID it
makes an agent first.

    REMANENCE_API_KEY=$(cat .remanence/key) python3 examples/polling/flowyble.py
"""
import json
import os
import sys
import time
import urllib.request

URL = os.environ.get("REMANENCE_URL", "http://127.0.0.1:7090")
POLL_SECONDS = float(os.environ.get("POLL_SECONDS", "2"))


def call(path, body=None):
    request = urllib.request.Request(URL + path, method="GET" if body is None else "POST")
    request.add_header("X-API-Key", os.environ["REMANENCE_API_KEY"])
    request.add_header("Content-Type", "application/json")
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(request, data, timeout=30) as answer:
        return json.load(answer)


agent_id = os.environ.get("AGENT_ID") or call("/v1/agents", {"name": "Recall", "instructions": "Answer from memory."})["id"]
run_id = call("/v1/agents/run/" + agent_id, {"userMessage": "What do you know about bees?"})["id"]
for _ in range(100):
    run = call("/v1/agents/run/" + run_id + "/status")
    print(run["status"], flush=True)
    if run["isTerminal"]:  # Completed, Failed or Cancelled: the sample in the documents of the original forgets the last.
        break
    time.sleep(POLL_SECONDS)
else:
    sys.exit("the run did not end")
if run["status"] != "Completed":
    sys.exit(run["errorMessage"] or "the run was cancelled")
print(run["finalOutput"])
