#!/usr/bin/env python3
"""Writes the test vectors: small logs, good and broken, always the same bytes.

    python3 verify/make_vectors.py [DIRECTORY]        (verify/vectors/ unless told otherwise)

It shares no code with verify.py, so that a misreading would have to be made twice. README.md beside the vectors
says what they are.
"""

import base64
import collections
import hashlib
import hmac
import itertools
import json
import os
import shutil
import struct
import sys

SITE = "shudu.example"
# Fixed and public: whoever reads this can sign with them. They are for tests and must never sign a real log.
SEED = hashlib.sha256(b"shudu test key, not for real logs").digest()
OTHER_SEED = hashlib.sha256(b"another shudu test key, not for real logs").digest()
WITNESS_SEEDS = [hashlib.sha256(f"shudu test key of witness {n}, not for real logs".encode()).digest() for n in (1, 2, 3)]
PLACE_SECRET = hashlib.sha256(b"shudu test secret of places").digest()
BLINDER = hashlib.sha256(b"shudu test blinder").digest()[:16]
PROMISED_TOGETHER = 64
SMALLEST_OPEN_CELL = 10

Ballot = collections.namedtuple("Ballot", "province track choices serial")
Invalidation = collections.namedtuple("Invalidation", "criteria first second indices")


# ---- Ed25519 signing (RFC 8032) -----------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
BASE_Y = 4 * pow(5, P - 2, P) % P


def add(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times_base(scalar):
    total, power = (0, 1, 1, 0), (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)
    while scalar:
        if scalar & 1:
            total = add(total, power)
        power = add(power, power)
        scalar >>= 1
    x, y, z, _ = total
    inverse = pow(z, P - 2, P)
    return (y * inverse % P | (x * inverse % P & 1) << 255).to_bytes(32, "little")


def hash_number(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % ORDER


def secret_scalar(seed):
    number = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    return number & (1 << 254) - 8 | 1 << 254


def public_key(seed):
    return times_base(secret_scalar(seed))


def sign(seed, message):
    nonce = hash_number(hashlib.sha512(seed).digest()[32:], message)
    point, public = times_base(nonce), public_key(seed)
    scalar = (nonce + hash_number(point, public, message) * secret_scalar(seed)) % ORDER
    return point + scalar.to_bytes(32, "little")


# ---- bytes --------------------------------------------------------------------------------------------------


def u16(number):
    return struct.pack(">H", number)


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return u16(len(value)) + value


def text32(value):
    return struct.pack(">I", len(value.encode())) + value.encode()


def base64_of(data):
    return base64.b64encode(data).decode()


def salt_of(serial):
    return hmac.new(PLACE_SECRET, serial, hashlib.sha256).digest()


def commitment_of(ballot):
    return hashlib.sha256(salt_of(ballot.serial) + ballot.province.encode()).digest()


def ballot_bytes(campaign, ballot):
    return b"".join([
        text("shudu/ballot/1"), text(campaign.slug), hashlib.sha256(campaign.questionnaire()).digest(),
        text(ballot.track), commitment_of(ballot), u16(len(ballot.choices)), *map(text, ballot.choices), ballot.serial,
    ])


def invalidation_bytes(campaign, invalidation):
    return b"".join([
        text("shudu/invalidation/1"), text(campaign.slug), text(invalidation.criteria), text(invalidation.first),
        text(invalidation.second), u16(len(invalidation.indices)),
        *(struct.pack(">Q", index) for index in invalidation.indices),
    ])


ALL_VOTES, REAL_NAME_VOTES = "votes-realname-number/1", "realname-number/1"


class Campaign:
    def __init__(self, slug, options, tracks, places, most_choices=3, selected=2, seed=SEED, rule=ALL_VOTES):
        self.slug, self.options, self.tracks, self.places = slug, options, tracks, places
        self.most_choices, self.selected, self.rule = most_choices, selected, rule
        self.origin = f"{SITE}/log/{slug}"
        self.use(seed)

    def use(self, seed):
        self.seed = seed
        kind_and_key = b"\x01" + public_key(seed)
        self.key_id = hashlib.sha256(self.origin.encode() + b"\n" + kind_and_key).digest()[:4]
        self.key = f"{self.origin}+{self.key_id.hex()}+{base64_of(kind_and_key)}"

    def signed_by(self, seed):
        return Campaign(self.slug, self.options, self.tracks, self.places, self.most_choices, self.selected, seed, self.rule)

    def questionnaire(self):
        head = ["shudu/questionnaire/2", self.slug, str(self.most_choices), "1" if self.places else "0",
                ",".join(self.tracks), str(self.selected), self.rule]
        options = [str(part) for option in self.options for part in option]
        return b"".join(map(text32, head + options))

    def note(self, *lines):
        body = "".join(line + "\n" for line in lines)
        signature = base64_of(self.key_id + sign(self.seed, body.encode()))
        return f"{body}\n— {self.origin} {signature}\n".encode()


# ---- the tree (RFC 6962, section 2.1, written as it is defined there) ---------------------------------------


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


class Tree:
    def __init__(self, leaves):
        self.complete = [list(leaves)]  # complete[h][i] is the hash of leaves i·2^h to (i+1)·2^h
        while len(self.complete[-1]) > 1:
            below = self.complete[-1]
            self.complete.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])

    def hash(self, start, end):
        if start == end:
            return hashlib.sha256().digest()
        height = (end - start).bit_length() - 1
        if end - start == 1 << height:
            return self.complete[height][start >> height]
        middle = start + split(end - start)
        return node_hash(self.hash(start, middle), self.hash(middle, end))

    def path(self, index, start, end):
        if end - start == 1:
            return []
        middle = start + split(end - start)
        if index < middle:
            return self.path(index, start, middle) + [self.hash(middle, end)]
        return self.path(index, middle, end) + [self.hash(start, middle)]


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(number):
    power = 1
    while power * 2 < number:
        power *= 2
    return power


# ---- a log as files -----------------------------------------------------------------------------------------


class Log:
    """Entries in batches with all that is published beside them; every part can be spoilt before files() is called."""

    def __init__(self, campaign, batches):
        self.campaign = campaign
        self.batches = [self.sealed(batch) for batch in batches]
        self.places = [place for batch in self.batches for place in opened_places(campaign, batch)]
        self.entry_bytes = [self.bytes_of(entry) for entry in self.entries]

    @property
    def entries(self):
        return [entry for batch in self.batches for entry in batch]

    @property
    def sizes(self):
        return [sum(map(len, self.batches[: number + 1])) for number in range(len(self.batches))]

    def sealed(self, batch):
        return sorted(batch, key=lambda entry: leaf_hash(self.bytes_of(entry)))

    def bytes_of(self, entry):
        if isinstance(entry, bytes):
            return entry
        make = ballot_bytes if isinstance(entry, Ballot) else invalidation_bytes
        return make(self.campaign, entry)

    def tree(self):
        return Tree(map(leaf_hash, self.entry_bytes))

    def checkpoint(self, size, tree=None):
        return self.campaign.note(self.campaign.origin, str(size), base64_of((tree or self.tree()).hash(0, size)))

    def tally_lines(self):
        size = len(self.entry_bytes)
        invalidated = {index for entry in self.entries if isinstance(entry, Invalidation) for index in entry.indices}
        ballots = [(i, entry) for i, entry in enumerate(self.entries) if isinstance(entry, Ballot)]
        rows = collections.Counter()
        for index, ballot in ballots:
            province = "merged" if self.places[index] == bytes(38) else self.places[index][:6].decode()
            for code in ["-", *ballot.choices] if index not in invalidated else []:
                rows[(code != "-", code, province, ballot.track)] += 1
        return ["shudu/tally/1", self.campaign.origin, str(size), base64_of(self.tree().hash(0, size)),
                f"included {len(ballots)}", f"invalidated {len(invalidated)}",
                *(f"{code} {province} {track} {number}" for (_, code, province, track), number in sorted(rows.items()))]

    def files(self, closed=True):
        tree, size = self.tree(), len(self.entry_bytes)
        files = {"key": self.campaign.key.encode() + b"\n", "questionnaire": self.campaign.questionnaire(),
                 "checkpoint": self.checkpoint(size, tree),
                 "batches": "".join(f"{each}\n" for each in self.sizes).encode()}
        files.update({f"history/{each}": self.checkpoint(each, tree) for each in self.sizes})
        for level, hashes in enumerate(tree.complete[::8]):
            files.update(bundles(f"tile/{level}", hashes))
        if closed:
            files.update(bundles("tile/entries", list(map(text, self.entry_bytes))))
            files.update(bundles("places", self.places))
            files["tally"] = self.campaign.note(*self.tally_lines())
        return files


def opened_places(campaign, batch):
    cells = collections.Counter((entry.province, entry.track) for entry in batch if isinstance(entry, Ballot))
    for entry in batch:
        opened = isinstance(entry, Ballot) and (
            not campaign.places or cells[entry.province, entry.track] >= SMALLEST_OPEN_CELL)
        yield entry.province.encode() + salt_of(entry.serial) if opened else bytes(38)


def bundles(kind, items):
    files = {}
    for start in range(0, len(items), 256):
        part, number = items[start : start + 256], start // 256
        groups = []
        while not groups or number:
            groups.insert(0, f"{'x' if groups else ''}{number % 1000:03}")
            number //= 1000
        name = f"{kind}/{'/'.join(groups)}" + (f".p/{len(part)}" if len(part) < 256 else "")
        files[name] = b"".join(part)
    return files


# ---- the logs of the vectors --------------------------------------------------------------------------------


OPTIONS = [("B07", 1, "修路灯", "Street lamps"), ("A11", 2, "夜间公交", "Night buses"),
           ("C02", 3, "社区食堂", "A canteen"), ("A02", 4, "无障碍坡道", "Ramps")]


def ballots(campaign, label, cells):
    """As many ballots as `cells` says of each province and track; the choices come from a hash, so never change."""
    made = []
    for province, track, number in cells:
        for _ in range(number):
            serial = hashlib.sha256(f"{campaign.slug} {label} {len(made)}".encode()).digest()
            shuffled = sorted((option[0] for option in campaign.options),
                              key=lambda code: hashlib.sha256(serial + code.encode()).digest())
            choices = shuffled[: 1 + serial[0] % campaign.most_choices]
            made.append(Ballot(province, track, sorted(choices), serial))
    return made


def good_log(seed=SEED):
    campaign = Campaign("s1", OPTIONS, ["anonymous", "real_name"], True, seed=seed)
    first = ballots(campaign, "first", [("110000", "anonymous", 11), ("310000", "anonymous", 4),
                                        ("110000", "real_name", 3)])
    second = ballots(campaign, "second", [("440000", "real_name", 10), ("310000", "anonymous", 2),
                                          ("540000", "real_name", 1)])
    rule = Invalidation("choices=A02,A11,B07\n同一设备多次投票", "计票办公室", "Observers' office", [13, 22])
    return Log(campaign, [first, second, [rule]])


def ruled_log():
    """The batches of the good log, and a rule for each part of criteria; a later one meets what an earlier one took already."""
    log = good_log()
    campaign, ballots = log.campaign, [batch for batch in log.batches if isinstance(batch[0], Ballot)]
    left = {index: (ballot, 1 if index < log.sizes[0] else 2, log.places[index] != bytes(38))
            for index, ballot in enumerate(itertools.chain(*ballots))}

    def rule(criteria, meets, width=1000):
        met = [index for index, found in left.items() if meets(*found)]
        for index in met:
            del left[index]
        return [Invalidation(f"{criteria}\n测试", "计票办公室", "Observers' office", met[start : start + width])
                for start in range(0, len(met), width)]

    rules = [
        rule("choices=A02,A11,B07", lambda ballot, batch, opened: ballot.choices == ["A02", "A11", "B07"]),
        rule("track=anonymous batches=1-1 choices=A02",
             lambda ballot, batch, opened: (ballot.track, batch, ballot.choices) == ("anonymous", 1, ["A02"])),
        rule("blocks=8edecc25,a7453fe0,fa180de7",
             lambda ballot, batch, opened: ballot.track == "anonymous" and ballot.serial[:2].hex() in ("8ede", "fa18")),
        rule("province=440000 batches=2-9", lambda ballot, batch, opened: opened and ballot.province == "440000", width=4),
        rule("batches=2-2", lambda ballot, batch, opened: batch == 2),
    ]
    return Log(campaign, ballots + rules)


def tiny_campaign(seed=SEED):
    return Campaign("t", [("a", 1, "甲", "A"), ("b", 2, "乙", "B"), ("c", 3, "丙", "C")],
                    ["anonymous"], False, most_choices=2, selected=1, seed=seed)


def tiny_batches(campaign):
    return [ballots(campaign, "first", [("000000", "anonymous", 3)]),
            ballots(campaign, "second", [("000000", "anonymous", 2)]),
            [Invalidation("choices=a\nr", "o", "p", [1])]]


def tiny_log(seed=SEED):
    campaign = tiny_campaign(seed)
    return Log(campaign, tiny_batches(campaign))


def empty_log():
    """A campaign in which nobody voted."""
    return Log(tiny_campaign(), [])


def named_log():
    """Ranked by real-name votes: the option with most anonymous votes is second, and stands before an equal by its number."""
    campaign = Campaign("n", [("a", 1, "甲", "A"), ("b", 2, "乙", "B"), ("c", 3, "丙", "C")], ["anonymous", "real_name"], False,
                        most_choices=1, selected=1, rule=REAL_NAME_VOTES)
    votes = [("a", "anonymous", 6), ("a", "real_name", 2), ("b", "real_name", 3), ("c", "anonymous", 1), ("c", "real_name", 2)]
    choices = [(code, track) for code, track, number in votes for _ in range(number)]
    return Log(campaign, [[Ballot("000000", track, [code], hashlib.sha256(f"n {number}".encode()).digest())
                           for number, (code, track) in enumerate(choices)]])


def assisted_log():
    """Three tracks. Ballots that an agent helped to cast count as real-name ballots in the ranking; a rule takes one back."""
    campaign = Campaign("h", [("a", 1, "甲", "A"), ("b", 2, "乙", "B"), ("c", 3, "丙", "C")],
                        ["anonymous", "real_name", "assisted"], True, most_choices=1, selected=1, rule=REAL_NAME_VOTES)
    votes = [("a", "anonymous", 12), ("a", "real_name", 3), ("b", "real_name", 1), ("b", "assisted", 10), ("c", "assisted", 1)]
    choices = [(code, track) for code, track, number in votes for _ in range(number)]
    made = [Ballot("110000", track, [code], hashlib.sha256(f"h {number}".encode()).digest())
            for number, (code, track) in enumerate(choices)]
    log = Log(campaign, [made])
    taken_back = [index for index, ballot in enumerate(log.entries) if (ballot.track, ballot.choices) == ("assisted", ["c"])]
    return Log(campaign, [made, [Invalidation("track=assisted choices=c\n测试", "o", "p", taken_back)]])


def person_on_two_tracks():
    """The assisted pass of a person has the serial of the real-name pass: spending both is spending one pass twice."""
    log = assisted_log()
    made = log.batches[0]
    spent = next(ballot for ballot in made if ballot.track == "real_name")
    again = next(ballot for ballot in made if ballot.track == "assisted")
    batch = [ballot._replace(serial=spent.serial) if ballot == again else ballot for ballot in made]
    yield ("person-on-two-tracks", Log(log.campaign, [batch]).files(), [f"tile/entries/000.p/{len(batch)}"], log.campaign.key)


def wide_log(number=300, batch=100, slug="w", places=False):
    """More than one tile, so that there is a second level."""
    campaign = Campaign(slug, OPTIONS, ["anonymous", "real_name"], places)
    province = "110000" if places else "000000"
    made = ballots(campaign, "wide", [(province, "anonymous", number // 2), (province, "real_name", number - number // 2)])
    return Log(campaign, [made[start : start + batch] for start in range(0, number, batch)])


# ---- receipts and promises ----------------------------------------------------------------------------------


def receipt(log, index, size):
    tree = log.tree()
    lines = ["shudu/receipt/1", log.campaign.origin, base64_of(leaf_hash(log.entry_bytes[index])), str(index),
             *map(base64_of, tree.path(index, 0, size))]
    return "".join(line + "\n" for line in lines).encode() + b"\n" + log.checkpoint(size, tree)


def promise(log, index, time="2018-04-09T16:00:00Z", place=37):
    """The promise of a ballot at this place among those that were promised together; signed alone where the place is None."""
    leaf = leaf_hash(log.entry_bytes[index])
    blinded = leaf_hash(BLINDER + leaf)
    root, path = blinded, []
    if place is not None:
        leaves = [hashlib.sha256(f"shudu test place {n}".encode()).digest() for n in range(PROMISED_TOGETHER)]
        leaves[place] = blinded
        tree = Tree(leaves)
        root, path = tree.hash(0, PROMISED_TOGETHER), tree.path(place, 0, PROMISED_TOGETHER)
    return promise_text(log.campaign, leaf, place or 0, path, promises_note(log.campaign, time, root))


def promise_text(campaign, leaf, index, path, note):
    lines = ["shudu/promise/2", campaign.origin, base64_of(leaf), base64_of(BLINDER), str(index), *map(base64_of, path)]
    return "".join(line + "\n" for line in lines).encode() + b"\n" + note


def promises_note(campaign, time, root):
    return campaign.note("shudu/promises/1", campaign.origin, time, base64_of(root))


# ---- witnesses ----------------------------------------------------------------------------------------------


class Witness:
    def __init__(self, name, seed):
        self.name, self.seed = name, seed
        kind_and_key = b"\x04" + public_key(seed)
        self.key_id = hashlib.sha256(name.encode() + b"\n" + kind_and_key).digest()[:4]
        self.key = f"{name}+{self.key_id.hex()}+{base64_of(kind_and_key)}"

    def line(self, note, time, said=None):
        """The line with this time over the checkpoint's text; `said` is the time that it names, if that is another one."""
        body = note.decode().rpartition("\n\n")[0] + "\n"
        signature = sign(self.seed, f"cosignature/v1\ntime {time}\n{body}".encode())
        named = time if said is None else said
        return f"— {self.name} {base64_of(self.key_id + struct.pack('>Q', named) + signature)}\n".encode()


def witnesses():
    return [Witness(f"w{n}.example/a", seed) for n, seed in enumerate(WITNESS_SEEDS, start=1)]


WITNESSED_AT = 1523289600  # 2018-04-09T16:00:00Z


def cosigned_files():
    """The small log, its checkpoint cosigned by the first two witnesses; the second did so twice."""
    files = tiny_log().files()
    one, two, _ = witnesses()
    note = files["checkpoint"]
    lines = [one.line(note, WITNESSED_AT), two.line(note, WITNESSED_AT + 5), two.line(note, WITNESSED_AT + 65)]
    return {**files, "checkpoint": note + b"".join(lines)}


def cosigned_changes():
    """Checkpoints that the first witness did not cosign: (name, files, files one of which must be named)."""
    files, log = cosigned_files(), tiny_log()
    one, two, _ = witnesses()
    note = log.files()["checkpoint"]

    def changed(name, *lines):
        return name, {**files, "checkpoint": note + b"".join(lines)}, ["checkpoint"]

    impostor = Witness(one.name, WITNESS_SEEDS[2])
    impostor.key_id = one.key_id
    body = note.rpartition(b"\n\n")[0] + b"\n"
    plain = f"— {one.name} {base64_of(one.key_id + sign(one.seed, body))}\n".encode()
    yield changed("cosigned-by-nobody")
    yield changed("cosigned-by-the-other-only", two.line(note, WITNESSED_AT))
    yield changed("cosigned-at-another-time-than-said", one.line(note, WITNESSED_AT, WITNESSED_AT + 1))
    yield changed("cosigned-another-checkpoint", one.line(files["history/5"], WITNESSED_AT))
    yield changed("cosigned-by-another-key-under-the-name", impostor.line(note, WITNESSED_AT))
    yield changed("cosigned-without-a-time", plain)
    yield changed("cosigned-rightly-and-wrongly", one.line(note, WITNESSED_AT), one.line(note, 5, 6))


# ---- broken copies ------------------------------------------------------------------------------------------


def single_changes(good):
    """Changes of one file with nothing signed again: (name, from, change, files one of which must be named)."""
    entries, tile, places = "tile/entries/000.p/32", "tile/0/000.p/32", "places/000.p/32"
    cases = []
    for file, byte, bit in [("key", 20, 0), ("questionnaire", 60, 3), ("checkpoint", 3, 1), ("checkpoint", 30, 2),
                            ("batches", 0, 1), ("history/18", 70, 0), ("history/31", 120, 4), (tile, 500, 7),
                            ("tile/0/000.p/18", 9, 5), (entries, 40, 0), (entries, 1500, 6), (places, 2, 1),
                            ("tally", 90, 0), ("tally", 150, 1)]:
        # Where two files contradict each other both are suspect; naming either is right.
        named = {entries: [entries, tile], tile: [tile, entries], "questionnaire": ["questionnaire", entries]}
        cases.append((f"flip-{file.replace('/', '-')}-{byte}", "good", {"op": "flip", "file": file, "byte": byte, "bit": bit},
                      named.get(file, [file])))
    for file in ["key", "questionnaire", "checkpoint", "batches", "history/18", "history/32", tile, entries, places]:
        cases.append((f"delete-{file.replace('/', '-')}", "good", {"op": "delete", "file": file}, [file]))
    for file in ["key", "questionnaire", "checkpoint", "batches", "history/31", tile, entries, places, "tally"]:
        length = len(good[file]) - 1
        cases.append((f"truncate-{file.replace('/', '-')}", "good", {"op": "truncate", "file": file, "length": length},
                      [file]))
    for file in ["notes.txt", "history/7", "tile/0/000.p/7", "tile/1/000.p/1", "places/001"]:
        cases.append((f"add-{file.replace('/', '-')}", "good", {"op": "add", "file": file, "text": "?\n"}, [file]))
    cases.append(("wide-flip-tile-1", "wide", {"op": "flip", "file": "tile/1/000.p/1", "byte": 9, "bit": 2}, ["tile/1/000.p/1"]))
    cases.append(("open-flip-tile", "open", {"op": "flip", "file": tile, "byte": 40, "bit": 0}, [tile]))
    cases.append(("open-flip-history", "open", {"op": "flip", "file": "history/18", "byte": 50, "bit": 0}, ["history/18"]))
    cases.append(("open-add-places", "open", {"op": "add", "file": places, "text": "?"}, [places, entries]))
    return cases


# Criteria that are not of the form, with ballots of the tiny log that they would meet.
CRITERIA_OF_NO_FORM = [
    ("of-no-form", "r", 1),
    ("with-nothing", "", 1),
    ("of-an-unknown-part", "choices=a reason=x", 1),
    ("in-another-order", "choices=a track=anonymous", 1),
    ("with-a-part-twice", "choices=a choices=a", 1),
    ("with-two-blanks", "track=anonymous  choices=a", 1),
    ("with-a-blank-behind", "choices=a ", 1),
    ("with-an-unknown-track", "track=by_post choices=a", 1),
    ("with-an-empty-value", "choices=", 0, 1, 2, 3, 4),
    ("with-choices-that-descend", "choices=b,a", 0),
    ("with-a-choice-twice", "choices=a,a", 1),
    ("with-a-range-backwards", "batches=2-1", 3, 4),
    ("with-one-batch", "batches=2", 3, 4),
    ("with-a-zero-before", "batches=02-2", 3, 4),
    ("with-a-short-block", "blocks=b28964", 1),
    ("with-a-block-in-capitals", "blocks=B28964C6", 1),
    ("with-blocks-that-descend", "blocks=b28964c6,4308324f", 0, 1),
    ("with-a-short-province", "province=00000", 0, 1, 2, 3, 4),
]


def signed_changes():
    """Logs that somebody with a key made wrong: (name, files, files one of which must be named, words)."""
    entries, tile = "tile/entries/000.p/6", "tile/0/000.p/6"
    campaign = tiny_campaign()
    first, second, rules = tiny_batches(campaign)
    ballot = first[0]

    def case(name, batches, file=entries, spoil=None):
        log = Log(campaign, batches)
        if spoil:
            spoil(log)
        size = len(log.entry_bytes)
        return name, log.files(), [file.replace(".p/6", f".p/{size}")]

    def instead(made):
        return [[made, *first[1:]], second, rules]

    def raw(change):
        return instead(change(ballot_bytes(campaign, ballot)))

    def swap(log):
        for items in (log.entry_bytes, log.places, log.batches[0]):
            items[0], items[1] = items[1], items[0]

    def rule(*indices):
        return Invalidation("choices=a\nr", "o", "p", list(indices))

    yield case("swap-two-entries-right-key", [first, second, rules], spoil=swap)
    yield case("entry-twice-in-a-batch", [first + [ballot], second, rules])
    yield case("entry-twice-in-two-batches", [first, second + [ballot], rules])
    yield case("serial-twice", [first, second + [ballot._replace(choices=["a", "b"] if ballot.choices != ["a", "b"] else ["c"])],
                                rules])
    yield case("too-many-choices", instead(ballot._replace(choices=["a", "b", "c"])))
    yield case("no-choice", instead(ballot._replace(choices=[])))
    yield case("choices-descend", instead(ballot._replace(choices=["b", "a"])))
    yield case("choice-twice", instead(ballot._replace(choices=["a", "a"])))
    yield case("unknown-option", instead(ballot._replace(choices=["z"])))
    yield case("unknown-track", instead(ballot._replace(track="real_name")))
    yield case("other-campaign", raw(lambda data: data.replace(text("t"), text("u"), 1)))
    yield case("other-questionnaire", raw(lambda data: data[:19] + bytes([data[19] ^ 1]) + data[20:]))
    yield case("byte-after-a-ballot", raw(lambda data: data + b"\x00"))
    yield case("ballot-too-short", raw(lambda data: data[:-1]))
    yield case("empty-entry", instead(b""))
    yield case("unknown-entry", instead(text("shudu/ballot/2")))
    yield case("invalidates-itself", [first, second, [rule(5)]])
    yield case("invalidates-a-later-entry", [first, [rule(4)], second])
    yield case("invalidates-an-invalidation", [first, second, [rule(1)], [rule(5)]])
    yield case("invalidates-twice", [first, second, [rule(1)], [rule(1)]])
    yield case("invalidates-nothing", [first, second, [rule()]])
    yield case("invalidates-descending", [first, second, [rule(2, 1)]])
    yield case("invalidates-one-twice", [first, second, [rule(1, 1)]])
    yield case("invalidation-among-ballots", [first, second + [rule(1)]])
    for name, criteria, *indices in CRITERIA_OF_NO_FORM:
        yield case(f"criteria-{name}", [first, second, [Invalidation(criteria, "o", "p", list(indices))]])
    for name, criteria, *indices in [
        ("names-what-its-choices-do-not-meet", "choices=a", 1, 2),
        ("names-what-its-track-does-not-meet", "track=real_name", 1),
        ("names-what-its-province-does-not-meet", "province=110000", 1),
        ("names-what-its-blocks-do-not-meet", "blocks=4308324f", 0, 1),
        ("names-what-its-batches-do-not-meet", "batches=1-1", 0, 1, 2, 3),
        ("leaves-one-out", "track=anonymous", 0, 1, 2, 3),
    ]:
        yield case(f"rule-{name}", [first, second, [Invalidation(criteria, "o", "p", list(indices))]])
    everything, rest = Invalidation("track=anonymous", "o", "p", [0, 1]), Invalidation("batches=1-9", "o", "p", [2, 3, 4])
    yield case("rule-leaves-out-what-the-next-one-names", [first, second, [everything], [rest]])
    yield case("rules-two-in-one-batch", [first, second, [rule(1), Invalidation("choices=b", "o", "p", [2])]])
    yield case("rules-of-two-offices-in-one-batch",
               [first, second, [Invalidation("choices=a", "o", "p", [1]), Invalidation("choices=a", "o", "q", [2])]])

    def place_of_invalidation(log):
        log.places[5] = b"000000" + bytes(32)

    def closed_place(log):
        log.places[1] = bytes(38)

    yield case("place-of-an-invalidation", [first, second, rules], "places/000.p/6", place_of_invalidation)
    yield case("place-not-opened", [first, second, rules], "places/000.p/6", closed_place)
    other_place = ballot._replace(province="110000")
    yield case("place-in-a-campaign-without", instead(other_place), "places/000.p/6")

    yield from rules_among_places()
    yield from questionnaire_changes()
    yield from signed_text_changes(tiny_log())
    yield from signed_by_another_key()


def rules_among_places():
    """Places that are not opened belong to no province, and passes of a name to no block."""
    log = good_log()
    for name, criteria, indices in [("a-province-that-is-not-opened", "province=310000", [5, 8, 13, 15, 20, 21]),
                                    ("a-block-of-a-real-name", "blocks=a7453fe0", [2])]:
        made = Log(log.campaign, [*log.batches[:2], [Invalidation(criteria, "o", "p", indices)]])
        yield f"rule-for-{name}", made.files(), ["tile/entries/000.p/32"], log.campaign.key


def questionnaire_changes():
    """Questionnaires that are not of the form, with ballots that answer them."""
    right = tiny_campaign()

    def first_option(code="a", number=1):
        return {"options": [(code, number, "甲", "A"), *right.options[1:]]}

    for name, change in {
        "code-is-a-dash": first_option("-"),
        "code-is-empty": first_option(""),
        "code-has-a-blank": first_option("a b"),
        "code-has-a-control-character": first_option("a\x1b[2J"),
        "code-is-not-ascii": first_option("á"),
        "code-has-a-comma": first_option("a,b"),
        "code-twice": first_option("b"),
        "no-options": {"options": []},
        "number-twice": first_option(number=2),
        "number-with-a-plus": first_option(number="+1"),
        "number-with-a-zero-before": first_option(number="01"),
        "number-is-negative": first_option(number=-1),
        "number-too-long": first_option(number=10**18),
        "no-choice-allowed": {"most_choices": 0},
        "most-choices-with-a-zero-before": {"most_choices": "02"},
        "selected-with-a-plus": {"selected": "+1"},
        "track-twice": {"tracks": ["anonymous", "anonymous"]},
        "no-track": {"tracks": [""]},
        "track-unknown": {"tracks": ["anonymous", "by_post"]},
        "rule-unknown": {"rule": "realname-number/2"},
        "rule-without-its-track": {"rule": REAL_NAME_VOTES},
    }.items():
        wrong = tiny_campaign()
        vars(wrong).update(change)
        yield f"questionnaire-{name}", Log(wrong, tiny_batches(right)).files(), ["questionnaire"]


def signed_text_changes(log):
    files, campaign, lines = log.files(), log.campaign, log.tally_lines()

    def changed(name, file, data):
        return name, {**files, file: data}, [file]

    last = lines[-1].rsplit(" ", 1)
    yield changed("tally-one-more", "tally", campaign.note(*lines[:-1], f"{last[0]} {int(last[1]) + 1}"))
    yield changed("tally-one-line-less", "tally", campaign.note(*lines[:-1]))
    yield changed("tally-one-line-more", "tally", campaign.note(*lines, "c merged anonymous 1"))
    yield changed("tally-a-zero-row", "tally", campaign.note(*lines, "c merged anonymous 0"))
    yield changed("tally-two-lines-swapped", "tally", campaign.note(*lines[:-2], lines[-1], lines[-2]))
    yield changed("tally-of-another-size", "tally", campaign.note(*lines[:2], "5", *lines[3:]))
    yield changed("tally-is-a-promise", "tally", promises_note(campaign, "2018-04-09T16:00:00Z", bytes(32)))
    yield changed("tally-is-a-checkpoint", "tally", files["checkpoint"])
    yield changed("history-of-a-fork", "history/3", campaign.note(campaign.origin, "3", base64_of(bytes(32))))
    yield changed("history-of-another-size", "history/3", files["history/5"])
    yield changed("checkpoint-of-a-fork", "checkpoint", campaign.note(campaign.origin, "6", base64_of(bytes(32))))
    yield changed("checkpoint-with-a-fourth-line", "checkpoint",
                  campaign.note(campaign.origin, *files["checkpoint"].decode().split("\n")[1:3], "more"))
    yield ("checkpoint-is-old", {**files, "checkpoint": files["history/5"]}, ["batches", "checkpoint"])
    yield changed("batches-descend", "batches", b"5\n3\n6\n")
    yield changed("batches-one-twice", "batches", b"3\n3\n5\n6\n")
    yield changed("batches-leading-zero", "batches", b"03\n5\n6\n")
    yield ("batches-one-less", {**files, "batches": b"5\n6\n"}, ["tile/entries/000.p/6", "history/3"])
    yield changed("signature-with-a-large-s", "checkpoint", with_large_s(files["checkpoint"]))
    yield changed("signature-with-a-small-r", "checkpoint", with_small_r(files["checkpoint"]))
    yield changed("signature-in-other-base64", "checkpoint", with_other_base64(files["checkpoint"]))
    yield changed("two-keys", "key", files["key"] * 2)
    yield changed("checkpoint-too-large", "checkpoint", campaign.note(campaign.origin, str(10**18), base64_of(bytes(32))))
    for name, line in [("without-a-name", "—  " + base64_of(bytes(68))), ("with-a-plus", "— a+b " + base64_of(bytes(68))),
                       ("with-a-tab", "— a\tb " + base64_of(bytes(68))), ("too-short", "— a " + base64_of(bytes(3)))]:
        yield changed(f"signature-of-another-{name}", "checkpoint", files["checkpoint"] + line.encode() + b"\n")
    alone = {name: files[name] for name in ("key", "questionnaire", "tally")}
    yield "tally-without-a-checkpoint", alone, ["checkpoint", "tally"], campaign.key


def with_large_s(note):
    """S + the group's order would verify as well, if S were not required to be smaller."""
    head, _, signature = note.decode().rstrip("\n").rpartition(" ")
    data = base64.b64decode(signature)
    scalar = int.from_bytes(data[36:], "little") + ORDER
    return f"{head} {base64_of(data[:36] + scalar.to_bytes(32, 'little'))}\n".encode()


def with_small_r(note):
    """R is the neutral point, so S is the key's own scalar times a hash that everybody can take: it gives the key away."""
    head, _, signature = note.decode().rstrip("\n").rpartition(" ")
    text, neutral = note[: note.rindex(b"\n\n") + 1], (1).to_bytes(32, "little")
    scalar = hash_number(neutral, public_key(SEED), text) * secret_scalar(SEED) % ORDER
    return f"{head} {base64_of(base64.b64decode(signature)[:4] + neutral + scalar.to_bytes(32, 'little'))}\n".encode()


def with_other_base64(note):
    """The last digit before the padding has two bits that carry nothing."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    head, last = note.decode()[:-3], note.decode()[-3]
    return f"{head}{alphabet[alphabet.index(last) + 1]}=\n".encode()


def signed_by_another_key():
    right, wrong = tiny_log(), tiny_log(OTHER_SEED)
    for items in (wrong.entry_bytes, wrong.places, wrong.batches[0]):
        items[0], items[1] = items[1], items[0]
    yield "swap-two-entries-other-key", {**wrong.files(), "key": right.files()["key"]}, ["checkpoint"]
    yield "all-by-another-key", tiny_log(OTHER_SEED).files(), ["key"]


def small_cells():
    """Nine ballots of a cell, opened all the same; also under the code that stands for no place."""
    for name, province in [("nine-in-an-opened-cell", "110000"), ("nine-without-a-place", "000000")]:
        campaign = Campaign("p", OPTIONS, ["anonymous"], True)
        log = Log(campaign, [ballots(campaign, "nine", [(province, "anonymous", 9)])])
        log.places = [entry.province.encode() + salt_of(entry.serial) for entry in log.entries]
        yield name, log.files(), ["places/000.p/9"], campaign.key


def wrong_origins():
    for name, origin in [("deeper", f"{SITE}/log/a/t"), ("without-a-site", "/log/t"), ("with-a-control-character", "a\x1b/log/t")]:
        campaign = tiny_campaign()
        campaign.origin = origin
        campaign.use(SEED)
        yield f"origin-{name}", Log(campaign, tiny_batches(campaign)).files(), ["key"], tiny_campaign().key


# How verify.py puts it; another verifier may say it otherwise, as long as it names the file.
WORDS = {
    "flip-key-20": "has something else where base64 should be",
    "flip-questionnaire-60": "names an unknown track, or one twice",
    "flip-checkpoint-3": "its signature is wrong",
    "flip-checkpoint-30": "its signature is wrong",
    "flip-batches-0": "its lines do not ascend",
    "flip-history-18-70": "has a line among its signatures that is none",
    "flip-history-31-120": "its signature is wrong",
    "flip-tile-0-000.p-32-500": "its hash is not the one in tile/0/000.p/32",
    "flip-tile-0-000.p-18-9": "is not the beginning of tile/0/000.p/32",
    "flip-tile-entries-000.p-32-40": "its hash is not the one in tile/0/000.p/32",
    "flip-tile-entries-000.p-32-1500": "its hash is not the one in tile/0/000.p/32",
    "flip-places-000.p-32-2": "the place is not the one that the ballot commits to",
    "flip-tally-90": "its signature is wrong",
    "flip-tally-150": "its signature is wrong",
    "delete-key": "is missing",
    "delete-questionnaire": "is missing",
    "delete-checkpoint": "is missing",
    "delete-batches": "is missing",
    "delete-history-18": "is missing, though batches names this size",
    "delete-history-32": "is missing, though batches names this size",
    "delete-tile-0-000.p-32": "is missing",
    "delete-tile-entries-000.p-32": "is missing",
    "delete-places-000.p-32": "is missing",
    "truncate-key": "does not end with a line feed",
    "truncate-questionnaire": "it ends too early",
    "truncate-checkpoint": "is not a signed note",
    "truncate-batches": "does not end with a line feed",
    "truncate-history-31": "is not a signed note",
    "truncate-tile-0-000.p-32": "has 1023 bytes, not 1024",
    "truncate-tile-entries-000.p-32": "ends in the middle of its entry 31",
    "truncate-places-000.p-32": "has 1215 bytes, not 1216",
    "truncate-tally": "is not a signed note",
    "add-notes.txt": "is not a file of this log",
    "add-history-7": "is not a file of this log",
    "add-tile-0-000.p-7": "is not a file of this log",
    "add-tile-1-000.p-1": "is not a file of this log",
    "add-places-001": "is not a file of this log",
    "wide-flip-tile-1": "hash 0 is not the one that follows from the tiles below it",
    "open-flip-tile": "its root is not the one that follows from tile/0/000.p/32",
    "open-flip-history": "its signature is wrong",
    "open-add-places": "is missing",
    "swap-two-entries-right-key": "it is not in ascending order of leaf hashes in its batch",
    "entry-twice-in-a-batch": "it is not in ascending order of leaf hashes in its batch",
    "entry-twice-in-two-batches": "its serial was met before, a pass was spent twice",
    "serial-twice": "its serial was met before, a pass was spent twice",
    "person-on-two-tracks": "its serial was met before, a pass was spent twice",
    "too-many-choices": "it has 3 choices, allowed are 1 to 2",
    "no-choice": "it has 0 choices, allowed are 1 to 2",
    "choices-descend": "its choices are not ascending, or one is there twice",
    "choice-twice": "its choices are not ascending, or one is there twice",
    "unknown-option": "a choice is not one of the questionnaire's options",
    "unknown-track": "its track is not one of the questionnaire's",
    "other-campaign": "it is a ballot of another campaign",
    "other-questionnaire": "it answers another questionnaire than the file questionnaire",
    "byte-after-a-ballot": "something follows after its end",
    "ballot-too-short": "it ends too early",
    "empty-entry": "it ends too early",
    "unknown-entry": "it is neither a ballot nor an invalidation",
    "invalidates-itself": "it invalidates entry 5, which is not an earlier ballot",
    "invalidates-a-later-entry": "it invalidates entry 4, which is not an earlier ballot",
    "invalidates-an-invalidation": "it invalidates entry 5, which is not an earlier ballot",
    "invalidates-twice": "it invalidates entry 1, which was invalidated before",
    "invalidates-nothing": "it invalidates 0 ballots, allowed are 1 to 1000",
    "invalidates-descending": "the indices it invalidates do not ascend",
    "invalidates-one-twice": "the indices it invalidates do not ascend",
    "invalidation-among-ballots": "ballots and invalidations are in one batch",
    **{f"criteria-{name}": "its criteria are not of the form" for name, *_ in CRITERIA_OF_NO_FORM},
    "rule-names-what-its-choices-do-not-meet": "it invalidates entry 2, which its criteria do not meet",
    "rule-names-what-its-track-does-not-meet": "it invalidates entry 1, which its criteria do not meet",
    "rule-names-what-its-province-does-not-meet": "it invalidates entry 1, which its criteria do not meet",
    "rule-names-what-its-blocks-do-not-meet": "it invalidates entry 1, which its criteria do not meet",
    "rule-names-what-its-batches-do-not-meet": "it invalidates entry 3, which its criteria do not meet",
    "rule-leaves-one-out": "its rule leaves out entry 4, which its criteria meet",
    "rule-leaves-out-what-the-next-one-names": "its rule leaves out entry 2, which its criteria meet",
    "rule-for-a-province-that-is-not-opened": "it invalidates entry 5, which its criteria do not meet",
    "rule-for-a-block-of-a-real-name": "it invalidates entry 2, which its criteria do not meet",
    "rules-two-in-one-batch": "it is of another rule than the first entry of its batch",
    "rules-of-two-offices-in-one-batch": "it is of another rule than the first entry of its batch",
    "place-of-an-invalidation": "an invalidation has no place, but there is one",
    "place-not-opened": "its place is not opened, though this campaign has no places to hide",
    "place-in-a-campaign-without": "it names a province, though ballots of this campaign name none",
    "tally-one-more": "line 10 says “c 000000 anonymous 3”, counted again it is “c 000000 anonymous 2”",
    "tally-one-line-less": "line 10 says nothing, counted again it is “c 000000 anonymous 2”",
    "tally-one-line-more": "line 11 says “c merged anonymous 1”, counted again it is nothing",
    "tally-a-zero-row": "line 11 says “c merged anonymous 0”, counted again it is nothing",
    "tally-two-lines-swapped": "line 9 says “c 000000 anonymous 2”, counted again it is “b 000000 anonymous 3”",
    "tally-of-another-size": "line 3 says “5”, counted again it is “6”",
    "tally-is-a-promise": "line 1 says “shudu/promises/1”, counted again it is “shudu/tally/1”",
    "tally-is-a-checkpoint": "line 1 says “shudu.example/log/t”, counted again it is “shudu/tally/1”",
    "history-of-a-fork": "its root is not the one that follows from tile/0/000.p/6",
    "history-of-another-size": "is the checkpoint of another size, 5",
    "checkpoint-of-a-fork": "its root is not the one that follows from tile/0/000.p/6",
    "checkpoint-with-a-fourth-line": "is not a checkpoint of shudu.example/log/t",
    "checkpoint-is-old": "its last line is not 5, the size of the checkpoint",
    "batches-descend": "its lines do not ascend",
    "batches-one-twice": "its lines do not ascend",
    "batches-leading-zero": "has something else where a decimal number should be",
    "batches-one-less": "entry 3: it is not in ascending order of leaf hashes in its batch",
    "signature-with-a-large-s": "its signature is wrong",
    "signature-with-a-small-r": "its signature is wrong",
    "signature-in-other-base64": "has base64 in another spelling than the usual one",
    "two-keys": "is not one line",
    "swap-two-entries-other-key": "is not signed by the key of this log",
    "all-by-another-key": "is not the key that you gave with --key; the log is signed by somebody else",
    "cosigned-by-nobody": "is not cosigned by w1.example/a",
    "cosigned-by-the-other-only": "is not cosigned by w1.example/a",
    "cosigned-at-another-time-than-said": "its cosignature by w1.example/a is wrong",
    "cosigned-another-checkpoint": "its cosignature by w1.example/a is wrong",
    "cosigned-by-another-key-under-the-name": "its cosignature by w1.example/a is wrong",
    "cosigned-without-a-time": "its cosignature by w1.example/a is wrong",
    "cosigned-rightly-and-wrongly": "its cosignature by w1.example/a is wrong",
    "nine-in-an-opened-cell": "110000 anonymous is opened with 9 ballots in this batch, fewer than 10",
    "nine-without-a-place": "000000 anonymous is opened with 9 ballots in this batch, fewer than 10",
    **dict.fromkeys(["origin-deeper", "origin-without-a-site", "origin-with-a-control-character"],
                    "is not a verifier key <site>/log/<campaign>+<key id>+<base64>"),
    **dict.fromkeys([f"questionnaire-code-{is_wrong}" for is_wrong in (
        "is-a-dash", "is-empty", "has-a-blank", "has-a-control-character", "is-not-ascii", "has-a-comma")],
        "has an option code that cannot stand in the count"),
    "questionnaire-code-twice": "has an option code twice",
    "questionnaire-no-options": "has no options",
    "questionnaire-number-twice": "has a ballot number twice",
    **dict.fromkeys([f"questionnaire-{is_wrong}" for is_wrong in (
        "number-with-a-plus", "number-with-a-zero-before", "number-is-negative", "number-too-long",
        "most-choices-with-a-zero-before", "selected-with-a-plus")],
        "has something else where a decimal number should be"),
    "questionnaire-no-choice-allowed": "allows no choice at all",
    **dict.fromkeys(["questionnaire-track-twice", "questionnaire-no-track", "questionnaire-track-unknown"],
                    "names an unknown track, or one twice"),
    "questionnaire-rule-unknown": "names a rule for the ranking that is not known here: realname-number/2",
    "questionnaire-rule-without-its-track": "is ranked by realname-number/1, but has no track of real names",
    "checkpoint-too-large": "has something else where a decimal number should be",
    **dict.fromkeys([f"signature-of-another-{is_wrong}" for is_wrong in ("without-a-name", "with-a-plus", "with-a-tab")],
                    "has a line among its signatures that is none"),
    "signature-of-another-too-short": "has a signature that is too short",
    "tally-without-a-checkpoint": "is missing",
}


# ---- writing ------------------------------------------------------------------------------------------------


def write_files(folder, files):
    for name, data in files.items():
        path = os.path.join(folder, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)


def write_json(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, ensure_ascii=False)
        file.write("\n")


def broken_list(folder, logs):
    cases = []
    for name, origin, change, files in single_changes(logs["good"]):
        key = logs[origin]["key"].decode().strip()
        cases.append({"name": name, "from": origin, "key": key, "change": change, "names": files,
                      "words": WORDS[name]})
    for name, files, named, *key in [*signed_changes(), *small_cells(), *wrong_origins(), *person_on_two_tracks()]:
        origin = "tiny" if not key else None
        base = logs.get(origin, {})
        write_files(os.path.join(folder, "broken", name),
                    {file: data for file, data in files.items() if base.get(file) != data})
        change = {"op": "patch", "folder": f"broken/{name}", "delete": sorted(set(base) - set(files))}
        key = key[0] if key else base["key"].decode().strip()
        cases.append({"name": name, "from": origin, "key": key, "change": change, "names": named,
                      "words": WORDS[name]})
    for name, files, named in cosigned_changes():
        write_files(os.path.join(folder, "broken", name), {"checkpoint": files["checkpoint"]})
        change = {"op": "patch", "folder": f"broken/{name}", "delete": []}
        key = logs["cosigned"]["key"].decode().strip()
        cases.append({"name": name, "from": "cosigned", "key": key, "witness": witnesses()[0].key, "change": change,
                      "names": named, "words": WORDS[name]})
    return cases


def leaf_vectors(log):
    campaign = log.campaign
    ballot = log.entries[5]
    rule = log.entries[-1]
    data, rule_data = log.entry_bytes[5], log.entry_bytes[-1]
    return {
        "questionnaire": {
            "slug": campaign.slug, "most_choices": campaign.most_choices, "places": campaign.places,
            "tracks": campaign.tracks, "selected": campaign.selected, "rule": campaign.rule,
            "options": [dict(zip(("code", "number", "zh", "en"), option)) for option in campaign.options],
            "bytes": campaign.questionnaire().hex(), "sha256": hashlib.sha256(campaign.questionnaire()).hexdigest(),
        },
        "ballot": {
            "campaign": campaign.slug, "track": ballot.track, "province": ballot.province,
            "place_secret": PLACE_SECRET.hex(), "serial": ballot.serial.hex(), "salt": salt_of(ballot.serial).hex(),
            "place_commitment": commitment_of(ballot).hex(), "choices": ballot.choices,
            "bytes": data.hex(), "leaf_hash": leaf_hash(data).hex(), "leaf_hash_base64": base64_of(leaf_hash(data)),
            "index_in_good": 5,
        },
        "invalidation": {
            "campaign": campaign.slug, "criteria": rule.criteria, "first_office": rule.first,
            "second_office": rule.second, "indices": rule.indices,
            "bytes": rule_data.hex(), "leaf_hash": leaf_hash(rule_data).hex(),
        },
        "key": {"seed": SEED.hex(), "public": public_key(SEED).hex(), "verifier_key": campaign.key,
                "note": "a test key that everybody knows; it must never sign a real log"},
    }


README = """# Test vectors of the ballot log

Written by `verify/make_vectors.py`, always the same bytes; change that and not these. The keys are public test keys.

* `good/`: a closed log, 31 ballots in two batches and one invalidation of two of them. Cells are opened and merged.
  `tile/0/000.p/18` is left over from the first batch, as is allowed.
* `open/`: the same log before the close.
* `named/`: 14 ballots, ranked by `realname-number/1`: first `b` (3 votes), then `a` (8) and `c` (3) with 2 real-name votes each.
  Logs that say nothing else are ranked by `votes-realname-number/1`.
* `assisted/`: 27 ballots on three tracks, ranked by `realname-number/1`. Assisted ballots count as real-name votes: first `b`
  (11 votes), then `a` (15) with 3 real-name votes, then `c`, whose only ballot was invalidated.
* `ruled/`: the ballots of `good/` and five rules, one with two entries.
* `tiny/`: five ballots without places and an invalidation; `wide/`: 300 ballots, so there is `tile/1`; `empty/`: nobody voted.
* `cosigned/`: `tiny/` with its checkpoint cosigned by the first two witnesses of `witnesses.json`, by the second one twice.
* `leaf.json`: fields, bytes and hashes of the questionnaire, a ballot and an invalidation of `good/`.
* `receipt.txt`, `receipt-full.txt`: the ballot of `leaf.json` up to the first and up to the last checkpoint of `good/`.
  `promise.txt`: the promise for it, at place 37 among promises that were signed together; `promise-alone.txt`: signed alone.
* `broken.json`: changes, each of which has to be refused. Take the log in `from` (or nothing), apply `change`, pin `key` and
  demand a cosignature by `witness` where there is one; the refusal names a file of `names`, and `words` is how `verify.py` says it. `flip` inverts bit `bit` (0 is the lowest) of byte
  `byte`; `truncate` keeps `length` bytes; `patch` copies the files of `folder` over the log, after deleting those in `delete`.
"""


def all_logs():
    good = good_log()
    left_over = {"tile/0/000.p/18": b"".join(map(leaf_hash, good.entry_bytes[:18]))}
    return good, {"good": {**good.files(), **left_over}, "open": {**good.files(closed=False), **left_over},
                  "named": named_log().files(), "assisted": assisted_log().files(),
                  "ruled": ruled_log().files(), "tiny": tiny_log().files(), "wide": wide_log().files(), "empty": empty_log().files(),
                  "cosigned": cosigned_files()}


def write_vectors(folder):
    shutil.rmtree(folder, ignore_errors=True)
    good, logs = all_logs()
    for name, files in logs.items():
        write_files(os.path.join(folder, name), files)
    write_files(folder, {"receipt.txt": receipt(good, 5, 18), "receipt-full.txt": receipt(good, 5, 32),
                         "promise.txt": promise(good, 5), "promise-alone.txt": promise(good, 5, place=None),
                         "README.md": README.encode()})
    write_json(os.path.join(folder, "leaf.json"), leaf_vectors(good))
    times = [WITNESSED_AT, WITNESSED_AT + 65, None]
    write_json(os.path.join(folder, "witnesses.json"), [
        {"key": witness.key, "cosigned": time, "seed": witness.seed.hex()} for witness, time in zip(witnesses(), times)])
    write_json(os.path.join(folder, "broken.json"), broken_list(folder, logs))


if __name__ == "__main__":
    write_vectors(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "vectors"))
