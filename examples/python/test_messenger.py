"""A messenger that integrates with ELMA365, and its test against a mock. It uses
Python's standard library alone. Start the mock, then the test:

    parley serve elma365
    python3 -m unittest discover examples/python
"""

import json
import os
import threading
import unittest
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MOCK = os.environ.get("PARLEY_MOCK", "http://127.0.0.1:7357")
TOKEN = "confirm"


# --- The code under test: it answers each operator's message. ------------------


class Messenger(BaseHTTPRequestHandler):
    vendor = None  # where ELMA365 takes calls; connect tells it

    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if event["type"] == "connect":
            type(self).vendor = event["data"]["webhook"]  # before the answer: what follows it may come at once
        self.send_response(200 if event.get("token") == TOKEN else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()
        if event.get("token") != TOKEN:
            return
        if event["type"] == "message":
            data = event["data"]
            threading.Thread(target=self.reply, args=(data["targetChatId"], data["text"])).start()

    def reply(self, chat, text):
        message = {
            "type": "message",
            "token": TOKEN,
            "data": {"externalMessageId": "re-" + chat, "externalChatId": chat, "externalUserId": "client-1", "text": "Thanks for: " + text},
        }
        for _ in range(3):
            try:
                post(type(self).vendor, message)
                return
            except urllib.error.HTTPError as failed:
                if failed.code != 500:
                    return

    def log_message(self, *_):
        pass


def post(url, body, headers=()):
    return call("POST", url, body, headers)


def call(method, url, body=None, headers=()):
    request = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    for name, value in headers:
        request.add_header(name, value)
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read()
        return json.loads(text) if text else None


# --- The test. Each has a sandbox of its own, so they may run side by side. -----


class MessengerTest(unittest.TestCase):
    def setUp(self):
        self.sandbox = f"python-{os.getpid()}-{self._testMethodName}"
        messenger = type("OneMessenger", (Messenger,), {})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), messenger)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{self.server.server_port}"
        opened = self.parley("POST", "/channels", {"vendor": "elma365", "token": TOKEN, "url": url})
        self.channel = opened["channel"]["id"]

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()
        self.parley("DELETE", "/sandboxes/" + self.sandbox)

    def parley(self, method, path, body=None):
        return call(method, MOCK + "/_parley" + path, body, [("Parley-Sandbox", self.sandbox)])

    def replies(self, n):
        found = self.parley("GET", f"/journal/wait?operation=operations/message&n={n}&timeout=5s")
        return found["exchanges"]

    def test_answers_an_operator_in_the_same_chat(self):
        self.parley("POST", "/send", {"vendor": "elma365", "event": "message", "channel": self.channel, "set": {"data.targetChatId": "chat-1", "data.text": "Hello"}})
        reply = self.replies(1)[0]
        sent = json.loads(reply["request"]["body"]["text"])
        self.assertEqual(sent["data"]["externalChatId"], "chat-1")
        self.assertEqual(sent["data"]["text"], "Thanks for: Hello")
        self.assertEqual(reply.get("findings", []), [])

    def test_sends_a_reply_again_after_500(self):
        self.parley("POST", "/faults", {"vendor": "elma365", "operation": "message", "status": 500, "times": 1})
        self.parley("POST", "/send", {"vendor": "elma365", "event": "message", "channel": self.channel, "set": {"data.targetChatId": "chat-2"}})
        replies = self.replies(2)
        self.assertEqual([e["response"]["status"] for e in replies], [500, 200])
        ids = [json.loads(e["request"]["body"]["text"])["data"]["externalMessageId"] for e in replies]
        self.assertEqual(ids[0], ids[1])


if __name__ == "__main__":
    unittest.main()
