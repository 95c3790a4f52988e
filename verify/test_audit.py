"""Tests of audit.py: python3 -m unittest discover -s verify"""

import base64
import hashlib
import json
import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import audit  # noqa: E402
import make_vectors as make  # noqa: E402
import verify  # noqa: E402

SITE = "shudu.example/audit"


def entries(count):
    """A trail, line by line."""
    lines, previous = [], "0" * 64
    for number in range(1, count + 1):
        entry = {"number": number, **{field: f"{field} {number}" for field in audit.FIELDS}}
        previous = entry["hash"] = audit.digest(
            "shudu/audit/1", str(number), previous, *(entry[field] for field in audit.FIELDS)
        )
        lines.append(json.dumps(entry))
    return lines


class Trail(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = place.name
        self.lines = entries(20)
        os.mkdir(os.path.join(self.place, "history"))
        seed = hashlib.sha256(b"a trail").digest()
        kind_and_key = b"\x01" + make.public_key(seed)
        key_id = hashlib.sha256(f"{SITE}\n".encode() + kind_and_key).digest()[:4]
        self.sign = lambda text: base64.b64encode(key_id + make.sign(seed, text.encode())).decode()
        self.write("key", f"{SITE}+{key_id.hex()}+{base64.b64encode(kind_and_key).decode()}\n")
        self.checkpoint("history/12", 12)

    def write(self, name, text):
        with open(os.path.join(self.place, name), "w", encoding="utf-8") as file:
            file.write(text)

    def checkpoint(self, name, size, root=None):
        root = root or bytes.fromhex(json.loads(self.lines[size - 1])["hash"])
        text = f"{SITE}\n{size}\n{base64.b64encode(root).decode()}\n"
        self.write(name, f"{text}\n\u2014 {SITE} {self.sign(text)}\n")

    def put(self, lines):
        self.write("entries.jsonl", "".join(line + "\n" for line in lines))

    def refused(self, lines):
        self.put(lines)
        with self.assertRaises(verify.Refused) as caught:
            audit.check(self.place, [])
        return str(caught.exception)

    def test_a_whole_trail_holds(self):
        self.put(self.lines)
        audit.check(self.place, [])

    def test_the_vector_of_the_document_holds(self):
        with open(os.path.join(HERE, "..", "docs", "audit.md"), encoding="utf-8") as file:
            text = file.read()
        opening = audit.digest("shudu/audit/opening/1", "login", "11" * 32, "organiser")
        self.assertIn(opening, text)
        entry = (
            "2018-04-01T04:00:00.000000Z", "2026-11-22T06:00:00.000001Z", "3", "sysadmin", "", "identity.add_account", "",
            '{"grants":["organiser"]}', f"login {opening}\n",
        )  # fmt: skip
        self.assertIn(audit.digest("shudu/audit/1", "1", "0" * 64, *entry), text)

    def test_every_change_of_every_field_is_named(self):
        for number in range(len(self.lines)):
            for field in (*audit.FIELDS, "number", "hash"):
                entry = json.loads(self.lines[number])
                entry[field] = 99 if field == "number" else entry[field] + "x"
                changed = [*self.lines[:number], json.dumps(entry), *self.lines[number + 1 :]]
                self.assertIn(f"entry {number + 1}: ", self.refused(changed))

    def test_what_is_swapped_taken_out_or_put_in_is_named(self):
        lines = self.lines
        self.assertIn("entry 5: ", self.refused([*lines[:4], lines[5], lines[4], *lines[6:]]))
        self.assertIn("entry 5: ", self.refused([*lines[:4], *lines[5:]]))
        self.assertIn("entry 6: ", self.refused([*lines[:5], lines[4], *lines[5:]]))
        self.assertIn("entry 5: ", self.refused([*lines[:4], "nonsense", *lines[5:]]))

    def test_a_cut_is_named_as_far_as_a_checkpoint_reaches(self):
        for size in range(1, 12):
            self.assertIn(f"entry {size + 1} is missing", self.refused(self.lines[:size]))
        self.put(self.lines[:12])
        audit.check(self.place, [])
        kept = os.path.join(self.place, "kept")
        self.checkpoint("kept", 20)
        with self.assertRaises(verify.Refused):
            audit.check(self.place, [kept])

    def test_a_trail_written_anew_is_named_by_an_older_checkpoint(self):
        self.checkpoint("history/12", 12, b"another hash of thirty-two bytes")
        self.assertIn("was another when this was signed", self.refused(self.lines))

    def test_a_checkpoint_of_another_key_is_refused(self):
        file = os.path.join(self.place, "history", "12")
        with open(file, encoding="utf-8") as note:
            text = note.read()
        self.write("history/12", text.replace("\n12\n", "\n13\n", 1))
        self.assertIn("signature is wrong", self.refused(self.lines))
