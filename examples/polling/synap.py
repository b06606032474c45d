"""Hands in a document on Synap's wire and asks for its ingestion until that has ended.

    REMANENCE_API_KEY=$(cat .remanence/key) python3 examples/polling/synap.py
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


ingestion_id = call(
    "/api/v1/memories/create",
    {
        "document": "User: I moved to Graz in March.\nAssistant: How do you get to work?\nUser: I love riding my red bicycle.",
        "document_type": "ai-chat-conversation",
        "document_id": None,
        "document_created_at": None,
        "user_id": "lena",
        "customer_id": "lena",
        "mode": "fast",
        "metadata": {},
    },
)["ingestion_id"]
for _ in range(100):
    answer = call("/api/v1/memories/status/" + ingestion_id)
    print(answer["status"], answer["memories_created"], flush=True)
    if answer["status"] == "completed":
        sys.exit(0)
    # A cancelled run reads failed too, and its message says so. What a partial success made can be used.
    if answer["status"] in ("failed", "partial_success"):
        sys.exit(answer["error_message"])
    time.sleep(POLL_SECONDS)
sys.exit("the ingestion did not end")
