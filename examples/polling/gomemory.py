"""Adds messages on GoMemory's wire and asks for the status of the request until it has ended.

    REMANENCE_API_KEY=$(cat .remanence/key) python3 examples/polling/gomemory.py
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


user_id = call("/create/user", {})["userId"]
messages = [{"role": "user", "content": "My name is Lena. I keep bees in my garden."}]
request_id = call("/add_memory", {"userId": user_id, "messages": messages})["ReqId"]
for _ in range(100):
    answer = call("/get_status/" + request_id)
    print(answer["status"], flush=True)
    if answer["status"] == "success":
        sys.exit(0)
    if answer["status"] == "failure":  # A cancelled run reads failure too, and its error says so.
        sys.exit(answer["error"])
    time.sleep(POLL_SECONDS)
sys.exit("the request did not end")
