#!/usr/bin/env python3
"""Count the ballots of a campaign again, from its public log and nothing else.

    python3 verify.py log URL-or-DIR                  check the whole log, count, compare
    python3 verify.py receipt URL-or-DIR RECEIPT      check that one ballot is in the log
    python3 verify.py promise FILE --key KEY          check a signed promise
    python3 verify.py consistency FILE URL-or-DIR     check that an older checkpoint was only added to

    RECEIPT          a file with a proof, the number of a receipt (32 hexadecimal digits), or a leaf hash
    --key KEY        the verifier key you got from elsewhere (the text, or a file with it)
    --witness KEY    a witness that has to have cosigned the checkpoint (repeatable)

It needs Python 3.9 or newer and no other software. docs/ballot-log.md says what the files mean; the numbers of
sections below are those of that text. The last line is OK when everything was checked, OK SO FAR when the log is
right as far as it can be checked before the close. Exit status: 0, or 1 when something is wrong (one line names
the file), or 2 when it could not be tried (misuse, no connection).
"""

import argparse
import base64
import bisect
import collections
import concurrent.futures
import contextlib
import datetime
import functools
import hashlib
import http.client
import itertools
import os
import queue
import re
import socket
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from array import array
from dataclasses import dataclass, field

RANKING_RULES = {  # from an option's votes, all and with a real name: what is compared, the larger one first (section 7)
    "realname-number/1": lambda votes, real_name: (real_name,),
    "votes-realname-number/1": lambda votes, real_name: (votes, real_name),
}
TRACKS = (b"anonymous", b"real_name", b"assisted")
TRACKS_OF_IDENTITIES = (b"real_name", b"assisted")  # their votes are the real-name votes of a ranking (section 7)
PROMISED_TOGETHER = 64  # places in the tree of promises that are signed together (section 8)
CODE = r"[!-+\--~]+"  # of an option: printable ASCII without blanks and commas
SMALLEST_OPEN_CELL = 10
MOST_IN_ONE_INVALIDATION = 1000
LARGEST_FILE = 64 * 1024 * 1024
LARGEST_ENTRY = 65_535
SECONDS_FOR_A_FILE = 300  # whatever its site does meanwhile
KIND_OF_LOG, KIND_OF_WITNESS = 1, 4  # the first byte of the key in a verifier key
WIDTH = 256  # hashes in a tile, entries in a bundle, places in a file
PLACE_BYTES = 38
CLOSED_PLACE = bytes(PLACE_BYTES)
NAME = r"[^\s+\x00-\x1f\x7f-\x9f]+"  # of a signer: neither blanks nor a plus sign nor control characters


class Refused(Exception):
    """Something in the log is wrong; the words begin with the file."""


class Flaw(Exception):
    """Something is wrong; whoever catches it knows in which file."""


class Unreachable(Exception):
    """The check could not be tried."""


# ---- the four commands --------------------------------------------------------------------------------------


def main(arguments=None):
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    asked = parse_arguments(arguments)
    try:
        print("\n".join(asked.command(asked)))
        return 0
    except Refused as refusal:
        print("REFUSED  " + printable(str(refusal)))
        return 1
    except (Unreachable, OSError) as trouble:
        print("NOT CHECKED  " + printable(str(trouble)), file=sys.stderr)
        return 2


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(metavar="log | receipt | promise | consistency", required=True)

    log = commands.add_parser("log", help="check a whole log and count its ballots")
    log.add_argument("place", metavar="URL-or-DIR")
    log.set_defaults(command=log_command)

    receipt = commands.add_parser("receipt", help="check that one ballot is in the log")
    receipt.add_argument("place", metavar="URL-or-DIR")
    receipt.add_argument("receipt", metavar="RECEIPT")
    receipt.set_defaults(command=receipt_command)

    promise = commands.add_parser("promise", help="check a signed promise")
    promise.add_argument("file", metavar="FILE")
    promise.set_defaults(command=promise_command)

    consistency = commands.add_parser("consistency", help="check that an older checkpoint was only added to")
    consistency.add_argument("file", metavar="OLD-CHECKPOINT-FILE")
    consistency.add_argument("place", metavar="URL-or-DIR")
    consistency.set_defaults(command=consistency_command)

    for each in (log, receipt, consistency):
        each.add_argument("--witness", metavar="KEY", action="append", default=[],
                          help="verifier key of a witness that has to have cosigned the checkpoint, or a file with it")
    for each in (log, receipt, promise, consistency):
        each.add_argument("--key", metavar="KEY", required=each is promise, help="verifier key, or a file with it")
    return parser.parse_args(arguments)


def log_command(asked):
    with open_source(asked.place) as source:
        try:
            return check_log(source, *demanded(asked))
        except Refused as refusal:
            refuse_or_ask_to_run_again(source, refusal)


def receipt_command(asked):
    pinned, witnesses = demanded(asked)
    with open_source(asked.place) as source:
        if os.path.isfile(asked.receipt):
            return check_receipt(source, kept_note(asked.receipt), asked.receipt, pinned, witnesses)
        return find_ballot(source, *ballot_name_from_text(asked.receipt), pinned, witnesses)


def promise_command(asked):
    with naming(asked.file):
        leaf, time = parse_promise(kept_note(asked.file), pinned_key(asked.key))
    return [
        "The promise is signed by this key.",
        "Promised  a ballot with the leaf hash " + base64_of(leaf),
        "By        " + time,
        "To see whether it was kept: python3 verify.py receipt URL-or-DIR " + base64_of(leaf),
        "OK",
    ]


def consistency_command(asked):
    with open_source(asked.place) as source:
        log = read_head(source, *demanded(asked))
        with naming(asked.file):
            older = parse_checkpoint(kept_note(asked.file), log.key)
        check_consistency(source, log, older, asked.file)
    return about_log(log) + [
        f"Earlier   {asked.file}: size {older.size}, root {base64_of(older.root)}",
        "Checked   the log was only added to since that checkpoint.",
        "OK",
    ]


def demanded(asked):
    """The log's key and the witnesses' keys that were got from elsewhere."""
    return pinned_key(asked.key), [given_key("--witness", text, parse_witness_key) for text in asked.witness]


def refuse_or_ask_to_run_again(source, refusal):
    """A log that is read from its site while voting runs may grow between two reads; then nothing is proven."""
    if source.can_grow and any(source.read(name) != known for name, known in list(source.first_read.items())):
        raise Unreachable(f"the log grew while it was read, please run this again ({refusal})")
    raise refusal


# ---- the whole log (section 10) -----------------------------------------------------------------------------


def check_log(source, pinned=None, witnesses=()):
    log = read_head(source, pinned, witnesses)
    if not log.checkpoint:
        check_other_files(source, log, {"key", "questionnaire"})
        return about_key(log) + [
            "Not yet   there is no batch, so there is nothing to check but the key and the questionnaire's form.",
            "OK SO FAR",
        ]
    tally = source.read("tally")
    log.published = tally is not None or any(source.read(name) is not None for name in signs_of_publication(log))
    tree = Tree()
    recount = Recount(log) if log.published else None
    read_leaves(source, log, tree, recount)
    check_higher_tiles(source, log, tree)
    if log.published:
        apply_rules(source, log, recount)
    if tally is not None:
        check_tally(tally, log, recount)
    check_other_files(source, log, expected_files(log, tally is not None))
    return report(source, log, recount, tally is not None)


@dataclass
class Log:
    key: "Key"
    questionnaire: "Questionnaire"
    checkpoint: "Checkpoint" = None
    batches: list = field(default_factory=list)
    cosigned: list = field(default_factory=list)  # names of witnesses and times
    published: bool = False

    @property
    def size(self):
        return self.checkpoint.size


def read_head(source, pinned, witnesses=()):
    with naming("key"):
        key = parse_key_file(need(source, "key"))
        if pinned and key.text != pinned.text:
            raise Flaw("is not the key that you gave with --key; the log is signed by somebody else")
    with naming("questionnaire"):
        questionnaire = parse_questionnaire(need(source, "questionnaire"), key.campaign)
    log = Log(key, questionnaire)
    signed, batches = source.read("checkpoint"), source.read("batches")
    if signed is None and batches is None and source.read("tally") is None and not witnesses:
        return log
    with naming("checkpoint"):
        log.checkpoint = parse_checkpoint(present("checkpoint", signed), key)
        log.cosigned = [(witness.name, cosignature_time(signed, witness)) for witness in witnesses]
    with naming("batches"):
        log.batches = parse_batches(present("batches", batches), log.checkpoint.size)
    return log


def parse_batches(data, size):
    sizes = [decimal(line) for line in lines_of(data)] if data else []
    if any(later <= earlier for earlier, later in zip([0] + sizes, sizes)):
        raise Flaw("its lines do not ascend")
    if (sizes[-1] if sizes else 0) != size:
        raise Flaw(f"its last line is not {size}, the size of the checkpoint")
    return sizes


def signs_of_publication(log):
    last = max(log.size - 1, 0) // WIDTH
    return [bundle(kind, number, log.size) for kind in ("tile/entries", "places") for number in {0, last}]


def read_leaves(source, log, tree, recount):
    """Reads the log once from its first entry to its last; nothing but hashes, serials and counts is kept."""
    history = source.read_in_order(f"history/{size}" for size in log.batches)
    ends = iter(log.batches)
    end = next(ends, None)
    kinds = ["tile/0", "tile/entries", "places"] if recount else ["tile/0"]
    for first, files, contents in read_bundles(source, kinds, log.size):
        show_progress(first, log.size)
        width = min(WIDTH, log.size - first)
        hashes = checked_length(files[0], contents[0], 32 * width)
        if recount:
            recount.open_bundle(files, contents, hashes, width)
        for offset in range(width):
            leaf = hashes[32 * offset : 32 * offset + 32]
            if recount:
                recount.take(first + offset, offset, leaf)
            tree.add(leaf)
            if tree.size == end:
                check_history(log, tree, next(history))
                if recount:
                    recount.close_batch()
                end = next(ends, None)
    show_progress(log.size, log.size)


def read_bundles(source, kinds, size):
    numbers = range((size + WIDTH - 1) // WIDTH)
    names = (bundle(kind, number, size) for number in numbers for kind in kinds)
    contents = source.read_in_order(names)
    for number in numbers:
        files = [bundle(kind, number, size) for kind in kinds]
        yield number * WIDTH, files, [present(name, next(contents)) for name in files]


def check_history(log, tree, data):
    name = f"history/{tree.size}"
    if data is None:
        raise Refused(f"{name}: is missing, though batches names this size")
    with naming(name):
        signed = parse_checkpoint(data, log.key)
        if signed.size != tree.size:
            raise Flaw(f"is the checkpoint of another size, {signed.size}")
        if signed.root != tree.root():
            raise Flaw("its root is not the one that follows from " + tiles_since(log, tree.size))
    if tree.size == log.size and log.checkpoint.root != tree.root():
        raise Refused("checkpoint: its root is not the one that follows from " + tiles_since(log, tree.size))


def tiles_since(log, size):
    """Where the fault must be when the checkpoint before this one was right."""
    earlier = max([0] + [each for each in log.batches if each < size])
    numbers = range(earlier // WIDTH, (size - 1) // WIDTH + 1)
    names = [bundle("tile/0", number, log.size) for number in numbers]
    return ", ".join(names) if len(names) < 4 else f"{names[0]} to {names[-1]}"


def check_higher_tiles(source, log, tree):
    for level, hashes in enumerate(tree.levels, start=1):
        for number in range((len(hashes) + WIDTH - 1) // WIDTH):
            name = bundle(f"tile/{level}", number, len(hashes))
            expected = hashes[number * WIDTH : (number + 1) * WIDTH]
            found = checked_length(name, need(source, name), 32 * len(expected))
            for place, each in enumerate(expected):
                if found[32 * place : 32 * place + 32] != each:
                    raise Refused(f"{name}: hash {place} is not the one that follows from the tiles below it")


def apply_rules(source, log, recount):
    """Rules come after the ballots they name, so the entries are read a second time where there are any."""
    if not recount.rules:
        return
    for first, (name,), (data,) in read_bundles(source, ["tile/entries"], log.size):
        show_progress(first, log.size)
        if hashlib.sha256(data).digest() != recount.bundle_digests[first // WIDTH]:
            raise Refused(f"{name}: changed while it was read")
        for index, entry in enumerate(split_entries(data, min(WIDTH, log.size - first)), start=first):
            recount.judge(index, bisect.bisect_right(log.batches, index) + 1, entry)
    show_progress(log.size, log.size)


def check_tally(data, log, recount):
    with naming("tally"):
        signed = open_note(data, log.key)
        expected = tally_lines(log, recount)
        for number, (says, counted) in enumerate(itertools.zip_longest(signed, expected), start=1):
            if says != counted:
                raise Flaw(f"line {number} says {quoted(says)}, counted again it is {quoted(counted)}")


def tally_lines(log, recount):
    head = ["shudu/tally/1", log.key.origin, str(log.size), base64_of(log.checkpoint.root)]
    head += [f"included {recount.ballots}", f"invalidated {len(recount.invalidated)}"]
    rows = [(code, *recount.cells[cell], number) for (code, cell), number in recount.votes.items() if number]
    rows.sort(key=lambda row: (row[0] != b"-", row))
    return head + [f"{code.decode()} {province.decode()} {track.decode()} {number}" for code, province, track, number in rows]


def ranking(questionnaire, recount):
    """By the rule that the questionnaire names, and among equals the smaller ballot number first (section 7)."""
    votes, real_name = collections.Counter(), collections.Counter()
    for (code, cell), number in recount.votes.items():
        votes[code] += number
        if recount.cells[cell][1] in TRACKS_OF_IDENTITIES:
            real_name[code] += number
    rows = [(votes[option.code], real_name[option.code], option) for option in questionnaire.options]
    compared = RANKING_RULES[questionnaire.rule]
    return sorted(rows, key=lambda row: ([-each for each in compared(*row[:2])], row[2].number))


def check_other_files(source, log, expected):
    """A directory is refused when it holds more than the log: a stranger's file could be taken for a part of it."""
    earlier = earlier_partial_files(log) if log.checkpoint else {}
    for name in source.names():
        if name in expected or name.split("/")[-1] == "index.html":
            continue
        if name not in earlier:
            raise Refused(f"{name}: is not a file of this log")
        kind, number, width = earlier[name]
        current = bundle(kind, number, log.size >> (8 * level_of(kind)))
        if source.read(name) != beginning_of(kind, need(source, current), width):
            raise Refused(f"{name}: is not the beginning of {current}")


def expected_files(log, counted):
    names = {"key", "questionnaire", "checkpoint", "batches"} | {f"history/{size}" for size in log.batches}
    for kind in bundle_kinds(log):
        size = log.size >> (8 * level_of(kind))
        names |= {bundle(kind, number, size) for number in range((size + WIDTH - 1) // WIDTH)}
    return names | ({"tally"} if counted else set())


def earlier_partial_files(log):
    files = {}
    for size in log.batches:
        for kind in bundle_kinds(log):
            hashes = size >> (8 * level_of(kind))
            if hashes % WIDTH:
                number = hashes // WIDTH
                files[bundle(kind, number, hashes)] = (kind, number, hashes % WIDTH)
    return files


def bundle_kinds(log):
    levels = range((log.size.bit_length() + 7) // 8)
    return [f"tile/{level}" for level in levels] + (["tile/entries", "places"] if log.published else [])


def level_of(kind):
    level = kind.partition("/")[2]
    return int(level) if level.isdigit() else 0


def beginning_of(kind, data, width):
    if kind == "tile/entries":
        return b"".join(len(entry).to_bytes(2, "big") + entry for entry in split_entries(data, None)[:width])
    return data[: width * (PLACE_BYTES if kind == "places" else 32)]


# ---- what is printed ----------------------------------------------------------------------------------------


def report(source, log, recount, counted):
    lines = about_log(log)
    lines += ["Checked   every signature; every root and every tile, computed again from "
              + ("the entries" if log.published else "the hashes of the entries (tile/0)")]
    if source.can_list:
        lines += ["          no other file is in the directory"]
    if not log.published:
        return lines + [
            "Not yet   the ballots are not public before the close. What the hashes stand for, the places, the count,",
            "          and whether this is the questionnaire they answer, cannot be checked now.",
            "OK SO FAR",
        ]
    lines += [
        "          every entry: valid, no serial twice, in order, places as committed to",
        f"Ballots   {recount.ballots:,} included, {len(recount.invalidated):,} invalidated, "
        f"{recount.ballots - len(recount.invalidated):,} counted",
    ]
    lines += ranking_lines(log.questionnaire, recount)
    if counted:
        return lines + ["The signed count is equal to this one, line by line.", "OK"]
    return lines + ["Not yet   there is no signed count; the numbers above are what the log holds now.", "OK SO FAR"]


def about_key(log):
    return [
        "Log       " + log.key.origin,
        f"Key       {log.key.text}",
        f"          key id {log.key.id.hex()}; compare the key with one from another source",
    ]


def about_log(log):
    if not log.checkpoint:
        return about_key(log)
    return about_key(log) + [
        f"Size      {log.size:,} entries in {len(log.batches):,} batches",
        "Root      " + base64_of(log.checkpoint.root),
    ] + [f"Witness   {name} cosigned it at {when(time)}" for name, time in log.cosigned]


def when(seconds):
    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return f"second {seconds}"


def ranking_lines(questionnaire, recount):
    lines = [f"Ranking   by {questionnaire.rule} (the first {questionnaire.selected} are selected; votes, of them with a real name)"]
    for place, (votes, real_name, option) in enumerate(ranking(questionnaire, recount), start=1):
        mark = "*" if place <= questionnaire.selected else " "
        title = printable(" / ".join(filter(None, [option.chinese, option.english])))
        lines.append(f"{mark}{place:>4}. {votes:>10,} {real_name:>10,}  {option.code.decode()}  {title}")
    return lines


def show_progress(done, size):
    if sys.stderr.isatty() and size > 20_000:
        print(f"\r{done:,} of {size:,} entries", end="" if done < size else "\n", file=sys.stderr, flush=True)


def printable(text):
    return "".join(each if each.isprintable() else "?" for each in text)


def quoted(line):
    return "nothing" if line is None else f"“{line}”"


# ---- entries and places (sections 1, 2, 3, 5) ---------------------------------------------------------------


class Recount:
    """Checks entry after entry and counts them. It keeps a serial and a cell number for each, not the ballots."""

    INVALIDATION = 0  # the cell number of an entry that is no ballot

    def __init__(self, log):
        self.log = log
        self.questionnaire = log.questionnaire
        self.codes = {option.code for option in log.questionnaire.options}
        self.serials = set()
        self.rules = []
        self.invalidated = {}  # ballots, with the number of the rule and the entry that names each
        self.votes = collections.Counter()
        self.cells = [None]
        self.cell_numbers = {}
        self.cell_of = array("I")
        self.bundle_digests = []
        self.ballots = 0
        self.start_batch()

    def start_batch(self):
        self.batch_kind = None
        self.rule = None
        self.previous_leaf = b""
        self.opened = collections.Counter()
        self.first_opened = {}

    def open_bundle(self, files, contents, hashes, width):
        self.tile_file, self.entries_file, self.places_file = files
        with naming(self.entries_file):
            self.entries = split_entries(contents[1], width)
        self.places = checked_length(self.places_file, contents[2], PLACE_BYTES * width)
        self.bundle_digests.append(hashlib.sha256(contents[1]).digest())

    def take(self, index, offset, leaf):
        entry = self.entries[offset]
        place = self.places[PLACE_BYTES * offset : PLACE_BYTES * (offset + 1)]
        where = self.entries_file
        try:
            if leaf_hash(entry) != leaf:
                raise Flaw(f"its hash is not the one in {self.tile_file}")
            kind, parts = parse_entry(entry, self.questionnaire, self.codes)
            self.check_batch_kind(kind)
            if kind == "ballot":
                self.check_order(leaf)
                self.check_serial(parts.serial)
                where = self.places_file
                cell = self.open_place(index, place, parts)
                self.count(parts, cell, 1)
                self.ballots += 1
            else:
                self.invalidate(index, parts)
                where = self.places_file
                cell = self.INVALIDATION
                if place != CLOSED_PLACE:
                    raise Flaw("an invalidation has no place, but there is one")
            self.cell_of.append(cell)
        except Flaw as flaw:
            raise Refused(f"{where}, entry {index}: {flaw}") from None

    def check_batch_kind(self, kind):
        if kind != (self.batch_kind or kind):
            raise Flaw("ballots and invalidations are in one batch")
        self.batch_kind = kind

    def check_order(self, leaf):
        if leaf <= self.previous_leaf:
            raise Flaw("it is not in ascending order of leaf hashes in its batch")
        self.previous_leaf = leaf

    def check_serial(self, serial):
        if serial in self.serials:
            raise Flaw("its serial was met before, a pass was spent twice")
        self.serials.add(serial)

    def open_place(self, index, place, ballot):
        if place == CLOSED_PLACE:
            if not self.questionnaire.places:
                raise Flaw("its place is not opened, though this campaign has no places to hide")
            return self.cell_number(b"merged", ballot.track)
        province, salt = place[:6], place[6:]
        if not province.isdigit():
            raise Flaw("its province is not six digits")
        if hashlib.sha256(salt + province).digest() != ballot.commitment:
            raise Flaw("the place is not the one that the ballot commits to")
        if not self.questionnaire.places and province != b"000000":
            raise Flaw("it names a province, though ballots of this campaign name none")
        cell = self.cell_number(province, ballot.track)
        self.opened[cell] += 1
        self.first_opened.setdefault(cell, index)
        return cell

    def close_batch(self):
        for cell, number in self.opened.items():
            if self.questionnaire.places and number < SMALLEST_OPEN_CELL:
                index = self.first_opened[cell]
                province, track = (part.decode() for part in self.cells[cell])
                raise Refused(
                    f"{bundle('places', index // WIDTH, self.log.size)}, entry {index}: {province} {track} is opened "
                    f"with {number} ballots in this batch, fewer than {SMALLEST_OPEN_CELL}"
                )
        self.start_batch()

    def invalidate(self, index, made):
        if self.rule is None:
            self.rule = Rule(index, made.said)
            self.rules.append(self.rule)
        if made.said != self.rule.said:
            raise Flaw("it is of another rule than the first entry of its batch")
        for each in made.indices:
            if each >= index or self.cell_of[each] == self.INVALIDATION:
                raise Flaw(f"it invalidates entry {each}, which is not an earlier ballot")
            if each in self.invalidated:
                raise Flaw(f"it invalidates entry {each}, which was invalidated before")
        self.invalidated.update((each, (len(self.rules) - 1, index)) for each in made.indices)

    def judge(self, index, batch, data):
        """Takes a ballot back that a rule names; a rule names the ballots that it meets, all of them and no others."""
        if self.cell_of[index] == self.INVALIDATION:
            return
        ballot = parse_entry(data, self.questionnaire, self.codes)[1]
        province = self.cells[self.cell_of[index]][0]
        nobody = len(self.rules)
        by, entry = self.invalidated.get(index, (nobody, None))
        met = next((number for number, rule in enumerate(self.rules)
                    if index < rule.start and rule.meets(ballot, province, batch)), nobody)
        if by < met:
            raise Refused(f"{self.entries_file_of(entry)}: it invalidates entry {index}, which its criteria do not meet")
        if by > met:
            raise Refused(f"{self.entries_file_of(self.rules[met].start)}: its rule leaves out entry {index}, "
                          "which its criteria meet")
        if by < nobody:
            self.count(ballot, self.cell_of[index], -1)

    def entries_file_of(self, index):
        return f"{bundle('tile/entries', index // WIDTH, self.log.size)}, entry {index}"

    def count(self, ballot, cell, number):
        self.votes[b"-", cell] += number
        for code in ballot.choices:
            self.votes[code, cell] += number

    def cell_number(self, province, track):
        cell = self.cell_numbers.get((province, track))
        if cell is None:
            cell = self.cell_numbers[province, track] = len(self.cells)
            self.cells.append((province, track))
        return cell


def split_entries(data, width):
    entries, position = [], 0
    while position < len(data):
        start = position + 2
        position = start + int.from_bytes(data[start - 2 : start], "big")
        if start > len(data) or position > len(data):
            raise Flaw(f"ends in the middle of its entry {len(entries)}")
        entries.append(data[start:position])
    if width is not None and len(entries) != width:
        raise Flaw(f"holds {len(entries)} entries, not {width}")
    return entries


class Rule:
    """Which ballots do not count: section 2."""

    PARTS = {  # in their order
        "track": "anonymous|real_name|assisted",
        "province": "[0-9]{6}",
        "blocks": "[0-9a-f]{8}(,[0-9a-f]{8})*",
        "batches": "(0|[1-9][0-9]{0,9})-(0|[1-9][0-9]{0,9})",
        "choices": f"{CODE}(,{CODE})*",
    }

    def __init__(self, start, said):
        self.start, self.said = start, said
        parts = [part.partition("=")[::2] for part in utf8(said[0]).split("\n")[0].split(" ")]
        named = dict(parts)
        if len(named) != len(parts) or list(named) != [name for name in self.PARTS if name in named]:
            raise Flaw("its criteria are not of the form")
        if not all(re.fullmatch(self.PARTS[name], value) for name, value in parts):
            raise Flaw("its criteria are not of the form")
        self.track, self.province = (named[name].encode() if name in named else None for name in ("track", "province"))
        blocks, choices = (named[name].split(",") if name in named else [] for name in ("blocks", "choices"))
        self.blocks, self.choices = {bytes.fromhex(block) for block in blocks}, [code.encode() for code in choices]
        self.first, self.last = map(int, named["batches"].split("-")) if "batches" in named else (0, 2**32 - 1)
        if not self.first <= self.last < 2**32 or any(sorted(set(words)) != words for words in (blocks, choices)):
            raise Flaw("its criteria are not of the form")

    def meets(self, ballot, province, batch):
        return (
            self.track in (None, ballot.track)
            and self.province in (None, province)
            and (not self.blocks or ballot.track == b"anonymous" and ballot.serial[:4] in self.blocks)
            and self.first <= batch <= self.last
            and (not self.choices or ballot.choices == self.choices)
        )


Ballot = collections.namedtuple("Ballot", "track commitment choices serial")
Invalidation = collections.namedtuple("Invalidation", "said indices")


def parse_entry(entry, questionnaire, codes):
    rest = Reader(entry)
    kind = rest.text()
    if kind == b"shudu/ballot/1":
        return "ballot", parse_ballot(rest, questionnaire, codes)
    if kind == b"shudu/invalidation/1":
        return "invalidation", parse_invalidation(rest, questionnaire)
    raise Flaw("it is neither a ballot nor an invalidation")


def parse_ballot(rest, questionnaire, codes):
    if rest.text() != questionnaire.slug:
        raise Flaw("it is a ballot of another campaign")
    if rest.take(32) != questionnaire.hash:
        raise Flaw("it answers another questionnaire than the file questionnaire")
    track = rest.text()
    if track not in questionnaire.tracks:
        raise Flaw("its track is not one of the questionnaire's")
    commitment = rest.take(32)
    choices = [rest.text() for _ in range(rest.number(2))]
    serial = rest.take(32)
    rest.end()
    if not 1 <= len(choices) <= questionnaire.most_choices:
        raise Flaw(f"it has {len(choices)} choices, allowed are 1 to {questionnaire.most_choices}")
    if any(later <= earlier for earlier, later in zip(choices, choices[1:])):
        raise Flaw("its choices are not ascending, or one is there twice")
    if not codes.issuperset(choices):
        raise Flaw("a choice is not one of the questionnaire's options")
    return Ballot(track, commitment, choices, serial)


def parse_invalidation(rest, questionnaire):
    if rest.text() != questionnaire.slug:
        raise Flaw("it is an invalidation of another campaign")
    said = [rest.text() for _ in ("criteria", "office of the first approver", "office of the second approver")]
    for each in said:
        utf8(each)
    number = rest.number(2)
    if not 1 <= number <= MOST_IN_ONE_INVALIDATION:
        raise Flaw(f"it invalidates {number} ballots, allowed are 1 to {MOST_IN_ONE_INVALIDATION}")
    indices = [rest.number(8) for _ in range(number)]
    rest.end()
    if any(later <= earlier for earlier, later in zip(indices, indices[1:])):
        raise Flaw("the indices it invalidates do not ascend")
    return Invalidation(said, indices)


class Reader:
    """Takes bytes from the front; it never reads past the end."""

    def __init__(self, data):
        self.data = data
        self.position = 0

    def take(self, length):
        start = self.position
        self.position = start + length
        if self.position > len(self.data):
            raise Flaw("it ends too early")
        return self.data[start : self.position]

    def number(self, length):
        return int.from_bytes(self.take(length), "big")

    def text(self, length_bytes=2):
        return self.take(self.number(length_bytes))

    def end(self):
        if self.position != len(self.data):
            raise Flaw("something follows after its end")


# ---- the questionnaire (section 1) --------------------------------------------------------------------------


Option = collections.namedtuple("Option", "code number chinese english")


@dataclass
class Questionnaire:
    hash: bytes
    slug: bytes
    most_choices: int
    places: bool
    tracks: list
    selected: int
    rule: str
    options: list


def parse_questionnaire(data, campaign):
    rest = Reader(data)

    def text():
        return utf8(rest.text(4))

    if text() != "shudu/questionnaire/2":
        raise Flaw("does not begin with shudu/questionnaire/2")
    slug = text()
    if slug != campaign:
        raise Flaw("is that of another campaign than the key's")
    most_choices, places, tracks, selected, rule = decimal(text()), text(), text().encode(), decimal(text()), text()
    options = []
    while rest.position < len(data):
        options.append(Option(text().encode(), decimal(text()), text(), text()))
    if most_choices < 1:
        raise Flaw("allows no choice at all")
    if places not in ("0", "1"):
        raise Flaw("does not say 0 or 1 for places")
    if rule not in RANKING_RULES:
        raise Flaw(f"names a rule for the ranking that is not known here: {printable(rule[:60])}")
    check_tracks(tracks.split(b","))
    if rule == "realname-number/1" and not set(TRACKS_OF_IDENTITIES) & set(tracks.split(b",")):
        raise Flaw(f"is ranked by {rule}, but has no track of real names")
    check_options(options)
    return Questionnaire(hashlib.sha256(data).digest(), slug.encode(), most_choices, places == "1",
                         tracks.split(b","), selected, rule, options)


def check_tracks(tracks):
    if not set(tracks) <= set(TRACKS) or len(set(tracks)) != len(tracks):
        raise Flaw("names an unknown track, or one twice")


def check_options(options):
    if not options:
        raise Flaw("has no options")
    if len({option.code for option in options}) != len(options):
        raise Flaw("has an option code twice")
    if len({option.number for option in options}) != len(options):
        raise Flaw("has a ballot number twice")
    # A code is a word in the lines of the count; "-" there stands for the ballots themselves.
    if any(option.code == b"-" or not re.fullmatch(CODE, option.code.decode()) for option in options):
        raise Flaw("has an option code that cannot stand in the count")


# ---- receipts, promises, earlier checkpoints (sections 6 and 8) ---------------------------------------------


def check_receipt(source, data, file, pinned=None, witnesses=()):
    log = read_head(source, pinned, witnesses)
    with naming(file):
        leaf, index, proof, signed = parse_receipt(data, log.key)
        if root_of_inclusion(leaf, index, signed.size, proof) != signed.root:
            raise Flaw("its proof does not lead to its checkpoint")
    check_consistency(source, log, signed, file)
    check_leaf_in_tiles(source, log, leaf, index)
    return about_log(log) + [
        f"Receipt   leaf hash {base64_of(leaf)}",
        f"          it is entry {index}; the proof leads to the signed checkpoint of size {signed.size}",
        f"          that checkpoint is a beginning of this log (size {log.size}), which holds the same hash there",
        "OK",
    ]


def find_ballot(source, beginning, name, pinned=None, witnesses=()):
    """Looks for the ballot whose leaf hash begins with these bytes: all 32 of them, or the eight of a receipt number."""
    log = read_head(source, pinned, witnesses)
    require_checkpoint(log)
    found = []
    for first, files, (hashes,) in read_bundles(source, ["tile/0"], log.size):
        checked_length(files[0], hashes, 32 * min(WIDTH, log.size - first))
        found += [(first + offset // 32, hashes[offset : offset + 32]) for offset in range(0, len(hashes), 32)
                  if hashes.startswith(beginning, offset)]
    if not found:
        raise Refused(f"tile/0: no tile holds {name}; the log does not have this ballot")
    if len(found) > 1:
        raise Refused(f"tile/0: more than one entry has {name}")
    (index, leaf), = found
    check_leaf_in_tiles(source, log, leaf, index)
    return about_log(log) + [f"Found     leaf hash {base64_of(leaf)}, entry {index}",
                             "          the tiles prove it under the signed checkpoint", "OK"]


def check_leaf_in_tiles(source, log, leaf, index):
    tiles = Tiles(source, log.size)
    proof = tiles.inclusion_proof(index, 0, log.size)
    if tiles.leaf(index) != leaf:
        raise Refused(f"{tiles.name_of_leaf(index)}, entry {index}: is another hash than {base64_of(leaf)}")
    if root_of_inclusion(leaf, index, log.size, proof) != log.checkpoint.root:
        raise Refused(f"{tiles.name_of_leaf(index)}, entry {index}: the tiles do not lead to the root in checkpoint")
    check_entry_is_a_ballot(source, log, leaf, index)


def check_entry_is_a_ballot(source, log, leaf, index):
    name = bundle("tile/entries", index // WIDTH, log.size)
    data = source.read(name)
    if data is None:
        return  # not public before the close
    with naming(f"{name}, entry {index}"):
        entry = split_entries(data, min(WIDTH, log.size - index // WIDTH * WIDTH))[index % WIDTH]
        if leaf_hash(entry) != leaf:
            raise Flaw("its hash is another one than in the tiles")
        if Reader(entry).text() != b"shudu/ballot/1":
            raise Flaw("it is no ballot")


def check_consistency(source, log, older, file):
    require_checkpoint(log)
    if older.size == 0:
        return  # every tree begins with the empty one, whose root was looked at when the checkpoint was read
    if older.size > log.size:
        raise Refused(f"{file}: leads to size {older.size}, but checkpoint has size {log.size} only; get a newer copy, "
                      "or entries are missing")
    if older.size == log.size:
        if older.root != log.checkpoint.root:
            raise Refused(f"{file}: has another root than checkpoint for the size {log.size}; the key signed two logs")
        if Tiles(source, log.size).hash_of(0, log.size) != log.checkpoint.root:
            raise Refused(f"checkpoint: its root is not that of the tiles, {bundle('tile/0', 0, log.size)} and on")
        return
    # The proof stands by itself: it leads to both roots or it does not, whatever the tiles say.
    proof = Tiles(source, log.size).consistency_proof(older.size, 0, log.size, True)
    if roots_of_consistency(older, log.size, proof) != (older.root, log.checkpoint.root):
        raise Refused(f"{file}: is not a beginning of the log that checkpoint signs; the log was changed, or a tile is wrong")


def require_checkpoint(log):
    if not log.checkpoint:
        raise Refused("checkpoint: is missing, the log has no batch yet")


def parse_receipt(data, key):
    head, separator, note = utf8(data).partition("\n\n")
    lines = head.split("\n")
    if not separator or len(lines) < 4 or lines[0] != "shudu/receipt/1":
        raise Flaw("is not a receipt")
    if lines[1] != key.origin:
        raise Flaw(f"is a receipt of another log, {lines[1]}")
    signed = parse_checkpoint(note.encode(), key)
    index = decimal(lines[3])
    if index >= signed.size:
        raise Flaw("its index is outside of the log")
    return hash_from(lines[2]), index, [hash_from(line) for line in lines[4:]], signed


def parse_promise(data, key):
    """The leaf hash that is promised and the time; the path has to lead from the leaf hash to the signed root."""
    head, separator, note = utf8(data).partition("\n\n")
    lines = head.split("\n")
    if not separator or len(lines) < 5 or lines[0] != "shudu/promise/2":
        raise Flaw("is not a promise")
    if lines[1] != key.origin:
        raise Flaw(f"is a promise of another log, {lines[1]}")
    leaf, blinder, index, path = hash_from(lines[2]), from_base64(lines[3]), decimal(lines[4]), list(map(hash_from, lines[5:]))
    places = PROMISED_TOGETHER if path else 1
    if len(blinder) != 16 or index >= places:
        raise Flaw("is not a promise")
    time, root = parse_promises(open_note(note.encode(), key), key)
    if root_of_inclusion(leaf_hash(blinder + leaf), index, places, path) != root:
        raise Flaw("its path does not lead to the root that is signed")
    return leaf, time


def parse_promises(lines, key):
    """Time and root of promises that were signed together."""
    if len(lines) != 4 or lines[0] != "shudu/promises/1" or lines[1] != key.origin:
        raise Flaw("is not a promise")
    try:
        time = datetime.datetime.strptime(lines[2], "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        raise Flaw("its time is not one") from None
    if time.isoformat() + "Z" != lines[2]:
        raise Flaw("its time is not written as it should be")
    return lines[2], hash_from(lines[3])


def ballot_name_from_text(text):
    """The first bytes of a ballot's leaf hash, and the name of the ballot for a message: a receipt number, or the whole hash."""
    plain = "".join(text.split())  # receipts show digits in groups
    if re.fullmatch(r"[0-9A-Fa-f]{32}", plain):
        return bytes.fromhex(plain)[8:], f"the receipt number {plain.upper()}"
    if re.fullmatch(r"[0-9A-Fa-f]{64}", plain):
        leaf = bytes.fromhex(plain)
    else:
        try:
            leaf = hash_from(plain)
        except Flaw:
            raise Unreachable(f"{text} is neither a file nor a receipt number (32 hexadecimal digits) nor a leaf hash (64 "
                              "hexadecimal digits, or base64)") from None
    return leaf, f"the leaf hash {base64_of(leaf)}"


# ---- the tree (section 3; RFC 6962, section 2.1) ------------------------------------------------------------


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """Grows leaf by leaf; keeps the complete subtrees that have no parent yet, and the hashes of the higher tiles."""

    def __init__(self):
        self.size = 0
        self.subtrees = []
        self.levels = []  # levels[0] holds the hashes of tile/1, and so on

    def add(self, leaf):
        self.subtrees.append(leaf)
        self.size += 1
        height, number = 0, self.size
        while number % 2 == 0:
            right = self.subtrees.pop()
            self.subtrees[-1] = node_hash(self.subtrees[-1], right)
            height, number = height + 1, number // 2
            if height % 8 == 0:
                self.keep_for_tile(height // 8, self.subtrees[-1])

    def keep_for_tile(self, level, subtree):
        if len(self.levels) < level:
            self.levels.append([])
        self.levels[level - 1].append(subtree)

    def root(self):
        if not self.subtrees:
            return hashlib.sha256().digest()
        root = self.subtrees[-1]
        for left in reversed(self.subtrees[:-1]):
            root = node_hash(left, root)
        return root


class Tiles:
    """Hashes of any part of the tree, read from its tiles: a few files for any question."""

    def __init__(self, source, size):
        self.source = source
        self.size = size
        self.read = {}

    def hash_of(self, start, end):
        if end - start == 1 << (end - start).bit_length() - 1:
            return self.subtree(start, (end - start).bit_length() - 1)
        middle = start + largest_power_below(end - start)
        return node_hash(self.hash_of(start, middle), self.hash_of(middle, end))

    def subtree(self, start, height):
        level, above = divmod(height, 8)
        first = start >> (8 * level)
        hashes = self.tile(level, first // WIDTH)[first % WIDTH : first % WIDTH + (1 << above)]
        while len(hashes) > 1:
            hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2])]
        return hashes[0]

    def tile(self, level, number):
        hashes = self.size >> (8 * level)
        name = bundle(f"tile/{level}", number, hashes)
        if name not in self.read:
            width = min(WIDTH, hashes - WIDTH * number)
            data = checked_length(name, need(self.source, name), 32 * width)
            self.read[name] = [data[place : place + 32] for place in range(0, len(data), 32)]
        return self.read[name]

    def leaf(self, index):
        return self.tile(0, index // WIDTH)[index % WIDTH]

    def name_of_leaf(self, index):
        return bundle("tile/0", index // WIDTH, self.size)

    def inclusion_proof(self, index, start, end):
        if end - start == 1:
            return []
        middle = start + largest_power_below(end - start)
        if index < middle:
            return self.inclusion_proof(index, start, middle) + [self.hash_of(middle, end)]
        return self.inclusion_proof(index, middle, end) + [self.hash_of(start, middle)]

    def consistency_proof(self, size, start, end, known):
        if size == end:
            return [] if known else [self.hash_of(start, end)]
        middle = start + largest_power_below(end - start)
        if size <= middle:
            return self.consistency_proof(size, start, middle, known) + [self.hash_of(middle, end)]
        return self.consistency_proof(size, middle, end, False) + [self.hash_of(start, middle)]


def largest_power_below(number):
    return 1 << (number - 1).bit_length() - 1


def root_of_inclusion(leaf, index, size, proof):
    """The root that a proof leads to, or None when it has the wrong length."""
    root, last = leaf, size - 1
    for each in proof:
        if last == 0:
            return None
        if index % 2 or index == last:
            root = node_hash(each, root)
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            root = node_hash(root, each)
        index, last = index // 2, last // 2
    return root if last == 0 else None


def roots_of_consistency(older, size, proof):
    """The two roots that a proof leads to (RFC 9162, section 2.1.4.2), or None."""
    if older.size & (older.size - 1) == 0:
        proof = [older.root] + proof
    if not proof:
        return None
    index, last = older.size - 1, size - 1
    while index % 2:
        index, last = index // 2, last // 2
    old = new = proof[0]
    for each in proof[1:]:
        if last == 0:
            return None
        if index % 2 or index == last:
            old, new = node_hash(each, old), node_hash(each, new)
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            new = node_hash(new, each)
        index, last = index // 2, last // 2
    return (old, new) if last == 0 else None


# ---- keys, signed notes and cosignatures (sections 6 and 9) -------------------------------------------------


@dataclass
class Key:
    text: str
    origin: str
    id: bytes
    public: bytes

    @property
    def campaign(self):
        return self.origin.rsplit("/", 1)[1]


@dataclass
class Witness:
    name: str
    id: bytes
    public: bytes


@dataclass
class Checkpoint:
    size: int
    root: bytes


def parse_key_file(data):
    lines = lines_of(data)
    if len(lines) != 1:
        raise Flaw("is not one line")
    return parse_key(lines[0])


def parse_key(text, origin=".+/log/[^/]+"):
    parts = text.split("+", 2)
    if len(parts) != 3 or not re.fullmatch(NAME, parts[0]) or not re.fullmatch(origin, parts[0]):
        raise Flaw("is not a verifier key <site>/log/<campaign>+<key id>+<base64>")
    return Key(text, parts[0], *id_and_public_key(*parts, KIND_OF_LOG))


def parse_witness_key(text):
    parts = text.split("+", 2)
    if len(parts) != 3 or not re.fullmatch(NAME, parts[0]):
        raise Flaw("is not a verifier key <name of the witness>+<key id>+<base64>")
    return Witness(parts[0], *id_and_public_key(*parts, KIND_OF_WITNESS))


def id_and_public_key(name, key_id, text, kind):
    kind_and_key = from_base64(text)
    if len(kind_and_key) != 33 or kind_and_key[0] != kind:
        raise Flaw("is not an Ed25519 key" if kind == KIND_OF_LOG else "is not an Ed25519 key for cosignatures")
    expected = hashlib.sha256(name.encode() + b"\n" + kind_and_key).digest()[:4]
    if key_id != expected.hex():
        raise Flaw("its key id does not belong to its origin and key")
    public = kind_and_key[1:]
    if not is_sound_public_key(public):
        raise Flaw("its key is not a sound Ed25519 key")
    return expected, public


def pinned_key(text):
    return None if text is None else given_key("--key", text, parse_key)


def given_key(option, text, parse):
    try:
        return parse(utf8(kept_file(text)).strip() if os.path.isfile(text) else text)
    except Flaw as flaw:
        raise Unreachable(f"what was given with {option} {flaw}") from None


def parse_checkpoint(data, key):
    lines = open_note(data, key)
    if len(lines) != 3 or lines[0] != key.origin:
        raise Flaw("is not a checkpoint of " + key.origin)
    size, root = decimal(lines[1]), hash_from(lines[2])
    if size == 0 and root != hashlib.sha256(b"").digest():
        raise Flaw("its root is not that of an empty tree")
    return Checkpoint(size, root)


def open_note(data, key):
    """The lines of a signed note, once the signature is found right."""
    text, signatures = split_note(data)
    signed = False
    for name, key_id, signature in signatures:
        # Others may sign too; a line that claims to be by this key has to be right.
        if (name, key_id) == (key.origin, key.id):
            if not is_signed_by(key.public, text.encode(), signature):
                raise Flaw("its signature is wrong")
            signed = True
    if not signed:
        raise Flaw("is not signed by the key of this log")
    return text[:-1].split("\n")


def cosignature_time(data, witness):
    """When the witness says it saw this checkpoint as the newest one (the latest time, if it says so twice)."""
    text, signatures = split_note(data)
    times = []
    for name, key_id, cosignature in signatures:
        if (name, key_id) == (witness.name, witness.id):
            time = int.from_bytes(cosignature[:8], "big")
            message = f"cosignature/v1\ntime {time}\n{text}".encode()
            if len(cosignature) != 72 or not is_signed_by(witness.public, message, cosignature[8:]):
                raise Flaw(f"its cosignature by {witness.name} is wrong")
            times.append(time)
    if not times:
        raise Flaw(f"is not cosigned by {witness.name}")
    return max(times)


def split_note(data):
    """The text that is signed, and name, key id and signature of each line below it."""
    text, separator, lines = utf8(data).rpartition("\n\n")
    if not separator or not lines.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f]", text):
        raise Flaw("is not a signed note")
    signatures = []
    for line in lines[:-1].split("\n"):
        match = re.fullmatch(f"— ({NAME}) ([A-Za-z0-9+/=]+)", line)
        if not match:
            raise Flaw("has a line among its signatures that is none")
        signature = from_base64(match.group(2))
        if len(signature) < 4:
            raise Flaw("has a signature that is too short")
        signatures.append((match.group(1), signature[:4], signature[4:]))
    return text + "\n", signatures


# ---- Ed25519 (RFC 8032, verification only) ------------------------------------------------------------------


P = 2**255 - 19
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def is_signed_by(public, message, signature):
    key = decode_point(public)
    if key is None or len(signature) != 64:
        return False
    scalar = int.from_bytes(signature[32:], "little")
    if scalar >= GROUP_ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % GROUP_ORDER
    point = combine(scalar, BASE, challenge, negative(key))
    # The encoding that comes out is the canonical one, so an R that is encoded otherwise is never equal to it.
    return encode_point(point) == signature[:32] and not is_of_small_order(point)


def is_sound_public_key(public):
    key = decode_point(public)
    return key is not None and not is_of_small_order(key)


def is_of_small_order(point):
    return is_neutral(double(double(double(point))))


def combine(first, one, second, other):
    """first·one + second·other, both read bit by bit together."""
    choices = (None, one, other, add_points(one, other))
    total = NEUTRAL
    for bit in range(max(first.bit_length(), second.bit_length()) - 1, -1, -1):
        total = double(total)
        choice = choices[(first >> bit & 1) + 2 * (second >> bit & 1)]
        if choice:
            total = add_points(total, choice)
    return total


def add_points(one, other):
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def double(point):
    x, y, z, _ = point
    a, b, c = x * x % P, y * y % P, 2 * z * z % P
    h, g = a + b, a - b
    e, f = h - (x + y) * (x + y), c + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def negative(point):
    x, y, z, t = point
    return P - x, y, z, P - t


def is_neutral(point):
    x, y, z, _ = point
    return x % P == 0 and (y - z) % P == 0


def encode_point(point):
    x, y, z, _ = point
    inverse = pow(z, P - 2, P)
    return ((y * inverse % P) | (x * inverse % P & 1) << 255).to_bytes(32, "little")


@functools.lru_cache(maxsize=16)
def decode_point(data):
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if len(data) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x % 2 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


# ---- texts and numbers --------------------------------------------------------------------------------------


def utf8(data):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Flaw("is not UTF-8") from None


def lines_of(data):
    text = utf8(data)
    if not text.endswith("\n"):
        raise Flaw("does not end with a line feed")
    return text[:-1].split("\n")


def decimal(text):
    if not re.fullmatch(r"0|[1-9][0-9]{0,17}", text):
        raise Flaw("has something else where a decimal number should be")
    return int(text)


def base64_of(data):
    return base64.b64encode(data).decode()


def from_base64(text):
    """Every value has one spelling only: leftover bits that are not zero are refused."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Flaw("has something else where base64 should be") from None
    if base64_of(data) != text:
        raise Flaw("has base64 in another spelling than the usual one")
    return data


def hash_from(text):
    data = from_base64(text)
    if len(data) != 32:
        raise Flaw("has something else where a hash should be")
    return data


@contextlib.contextmanager
def naming(file):
    try:
        yield
    except Flaw as flaw:
        raise Refused(f"{file}: {flaw}") from None


# ---- files (section 4) --------------------------------------------------------------------------------------


def bundle(kind, number, size):
    """Name of a file with 256 of something, or of the last, partial one where there are `size` in all."""
    path = f"{number % 1000:03}"
    rest = number // 1000
    while rest:
        path = f"x{rest % 1000:03}/{path}"
        rest //= 1000
    width = size - number * WIDTH
    return f"{kind}/{path}" if width >= WIDTH else f"{kind}/{path}.p/{width}"


def need(source, name):
    return present(name, source.read(name))


def present(name, data):
    if data is None:
        raise Refused(f"{name}: is missing")
    return data


def checked_length(name, data, length):
    if len(data) != length:
        raise Refused(f"{name}: has {len(data)} bytes, not {length}")
    return data


def read_file(path, most=LARGEST_FILE):
    with open(path, "rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Refused(f"{path}: is larger than {most} bytes, the most that such a file of a log can have")
    return data


def kept_file(path):
    """A file that a person kept. Programs that handled it may have changed its encoding and line ends; a signature still has to fit."""
    data = read_file(path)
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            data = data.decode("utf-16").encode()
    except UnicodeError:
        raise Unreachable(f"{path}: is no text") from None
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data.rstrip(b"\n \t") + b"\n"


def kept_note(path):
    """A kept file with the form of a signed note. Another one says nothing about the log."""
    data = kept_file(path)
    try:
        split_note(data)
    except Flaw:
        raise Unreachable(f"{path}: cannot be read as a signed note (was a part left out, or were its lines changed?)") from None
    return data


def largest(name):
    """The most bytes that a file of a log can have."""
    kind = name.split("/")[0]
    if name.startswith("tile/entries/"):
        return WIDTH * (2 + LARGEST_ENTRY)
    return {"tile": WIDTH * 32, "places": WIDTH * PLACE_BYTES, "key": 4096, "checkpoint": 65_536,
            "history": 65_536}.get(kind, LARGEST_FILE)


@contextlib.contextmanager
def open_source(place):
    if re.match(r"https?://", place):
        with contextlib.closing(Site(place)) as site:
            yield site
    elif os.path.isdir(place):
        yield Directory(place)
    else:
        raise Unreachable(f"{place} is neither a directory nor an address that begins with https:// or http://")


class Directory:
    can_grow = False
    can_list = True

    def __init__(self, path):
        self.path = path

    def read(self, name):
        path = os.path.join(self.path, *name.split("/"))
        if os.path.lexists(path):
            refuse_unless_ordinary(path, name)
            return read_file(path, largest(name))
        return None

    def read_in_order(self, names):
        return map(self.read, names)

    def names(self):
        for folder, folders, files in os.walk(self.path):
            for each in folders:
                path = os.path.join(folder, each)
                refuse_unless_ordinary(path, self.name_of(path), os.path.isdir)
            for each in files:
                path = os.path.join(folder, each)
                refuse_unless_ordinary(path, self.name_of(path))
                yield self.name_of(path)

    def name_of(self, path):
        return os.path.relpath(path, self.path).replace(os.sep, "/")


def refuse_unless_ordinary(path, name, is_one=os.path.isfile):
    """A copy may be a stranger's: a link can lead anywhere, and a device never ends."""
    if os.path.islink(path) or not is_one(path):
        raise Refused(f"{name}: is not an ordinary file")


class Site:
    """Reads a log over HTTP with connections that stay open: a large log has thousands of files."""

    can_grow = True
    can_list = False
    READERS = 6

    def __init__(self, url):
        self.base = where_it_leads(url if url.endswith("/") else url + "/")
        self.own = threading.local()
        self.connections = []
        self.first_read = {}

    def read(self, name):
        for attempt in range(3):
            try:
                data = self.ask_for(urllib.parse.urljoin(self.base.path, name), largest(name))
                self.remember(name, data)
                return data
            except (OSError, http.client.HTTPException) as trouble:
                self.own.connection = None  # the next attempt opens another one
                failure = trouble
        raise Unreachable(f"{name} could not be read from {self.base.geturl()}: {failure}")

    def remember(self, name, data):
        if name in ("checkpoint", "tally"):
            self.first_read.setdefault(name, data)

    def ask_for(self, path, most):
        connection = getattr(self.own, "connection", None)
        if connection is None:
            secure = self.base.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            connection = self.own.connection = kind(self.base.netloc, timeout=60)
            self.connections.append(connection)
        if connection.sock is None:
            connection.connect()
        with cut_off_after(SECONDS_FOR_A_FILE, connection.sock):
            connection.request("GET", path)
            answer = connection.getresponse()
            announced = answer.getheader("Content-Length")
            data = answer.read(most + 1)
        if answer.status in (404, 410):
            return None
        if answer.status != 200 or len(data) > most:
            raise http.client.HTTPException(f"answer {answer.status}, {len(data)} bytes where {most} are the most")
        if announced is not None and str(len(data)) != announced:
            raise http.client.HTTPException(f"the answer was cut off after {len(data)} of {announced} bytes")
        return data

    def read_in_order(self, names):
        """Asks ahead, a few files at a time, and gives them in order."""
        with concurrent.futures.ThreadPoolExecutor(self.READERS) as readers:
            waiting = collections.deque()
            for name in names:
                waiting.append(readers.submit(self.read, name))
                if len(waiting) > 4 * self.READERS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def names(self):
        return []

    def close(self):
        for connection in self.connections:
            connection.close()


@contextlib.contextmanager
def cut_off_after(seconds, connected):
    """A site that sends a byte now and then would hold its reader for years."""
    timer = threading.Timer(seconds, hang_up, [connected])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def hang_up(connected):
    with contextlib.suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def where_it_leads(url):
    """Sites often lead from http:// to https://, or to another name; this is found out once, with the key."""
    answers = queue.Queue()
    # A thread that can be left behind: what reads the answer cannot be told to end.
    threading.Thread(target=lambda: answers.put(last_address(url)), daemon=True).start()
    try:
        answer = answers.get(timeout=SECONDS_FOR_A_FILE)
    except queue.Empty:
        answer = Unreachable(f"{url} did not answer within {SECONDS_FOR_A_FILE} seconds")
    if isinstance(answer, Unreachable):
        raise answer
    return answer


def last_address(url):
    try:
        with urllib.request.urlopen(url + "key", timeout=60) as answer:
            final = answer.geturl()
    except urllib.error.HTTPError as answer:
        answer.close()
        final = url + "key"
    except (OSError, ValueError, http.client.HTTPException) as trouble:
        return Unreachable(f"{url} could not be reached: {trouble}")
    return urllib.parse.urlsplit(final[: -len("key")] if final.endswith("/key") else url)


if __name__ == "__main__":
    sys.exit(main())
