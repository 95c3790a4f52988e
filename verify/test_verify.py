"""Tests of verify.py: python3 -m unittest discover -s verify"""

import contextlib
import functools
import hashlib
import http.server
import io
import json
import os
import random
import re
import shutil
import sys
import tempfile
import threading
import time
import unittest
import unittest.mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import make_vectors as make  # noqa: E402
import verify  # noqa: E402

VECTORS = os.path.join(HERE, "vectors")


def vector(*path):
    return os.path.join(VECTORS, *path)


def contents(*path):
    with open(vector(*path), "rb") as file:
        return file.read()


def as_json(name):
    return json.loads(contents(name).decode())


def run(*arguments):
    """Exit status and what was said."""
    said, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        try:
            status = verify.main(list(arguments))
        except SystemExit as end:
            status = end.code
    return status, said.getvalue() + complained.getvalue()


class InMemory:
    can_grow = False
    can_list = True

    def __init__(self, files):
        self.files = files

    def read(self, name):
        return self.files.get(name)

    def read_in_order(self, names):
        return map(self.read, names)

    def names(self):
        return list(self.files)


def refusal_of(files, pinned=None):
    try:
        verify.check_log(InMemory(files), pinned)
    except verify.Refused as refusal:
        return str(refusal)
    return None


def flipped(data, bit):
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@contextlib.contextmanager
def signatures_remembered():
    """The same signature over the same bytes is checked once; thousands of flips elsewhere need no more."""
    plain = verify.is_signed_by
    verify.is_signed_by = functools.lru_cache(maxsize=None)(plain)
    try:
        yield
    finally:
        verify.is_signed_by = plain


class KnownAnswers(unittest.TestCase):
    RFC_8032 = [  # section 7.1: seed, public key, message, signature
        ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
        ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    ]
    RFC_6962 = [  # the leaves and roots of the reference implementation of Certificate Transparency
        ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
        ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
        ("606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ]

    def test_signatures_of_rfc_8032(self):
        for seed, public, message, signature in self.RFC_8032:
            public, message, signature = map(bytes.fromhex, (public, message, signature))
            self.assertEqual(make.public_key(bytes.fromhex(seed)), public)
            self.assertEqual(make.sign(bytes.fromhex(seed), message), signature)
            self.assertTrue(verify.is_signed_by(public, message, signature))
            self.assertFalse(verify.is_signed_by(public, message + b"x", signature))

    def test_a_large_s_is_refused(self):
        _, public, message, signature = self.RFC_8032[1]
        signature = bytes.fromhex(signature)
        large = (int.from_bytes(signature[32:], "little") + verify.GROUP_ORDER).to_bytes(32, "little")
        self.assertFalse(verify.is_signed_by(bytes.fromhex(public), bytes.fromhex(message), signature[:32] + large))

    def test_points_in_another_encoding_are_refused(self):
        for y in (verify.P, verify.P + 1, 2**255 - 1):
            self.assertIsNone(verify.decode_point(y.to_bytes(32, "little")))
        self.assertIsNone(verify.decode_point((1 | 1 << 255).to_bytes(32, "little")), "x is 0 and its sign is set")

    def test_a_point_off_the_curve_is_refused(self):
        self.assertIsNone(verify.decode_point((2).to_bytes(32, "little")))

    def test_a_key_of_small_order_is_refused(self):
        for y in (0, 1, verify.P - 1):
            self.assertFalse(verify.is_sound_public_key(y.to_bytes(32, "little")))

    def test_roots_of_rfc_6962(self):
        tree = verify.Tree()
        self.assertEqual(tree.root(), hashlib.sha256().digest())
        for leaf, root in self.RFC_6962:
            tree.add(verify.leaf_hash(bytes.fromhex(leaf)))
            self.assertEqual(tree.root().hex(), root)

    def test_fields_become_the_bytes_of_the_vectors(self):
        known = as_json("leaf.json")
        questionnaire = verify.parse_questionnaire(bytes.fromhex(known["questionnaire"]["bytes"]), "s1")
        self.assertEqual(questionnaire.hash.hex(), known["questionnaire"]["sha256"])
        codes = {option["code"].encode() for option in known["questionnaire"]["options"]}
        kind, ballot = verify.parse_entry(bytes.fromhex(known["ballot"]["bytes"]), questionnaire, codes)
        self.assertEqual(kind, "ballot")
        self.assertEqual([code.decode() for code in ballot.choices], known["ballot"]["choices"])
        self.assertEqual(ballot.serial.hex(), known["ballot"]["serial"])
        salt, province = bytes.fromhex(known["ballot"]["salt"]), known["ballot"]["province"].encode()
        self.assertEqual(ballot.commitment, hashlib.sha256(salt + province).digest())
        self.assertEqual(verify.leaf_hash(bytes.fromhex(known["ballot"]["bytes"])).hex(), known["ballot"]["leaf_hash"])
        kind, made = verify.parse_entry(bytes.fromhex(known["invalidation"]["bytes"]), questionnaire, codes)
        self.assertEqual((kind, made.indices), ("invalidation", known["invalidation"]["indices"]))

    def test_names_of_tiles(self):
        self.assertEqual(verify.bundle("tile/0", 0, 5), "tile/0/000.p/5")
        self.assertEqual(verify.bundle("tile/0", 0, 256), "tile/0/000")
        self.assertEqual(verify.bundle("tile/1", 1234067, 10**12), "tile/1/x001/x234/067")


class Vectors(unittest.TestCase):
    def test_the_vectors_are_those_that_are_made(self):
        with tempfile.TemporaryDirectory() as folder:
            make.write_vectors(folder)
            for file in sorted(verify.Directory(folder).names()):
                with open(os.path.join(folder, file), "rb") as made:
                    self.assertEqual(made.read(), contents(file), file)
            self.assertEqual(sorted(verify.Directory(folder).names()), sorted(verify.Directory(VECTORS).names()))

    def test_closed_logs_are_ok(self):
        for name in ("good", "named", "assisted", "ruled", "tiny", "wide", "empty"):
            status, said = run("log", vector(name))
            self.assertEqual((status, said.splitlines()[-1]), (0, "OK"), said)

    def test_the_ranking_is_printed(self):
        _, said = run("log", vector("good"))
        self.assertIn("31 included, 2 invalidated, 29 counted", said)
        self.assertIn("*   1.         16          8  A02", said)

    def test_an_open_log_is_ok_so_far_and_says_what_is_not_checked(self):
        status, said = run("log", vector("open"))
        self.assertEqual((status, said.splitlines()[-1]), (0, "OK SO FAR"), said)
        self.assertIn("Not yet", said)

    def test_every_broken_log_is_refused_with_its_file(self):
        for case in as_json("broken.json"):
            with self.subTest(case["name"]), tempfile.TemporaryDirectory() as folder:
                break_log(folder, case)
                witness = ["--witness", case["witness"]] if "witness" in case else []
                status, said = run("log", folder, "--key", case["key"], *witness)
                self.assertEqual(status, 1, said)
                self.assertEqual(len(said.splitlines()), 1, said)
                self.assertTrue(any(name in said for name in case["names"]), said)
                self.assertIn(case["words"], said)

    def order(self, rule, codes, votes):
        options = [verify.Option(code.encode(), number, "", "") for number, code in enumerate(codes, start=1)]
        recount = verify.Recount(verify.Log(None, verify.Questionnaire(b"", b"", 1, False, [], 1, rule, options)))
        for code, track, number in votes:
            recount.votes[code.encode(), recount.cell_number(b"000000", track.encode())] += number
        return "".join(option.code.decode() for _, _, option in verify.ranking(recount.questionnaire, recount))

    def test_by_all_votes_equals_are_ranked_by_real_names_and_then_by_number(self):
        votes = [("a", "real_name", 1), ("b", "anonymous", 1), ("c", "anonymous", 1)]
        self.assertEqual(self.order("votes-realname-number/1", "cba", votes), "acb")

    def test_by_real_names_anonymous_votes_move_nothing_and_equals_are_ranked_by_number(self):
        votes = [("a", "anonymous", 9000), ("a", "real_name", 1), ("b", "real_name", 2), ("c", "real_name", 1)]
        self.assertEqual(self.order("realname-number/1", "cba", votes), "bca")
        self.assertEqual(self.order("votes-realname-number/1", "cba", votes), "abc")

    def test_the_rule_is_printed(self):
        for name, first in [("good", "by votes-realname-number/1"), ("named", "by realname-number/1")]:
            self.assertIn(f"Ranking   {first} (", run("log", vector(name))[1])
        # More anonymous votes than all others together, and behind.
        said = run("log", vector("named"))[1]
        self.assertIn("*   1.          3          3  b", said)
        self.assertIn("    2.          8          2  a", said)

    def test_assisted_votes_are_votes_of_identities(self):
        said = run("log", vector("assisted"))[1]
        self.assertIn("27 included, 1 invalidated, 26 counted", said)
        self.assertIn("*   1.         11         11  b", said)
        self.assertIn("    2.         15          3  a", said)


def break_log(folder, case):
    change = case["change"]
    if case["from"]:
        shutil.copytree(vector(case["from"]), folder, dirs_exist_ok=True)
    if change["op"] == "patch":
        for name in change["delete"]:
            os.remove(os.path.join(folder, name))
        shutil.copytree(vector(change["folder"]), folder, dirs_exist_ok=True)
        return
    path = os.path.join(folder, change["file"])
    if change["op"] == "delete":
        os.remove(path)
        return
    data = change["text"].encode() if change["op"] == "add" else contents(case["from"], change["file"])
    if change["op"] == "flip":
        data = flipped(data, 8 * change["byte"] + change["bit"])
    if change["op"] == "truncate":
        data = data[: change["length"]]
    make.write_files(folder, {change["file"]: data})


class SingleBits(unittest.TestCase):
    def refuse_all(self, files, names, bits=None):
        with signatures_remembered():
            self.assertIsNone(refusal_of(files))
            for name in names:
                for bit in bits(name) if bits else range(8 * len(files[name])):
                    said = refusal_of({**files, name: flipped(files[name], bit)})
                    self.assertTrue(said and name in said, f"bit {bit} of {name}: {said}")

    def test_every_bit_of_a_log_of_three_ballots(self):
        campaign = make.tiny_campaign()
        ballots = make.ballots(campaign, "bits", [("000000", "anonymous", 3)])
        files = make.Log(campaign, [ballots, [make.Invalidation("choices=a\nr", "o", "p", [0])]]).files()
        self.refuse_all(files, files)

    def test_every_bit_of_its_open_form(self):
        campaign = make.tiny_campaign()
        files = make.Log(campaign, [make.ballots(campaign, "bits", [("000000", "anonymous", 3)])]).files(closed=False)
        # Before the close nothing that is signed says which questionnaire it is; only its form can be wrong.
        self.refuse_all(files, set(files) - {"questionnaire"})

    def test_some_bits_of_a_log_of_a_thousand(self):
        chance = random.Random(2018)
        log = make.wide_log(1000, 125, places=True)
        for closed in (True, False):
            files = log.files(closed)
            with tempfile.TemporaryDirectory() as folder, signatures_remembered():
                make.write_files(folder, files)
                self.assertEqual(run("log", folder)[0], 0)
                for name in files:
                    if name == "questionnaire" and not closed:
                        continue
                    for _ in range(2):
                        bit = chance.randrange(8 * len(files[name]))
                        make.write_files(folder, {name: flipped(files[name], bit)})
                        status, said = run("log", folder)
                        self.assertTrue(status == 1 and name in said, f"bit {bit} of {name}: {said}")
                    make.write_files(folder, {name: files[name]})

    def test_many_bits_of_a_receipt_and_of_a_promise(self):
        source = verify.Directory(vector("good"))
        receipt, promises = contents("receipt.txt"), [contents("promise.txt"), contents("promise-alone.txt")]
        key = verify.parse_key_file(contents("good", "key"))
        with signatures_remembered():
            for bit in range(0, 8 * len(receipt), 11):
                with self.assertRaises(verify.Refused, msg=f"bit {bit}"):
                    verify.check_receipt(source, flipped(receipt, bit), "receipt.txt")
            for promise in promises:
                for bit in range(0, 8 * len(promise), 5):
                    with self.assertRaises(verify.Flaw, msg=f"bit {bit}"):
                        verify.parse_promise(flipped(promise, bit), key)


class Proofs(unittest.TestCase):
    def test_proofs_of_all_sizes(self):
        leaves = [hashlib.sha256(bytes([number])).digest() for number in range(40)]
        for size in range(1, 41):
            tree = make.Tree(leaves[:size])
            tiles = verify.Tiles(InMemory(make.bundles("tile/0", leaves[:size])), size)
            root = tree.hash(0, size)
            self.assertEqual(tiles.hash_of(0, size), root)
            for index in range(size):
                proof = tiles.inclusion_proof(index, 0, size)
                self.assertEqual(proof, tree.path(index, 0, size))
                self.assertEqual(verify.root_of_inclusion(leaves[index], index, size, proof), root)
                self.assertNotEqual(verify.root_of_inclusion(leaves[index], index, size, proof + [root]), root)
                self.assertNotEqual(verify.root_of_inclusion(leaves[index], index, size, proof[:-1]), root if proof else None)
            for older in range(1, size):
                earlier = verify.Checkpoint(older, tree.hash(0, older))
                proof = tiles.consistency_proof(older, 0, size, True)
                self.assertEqual(verify.roots_of_consistency(earlier, size, proof), (earlier.root, root))
                other = verify.Checkpoint(older, bytes(32))
                self.assertNotEqual(verify.roots_of_consistency(other, size, proof), (other.root, root))

    def test_proofs_through_higher_tiles(self):
        leaves = [hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(70_000)]
        tree = make.Tree(leaves)
        files = {}
        for level, hashes in enumerate(tree.complete[::8]):
            files.update(make.bundles(f"tile/{level}", hashes))
        tiles = verify.Tiles(InMemory(files), len(leaves))
        root = tree.hash(0, len(leaves))
        for index in (0, 255, 256, 65_535, 65_536, 69_999):
            proof = tiles.inclusion_proof(index, 0, len(leaves))
            self.assertEqual(verify.root_of_inclusion(leaves[index], index, len(leaves), proof), root)
        for older in (1, 255, 256, 300, 65_536, 65_537, 69_999):
            earlier = verify.Checkpoint(older, tree.hash(0, older))
            proof = tiles.consistency_proof(older, 0, len(leaves), True)
            self.assertEqual(verify.roots_of_consistency(earlier, len(leaves), proof), (earlier.root, root))


class Commands(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.key = contents("good", "key").decode().strip()

    def file(self, data, name="file.txt"):
        make.write_files(self.folder.name, {name: data})
        return os.path.join(self.folder.name, name)

    def copy_of(self, name):
        path = os.path.join(self.folder.name, name)
        shutil.copytree(vector(name), path)
        return path

    def test_receipts(self):
        for log in ("good", "open"):
            for receipt in ("receipt.txt", "receipt-full.txt"):
                status, said = run("receipt", vector(log), vector(receipt), "--key", self.key)
                self.assertEqual((status, said.splitlines()[-1]), (0, "OK"), said)
                self.assertIn("entry 5", said)

    def test_a_leaf_hash_alone(self):
        leaf = as_json("leaf.json")["ballot"]
        grouped = " ".join(re.findall("....", leaf["leaf_hash"].upper()))  # as a receipt's page shows it
        for form in (leaf["leaf_hash"], leaf["leaf_hash_base64"], grouped):
            status, said = run("receipt", vector("open"), form)
            self.assertEqual(status, 0, said)
            self.assertIn("entry 5", said)

    def test_a_receipt_number(self):
        leaf = bytes.fromhex(as_json("leaf.json")["ballot"]["leaf_hash"])
        number = (bytes(8) + leaf[:8]).hex()
        for form in (number, number.upper(), " ".join(re.findall("....", number))):
            status, said = run("receipt", vector("open"), form)
            self.assertEqual(status, 0, said)
            self.assertIn("entry 5", said)
        other = (bytes(8) + leaf[:7] + bytes([leaf[7] ^ 1])).hex()
        status, said = run("receipt", vector("good"), other)
        self.assertEqual(status, 1, said)
        self.assertIn(f"no tile holds the receipt number {other.upper()}", said)

    def test_a_leaf_hash_that_is_not_there(self):
        status, said = run("receipt", vector("good"), "00" * 32)
        self.assertEqual(status, 1)
        self.assertIn("does not have this ballot", said)

    def test_a_receipt_of_an_invalidation(self):
        receipt = self.file(make.receipt(make.good_log(), 31, 32))
        for asked in (receipt, as_json("leaf.json")["invalidation"]["leaf_hash"]):
            status, said = run("receipt", vector("good"), asked)
            self.assertEqual(status, 1, said)
            self.assertIn("tile/entries/000.p/32, entry 31: it is no ballot", said)

    def test_a_receipt_of_a_fork(self):
        campaign = make.tiny_campaign()
        fork = make.Log(campaign, [make.ballots(campaign, "fork", [("000000", "anonymous", 3)])])
        status, said = run("receipt", vector("tiny"), self.file(make.receipt(fork, 0, 3)))
        self.assertEqual(status, 1)
        self.assertIn("is not a beginning of the log", said)

    def test_a_receipt_that_is_newer_than_the_copy(self):
        campaign = make.tiny_campaign()
        short = make.Log(campaign, make.tiny_batches(campaign)[:1])
        make.write_files(self.folder.name, short.files(closed=False))
        newer = self.file(make.receipt(make.tiny_log(), 0, 6), "../newer-receipt.txt")
        self.addCleanup(os.remove, newer)
        status, said = run("receipt", self.folder.name, newer)
        self.assertEqual(status, 1)
        self.assertIn("get a newer copy", said)

    def test_a_promise(self):
        for promise in ("promise.txt", "promise-alone.txt"):
            status, said = run("promise", vector(promise), "--key", vector("good", "key"))
            self.assertEqual((status, said.splitlines()[-1]), (0, "OK"), said)
            self.assertIn("2018-04-09T16:00:00Z", said)
        other = contents("tiny", "key").decode().strip()
        self.assertEqual(run("promise", vector("promise.txt"), "--key", other)[0], 1)
        self.assertEqual(run("promise", vector("receipt.txt"), "--key", self.key)[0], 1)

    def test_a_promise_whose_path_is_not_that_of_the_signed_tree(self):
        log = make.good_log()
        leaf = make.leaf_hash(log.entry_bytes[5])
        root = make.leaf_hash(make.BLINDER + leaf)
        for length in range(8):
            note = make.promises_note(log.campaign, "2018-04-09T16:00:00Z", root)
            for index in (0, 1, 64):
                promise = make.promise_text(log.campaign, leaf, index, [bytes(32)] * length, note)
                status, said = run("promise", self.file(promise), "--key", self.key)
                self.assertEqual(status, 0 if length in (0, 6) and index == 0 else 1, said)
            root = make.node_hash(root, bytes(32))

    def test_times_of_promises(self):
        log = make.good_log()
        for time, right in [("0999-12-31T23:59:59Z", True), ("9999-12-31T23:59:59Z", True), ("0000-01-01T00:00:00Z", False),
                            ("2018-4-09T16:00:00Z", False), ("2018-04-09T16:00:60Z", False), ("2018-04-09T24:00:00Z", False)]:
            status, said = run("promise", self.file(make.promise(log, 5, time)), "--key", vector("good", "key"))
            self.assertEqual(status, 0 if right else 1, said)

    def test_consistency(self):
        for size in (18, 31, 32):
            status, said = run("consistency", vector("good", "history", str(size)), vector("good"))
            self.assertEqual((status, said.splitlines()[-1]), (0, "OK"), said)
        campaign = make.good_log().campaign
        fork = campaign.note(campaign.origin, "18", make.base64_of(bytes(32)))
        status, said = run("consistency", self.file(fork), vector("good"))
        self.assertEqual(status, 1)
        self.assertIn("was changed", said)

    def test_a_kept_file_in_another_form_is_the_same_file_and_a_torn_one_says_nothing(self):
        asked = {
            "promise": lambda file: run("promise", file, "--key", vector("good", "key")),
            "receipt": lambda file: run("receipt", vector("good"), file),
            "consistency": lambda file: run("consistency", file, vector("good")),
        }
        notes = {"promise": contents("promise.txt"), "receipt": contents("receipt.txt"),
                 "consistency": contents("good", "history", "18")}
        for command, note in notes.items():
            windows = note.replace(b"\n", b"\r\n")
            for kept in (windows, b"\xef\xbb\xbf" + windows, note.rstrip(b"\n"), note + b"\n\n",
                         windows.decode().encode("utf-16"), b"\xfe\xff" + note.decode().encode("utf-16-be")):
                status, said = asked[command](self.file(kept))
                self.assertEqual(status, 0, f"{command} {kept}: {said}")
            for torn in (b"", note[:40], note[: note.rindex(b"\n\n")], b"\xff\xfe\x00", b"<html>\n\n</html>"):
                status, said = asked[command](self.file(torn))
                self.assertEqual(status, 2, f"{command} {torn}: {said}")
            lines = note.split(b"\n")
            lines[2] = (b"B" if lines[2].startswith(b"A") else b"A") + lines[2][1:]
            forged = b"\n".join(lines)
            self.assertEqual(asked[command](self.file(forged.replace(b"\n", b"\r\n")))[0], 1, command)

    def test_consistency_with_the_time_before_anybody_voted(self):
        before = vector("empty", "checkpoint")
        for log in ("empty", "tiny"):
            status, said = run("consistency", before, vector(log))
            self.assertEqual((status, said.splitlines()[-1]), (0, "OK"), said)
        status, said = run("consistency", vector("tiny", "checkpoint"), vector("empty"))
        self.assertEqual(status, 1, said)

    def test_a_copy_with_what_is_no_file(self):
        def link(target):
            return lambda path: os.symlink(target, path)

        for number, (name, put) in enumerate([("here", link(".")), ("stray", link("/dev/zero")), ("gone", link("nowhere")),
                                              ("tally", link("/dev/zero")), ("stray", os.mkfifo), ("key", os.mkdir)]):
            with self.subTest(name):
                copy = os.path.join(self.folder.name, str(number))
                shutil.copytree(vector("tiny"), copy)
                with contextlib.suppress(FileNotFoundError):
                    os.remove(os.path.join(copy, name))
                put(os.path.join(copy, name))
                status, said = run("log", copy)
                self.assertEqual(status, 1, said)
                self.assertIn(f"{name}: is not an ordinary file", said)

    def test_a_file_that_is_larger_than_a_log_has_it(self):
        for name in ("checkpoint", "tile/0/000.p/6", "places/000.p/6", "key"):
            with self.subTest(name):
                copy = os.path.join(self.folder.name, name.replace("/", "-"))
                shutil.copytree(vector("tiny"), copy)
                make.write_files(copy, {name: contents("tiny", *name.split("/")) + bytes(verify.largest(name))})
                status, said = run("log", copy)
                self.assertEqual(status, 1, said)
                self.assertIn("is larger than", said)

    def test_a_pinned_key(self):
        self.assertEqual(run("log", vector("good"), "--key", self.key)[0], 0)
        other = make.good_log(make.OTHER_SEED).campaign.key
        status, said = run("log", vector("good"), "--key", other)
        self.assertEqual(status, 1)
        self.assertIn("key", said)

    def test_misuse(self):
        for arguments in ([], ["count"], ["log"], ["log", "/no/such/place"], ["log", vector("good"), "--key", "nonsense"],
                          ["promise", vector("promise.txt")], ["promise", "/no/such/file", "--key", self.key],
                          ["receipt", vector("good"), "nonsense"], ["log", "http://127.0.0.1:9/log/s1/"]):
            self.assertEqual(run(*arguments)[0], 2, arguments)

    def test_a_log_without_a_batch(self):
        copy = self.copy_of("open")
        for name in sorted(verify.Directory(copy).names()):
            if name not in ("key", "questionnaire"):
                os.remove(os.path.join(copy, name))
        status, said = run("log", copy)
        self.assertEqual((status, said.splitlines()[-1]), (0, "OK SO FAR"), said)

    def test_entries_before_the_count(self):
        copy = self.copy_of("good")
        os.remove(os.path.join(copy, "tally"))
        status, said = run("log", copy)
        self.assertEqual((status, said.splitlines()[-1]), (0, "OK SO FAR"), said)
        self.assertIn("there is no signed count", said)

    def test_pages_for_browsers_are_left_alone(self):
        copy = self.copy_of("good")
        make.write_files(copy, {"index.html": b"<p>", "tile/0/index.html": b"<p>"})
        self.assertEqual(run("log", copy)[0], 0)

    def test_cosignatures_that_are_demanded(self):
        one, two, three = [each["key"] for each in as_json("witnesses.json")]
        times = {one: "2018-04-09T16:00:00Z", two: "2018-04-09T16:01:05Z"}
        for demanded in ([], [one], [two], [one, two]):
            options = [part for key in demanded for part in ("--witness", key)]
            status, said = run("log", vector("cosigned"), *options)
            self.assertEqual((status, said.splitlines()[-1]), (0, "OK"), said)
            for key in (one, two):
                line = f"{key.split('+')[0]} cosigned it at {times[key]}"
                self.assertEqual(line in said, key in demanded, said)
        status, said = run("log", vector("cosigned"), "--witness", one, "--witness", three)
        self.assertEqual(status, 1)
        self.assertIn("checkpoint: is not cosigned by w3.example/a", said)
        self.assertEqual(run("consistency", vector("tiny", "history", "3"), vector("cosigned"), "--witness", two)[0], 0)
        self.assertEqual(run("receipt", vector("good"), vector("receipt.txt"), "--witness", one)[0], 1)

    def test_a_key_for_cosignatures_is_another_key(self):
        witness = as_json("witnesses.json")[0]["key"]
        for wrong in (self.key, "nonsense", witness.replace("w1", "w2"), witness[:-4]):
            status, said = run("log", vector("cosigned"), "--witness", wrong)
            self.assertEqual(status, 2, said)
            self.assertIn("--witness", said)
        self.assertEqual(run("log", vector("cosigned"), "--key", witness)[0], 2)
        # A witness that others run.
        known = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
        self.assertEqual(verify.parse_witness_key(known).name, "remora.n621.de")

    def test_a_witness_of_a_log_without_a_checkpoint(self):
        copy = self.copy_of("open")
        for name in sorted(verify.Directory(copy).names()):
            if name not in ("key", "questionnaire"):
                os.remove(os.path.join(copy, name))
        status, said = run("log", copy, "--witness", as_json("witnesses.json")[0]["key"])
        self.assertEqual(status, 1)
        self.assertIn("checkpoint: is missing", said)

    def test_every_bit_of_a_cosignature(self):
        witness = verify.parse_witness_key(as_json("witnesses.json")[0]["key"])
        data = contents("cosigned", "checkpoint")
        start = data.index("— w1".encode())
        with signatures_remembered():
            self.assertEqual(verify.cosignature_time(data, witness), make.WITNESSED_AT)
            for bit in range(8 * start, 8 * data.index(b"\n", start)):
                with self.assertRaises(verify.Flaw, msg=f"bit {bit}"):
                    verify.cosignature_time(flipped(data, bit), witness)

    def test_other_signatures_on_a_checkpoint_are_ignored(self):
        copy = self.copy_of("tiny")
        witness = "— witness.example " + make.base64_of(bytes(76)) + "\n"
        make.write_files(copy, {"checkpoint": contents("tiny", "checkpoint") + witness.encode()})
        self.assertEqual(run("log", copy)[0], 0)


class Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


class OverHttp(unittest.TestCase):
    def serve(self, folder, handler=Quiet):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def test_a_closed_and_an_open_log(self):
        site = self.serve(VECTORS)
        for name, last in (("good", "OK"), ("wide", "OK"), ("open", "OK SO FAR")):
            for slash in ("", "/"):
                status, said = run("log", f"{site}/{name}{slash}")
                self.assertEqual((status, said.splitlines()[-1]), (0, last), said)

    def test_a_receipt_and_an_older_checkpoint(self):
        site = self.serve(VECTORS)
        self.assertEqual(run("receipt", f"{site}/good/", vector("receipt.txt"))[0], 0)
        self.assertEqual(run("consistency", vector("good", "history", "18"), f"{site}/good/")[0], 0)

    def test_a_redirect_is_followed(self):
        class Elsewhere(Quiet):
            def do_GET(self):
                if not self.path.startswith("/moved/"):
                    return super().do_GET()
                self.send_response(301)
                self.send_header("Location", self.path[len("/moved"):])
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.assertEqual(run("log", self.serve(VECTORS, Elsewhere) + "/moved/good/")[0], 0)

    def test_a_changed_file_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            make.write_files(folder, make.wide_log().files())
            site = self.serve(folder)
            make.write_files(folder, {"places/001.p/44": flipped(contents("wide", "places", "001.p", "44"), 99)})
            status, said = run("log", site)
            self.assertEqual(status, 1)
            self.assertIn("places/001.p/44, entry 256", said)

    def test_a_log_that_grows_meanwhile_is_not_called_wrong(self):
        campaign = make.tiny_campaign()
        grown = make.Log(campaign, make.tiny_batches(campaign)).files(closed=False)

        class Growing(Quiet):
            def do_GET(self):
                if self.path == "/batches":
                    make.write_files(self.directory, grown)
                super().do_GET()

        with tempfile.TemporaryDirectory() as folder:
            make.write_files(folder, make.Log(campaign, make.tiny_batches(campaign)[:1]).files(closed=False))
            status, said = run("log", self.serve(folder, Growing))
            self.assertEqual(status, 2)
            self.assertIn("grew while it was read", said)

    def test_no_such_log(self):
        self.assertEqual(run("log", self.serve(VECTORS) + "/nothing/")[0], 1)

    def test_a_server_in_trouble(self):
        class Broken(Quiet):
            def do_GET(self):
                self.send_error(503)

        self.assertEqual(run("log", self.serve(VECTORS, Broken))[0], 2)

    def answering(self, name, data, announced=None):
        """A site whose answer for one file is another; it may announce more than it sends."""
        class Answering(Quiet):
            def do_GET(self):
                if not self.path.endswith("/" + name):
                    return super().do_GET()
                self.send_response(200)
                self.send_header("Content-Length", str(announced or len(data)))
                self.end_headers()
                self.wfile.write(data)
                self.close_connection = True

        return self.serve(VECTORS, Answering) + "/good/"

    def test_an_answer_that_was_cut_off_says_nothing_of_the_log(self):
        whole = contents("good", "tally")
        status, said = run("log", self.answering("tally", whole[:-9], announced=len(whole)))
        self.assertEqual(status, 2, said)
        self.assertIn("cut off", said)

    def test_no_answer_is_read_beyond_what_such_a_file_can_have(self):
        for name in ("checkpoint", "tile/0/000.p/32", "places/000.p/32"):
            status, said = run("log", self.answering(name, bytes(verify.largest(name) + 1)))
            self.assertEqual(status, 2, said)
            self.assertIn("are the most", said)

    def test_a_site_that_sends_a_byte_now_and_then_is_left(self):
        class Dripping(Quiet):
            def do_GET(self):
                if not self.path.endswith(dripping):
                    return super().do_GET()
                with contextlib.suppress(OSError):
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n" + end_of_head)
                    for _ in range(1000):
                        self.wfile.write(b"a")
                        time.sleep(0.05)

        for dripping, end_of_head in [("/tally", b"\r\n"), ("/tally", b"A: "), ("/key", b"A: ")]:
            with self.subTest(dripping), unittest.mock.patch.object(verify, "SECONDS_FOR_A_FILE", 0.3):
                began = time.monotonic()
                status, said = run("log", self.serve(VECTORS, Dripping) + "/good/")
                self.assertEqual(status, 2, said)
                self.assertLess(time.monotonic() - began, 20)

    def test_a_count_that_comes_with_a_rule_meanwhile_is_not_called_wrong(self):
        before, after = make.Log(make.tiny_campaign(), make.tiny_batches(make.tiny_campaign())[:2]).files(), contents("tiny", "tally")

        class Counting(Quiet):
            def do_GET(self):
                super().do_GET()
                if self.path == "/tally":
                    make.write_files(self.directory, {"tally": after})

        with tempfile.TemporaryDirectory() as folder:
            # The new checkpoint stands already, the new count not yet.
            make.write_files(folder, {**make.tiny_log().files(), "tally": before["tally"]})
            status, said = run("log", self.serve(folder, Counting))
            self.assertEqual(status, 2, said)
            self.assertEqual(run("log", folder)[0], 0)


if __name__ == "__main__":
    unittest.main()
