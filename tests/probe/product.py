"""A small site to be probed: one process on loopback, its own data directory, a campaign in every phase, somebody in every
role. Standard library only."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

PASSWORD = "rain over the river"
# Everybody's login is the name of the role; `elsewhere` is there to be looked for by those who may not.
ROLES = {
    "sysadmin": "sysadmin",
    "organiser": "organiser",
    "approver": "approver",
    "approver-2": "approver",
    "coordinator": "province_coordinator=320000",
    "elsewhere": "province_coordinator=610000",
    "handler": "handler=320000",
    "leader": "team_leader=T3",
    "auditor": "auditor",
}
VOTING, COUNTING = "2018-04-06T12:00:00+08:00", "2018-04-09T12:00:00+08:00"
# What later versions ask for by default and a probe cannot give: one step to sign in, no limits on floods. Others ignore it.
SETTINGS = {"SHUDU_PASS_BITS": "4", "SHUDU_SECOND_FACTOR": "optional", "SHUDU_LIMITS": "off", "SHUDU_SETTLE_AFTER": "0", "RUST_LOG": "shudu=error"}
START_LIMIT = 60


class Site:
    """The running product. `url` is its address, `tokens` the bearer token of every login."""

    def __init__(self, binary):
        self.binary = binary
        self.folder = Path(tempfile.mkdtemp(prefix="shudu-probe-"))
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.process = None
        self.url = None
        self.tokens = {}

    def __enter__(self):
        try:
            self._play()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- What it has lived through ---

    def _play(self):
        self._clock(VOTING)
        for login, role in ROLES.items():
            command = [self.binary, "account", "add", login, "--name", login, "--office", "探针", "--role", role]
            self._run([*command, "--data", self.data], PASSWORD + "\n")
        self._start()
        self.sign_in()
        for slug, display, closes in [("p1", "turnout", "2018-04-06"), ("p2", "live", "2018-12-31"), ("p3", "closed", "2018-12-31")]:
            self._draft(slug, display, closes)
        for slug in ("p1", "p2"):
            self._act("organiser", f"campaigns/{slug}/submission", {})
            self._act("approver", f"campaigns/{slug}/publication", {})
            for n in range(5):
                self._vote(slug, ["320000", "610000"][n % 2], [f"{slug.upper()}-{i}" for i in {1, 1 + n % 3}])
        self._stop()
        self._clock(COUNTING)
        self._start()
        self.sign_in()
        self._act("organiser", "campaigns/p1/count", {}, conflict=True)  # the scheduler may have been there first
        self._act("organiser", "campaigns/p1/selection", {})
        self._act("approver", "campaigns/p1/selection/approval", {})
        self._act("approver-2", "campaigns/p1/selection/approval", {})
        self._act("approver", "campaigns/p1/dispatch", {})
        row = "assignments/P1-1/320000"
        self._act("coordinator", f"{row}/acknowledgement", {"department": "江苏省公安厅"})
        milestones = [{"day": "2018-05-10", "text": "两个县先试"}]
        plan = {"root_cause": "queueing", "remedy": "mobile", "description": "窗口太少", "milestones": milestones}
        self._act("handler", f"{row}/plan", plan)

    def _draft(self, slug, display, closes):
        rules = {
            "slug": slug, "name_zh": f"探针{slug}", "name_en": f"A probe {slug}", "purpose_zh": "试一试", "purpose_en": "Trying it out",
            "hosts": ["NDRC"], "opens_on": "2018-04-05", "closes_on": closes, "max_choices": 3, "top_n": 2,
            "tracks": ["anonymous", "real_name"], "display": display, "units": ["320000", "330000", "610000"],
            "deadline_days": 30,
        }
        made = self._act("organiser", "campaigns", rules)
        options = [
            {
                "code": f"{slug.upper()}-{n}", "ballot_no": n, "title_zh": f"第{n}件办起来很麻烦的事情",
                "title_en": f"Errand number {n} is a great nuisance", "short_zh": f"麻烦事{n}", "short_en": f"Nuisance {n}",
                "theme_zh": "窗口", "theme_en": "Windows", "domain": "identity", "lead_department": "MPS",
                "co_departments": [], "root_cause": "queueing", "remedies": ["mobile"], "affected": "citizen",
                "proposed_by": "citizen",
            }
            for n in range(1, 5)
        ]
        self._act("organiser", f"campaigns/{slug}/options", {"revision": made["revision"], "options": options}, "PUT")

    def _vote(self, slug, place, choices):
        work = self._act(None, f"campaigns/{slug}/challenges", None)
        challenge, answers = work["challenge"], []
        for page in range(1 << 24):
            output = hashlib.pbkdf2_hmac(
                "sha256", challenge.encode(), page.to_bytes(4, "big"), work["iterations"], 32 * 256
            )
            heads = [int.from_bytes(output[32 * at : 32 * at + 4], "big") for at in range(256)]
            answers += [page * 256 + at for at, head in enumerate(heads) if head <= work["target"]]
            if len(answers) >= work["answers"]:
                break
        nonce = ",".join(str(answer) for answer in answers[: work["answers"]])
        solved = {"track": "anonymous", "challenge": challenge, "nonce": nonce}
        given = self._act(None, f"campaigns/{slug}/passes", solved)
        self._act(None, f"campaigns/{slug}/ballots", {"pass": given["pass"], "place": place, "choices": choices})

    # --- What is asked of it ---

    def sign_in(self, *logins):
        """A fresh token for some, else for everybody."""
        for login in logins or ROLES:
            self.tokens[login] = self._act(None, "sessions", {"login": login, "password": PASSWORD})["token"]

    def _act(self, login, path, body, method="POST", conflict=False):
        headers = {"Content-Type": "application/json"}
        if login:
            headers["Authorization"] = f"Bearer {self.tokens[login]}"
        sent = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", sent, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            if conflict and error.code == 409:
                return None
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()}") from None

    def errors(self):
        """What it said on standard error that is an error or a panic."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return [line for line in text.splitlines() if re.search(r"ERROR|panicked", line)]

    # --- The process ---

    def _clock(self, moment):
        ahead = datetime.fromisoformat(moment) - datetime.now(UTC)
        self.data.mkdir(parents=True, exist_ok=True)
        facts = {"demo": True, "clock_offset": int(ahead.total_seconds())}
        (self.data / "site.json").write_text(json.dumps(facts))

    def _run(self, command, given):
        done = subprocess.run(command, input=given, text=True, capture_output=True, env={**os.environ, **SETTINGS})
        if done.returncode:
            raise RuntimeError(f"{command[1:4]}: {done.stderr}")

    def _start(self):
        command = [self.binary, "serve", "--listen", "127.0.0.1:0", "--data", self.data]
        env = {**os.environ, **SETTINGS, "NO_COLOR": "1"}
        with self.log.open("a") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=env)
        self.url = self.process.stdout.readline().strip()
        if not self.url.startswith("http"):
            raise RuntimeError(f"the product did not start: {self.log.read_text()}")
        for _ in range(START_LIMIT * 10):
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=5).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the product did not get ready")

    def _stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
