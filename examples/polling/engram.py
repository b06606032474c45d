"""Adds a text and asks for its run until that has ended: on the native API, which is Engram's too.

    REMANENCE_API_KEY=$(cat .remanence/key) python3 examples/polling/engram.py
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
    request.add_header("Authorization", "Bearer " + os.environ["REMANENCE_API_KEY"])
    request.add_header("Content-Type", "application/json")
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(request, data, timeout=30) as answer:
        return json.load(answer)


run_id = call("/v1/memories", {"user_id": "lena", "input": {"string": {"content": ["Lena moved to Graz in March."]}}})["run_id"]
for _ in range(100):
    run = call("/v1/runs/" + run_id)
    print(run["status"], flush=True)
    if run["status"] == "completed":
        sys.exit(0)
    if run["status"] == "failed":  # A cancelled run reads failed too, and its error says so.
        sys.exit(run["error"])
    time.sleep(POLL_SECONDS)
sys.exit("the run did not end")
