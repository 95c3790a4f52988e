"""Every small change of a log of a thousand ballots is refused by verify.py.

With the other tests some changes are tried; with SHUDU_PROOF=full every single bit is flipped, on all processors, and this
program ends with lines `PROOF | claim | trials | failures`.
"""

import functools
import itertools
import multiprocessing
import os
import random
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import make_vectors as make  # noqa: E402
import verify  # noqa: E402
from test_verify import InMemory, flipped, refusal_of, signatures_remembered  # noqa: E402

FULL = os.environ.get("SHUDU_PROOF") == "full"
SHORT = 4096  # of files up to this size every length is tried, of longer ones as many lengths
BATCH = 125


def sized(moderate, full):
    return full if FULL else moderate


@functools.lru_cache(maxsize=1)
def log_of_a_thousand():
    """With the partial files that an earlier size left behind."""
    return {**left_behind(), **make.wide_log(1000, BATCH, places=True).files()}


@functools.lru_cache(maxsize=1)
def left_behind():
    log = make.wide_log(1000, BATCH, places=True)
    earlier = make.Log(log.campaign, log.batches[:3]).files()
    return {name: data for name, data in earlier.items() if ".p/" in name and not name.startswith("tile/1")}


def remember_pure_functions():
    """What depends on nothing but its arguments is computed once: a flip leaves nearly everything as it was."""
    for name in ("leaf_hash", "node_hash", "is_signed_by", "is_sound_public_key"):
        setattr(verify, name, functools.lru_cache(maxsize=100_000)(getattr(verify, name)))
    parse = verify.parse_ballot
    known = {}

    def parse_ballot(rest, questionnaire, codes):
        key = (rest.data, rest.position, questionnaire.hash)
        if key not in known:
            ballot = parse(rest, questionnaire, codes)
            if len(known) > 100_000:
                known.clear()
            known[key] = ballot
        return known[key]

    verify.parse_ballot = parse_ballot


def all_bits():
    return [(name, 8 * len(data)) for name, data in log_of_a_thousand().items()]


def portions(step):
    """Ranges of bits, each tried by one process."""
    for name, bits in all_bits():
        for start in range(0, bits, 4096):
            yield name, range(start + -start % step, min(start + 4096, bits), step)


def try_bits(portion):
    name, bits = portion
    files = log_of_a_thousand()
    pinned = key_of(files)
    accepted = [f"bit {bit} of {name}" for bit in bits
                if refusal_of({**files, name: flipped(files[name], bit)}, pinned) is None]
    return len(bits), accepted


def key_of(files):
    return verify.parse_key_file(files["key"])


def damages():
    """Names of changes, and how each changes the files."""
    files = log_of_a_thousand()
    chance = random.Random(2018)
    for name, data in files.items():
        # What an earlier size left behind may go.
        if name not in left_behind():
            yield f"{name} deleted", {name: None}
        lengths = range(len(data)) if len(data) <= SHORT else (chance.randrange(len(data)) for _ in range(SHORT))
        for length in lengths:
            yield f"{name} cut to {length}", {name: data[:length]}
        for more in (b"\n", data):
            yield f"{name} longer by {len(more)}", {name: data + more}
    for one, other in itertools.combinations(files, 2):
        if files[one] != files[other]:
            yield f"{one} and {other} exchanged", {one: files[other], other: files[one]}
    for name in ("stray", "tile/0/009", "history/999", "places/000.p/3", "tile/9/000"):
        yield f"{name} added", {name: bytes(32)}
    for name in files:
        if name.startswith("tile/entries/"):
            entries = list(map(make.text, verify.split_entries(files[name], None)))
            for at in range(len(entries) - 1):
                one, other = entries[at], entries[at + 1]
                for words, middle in (("swapped", [other, one]), ("repeated", [one, one]), ("inserted", [one, one, other])):
                    yield f"{name}, entry {at} {words}", {name: b"".join(entries[:at] + middle + entries[at + 2 :])}


def try_damages(portion):
    files, tried, accepted = log_of_a_thousand(), 0, []
    pinned = key_of(files)
    for name, change in portion:
        changed = {each: data for each, data in {**files, **change}.items() if data is not None}
        tried += 1
        if refusal_of(changed, pinned) is None and not is_called_uncounted(changed, pinned):
            accepted.append(name)
    return tried, accepted


def is_called_uncounted(files, pinned):
    """Of a log whose signed count is gone it is said that it is right so far, and not that it is counted."""
    return "tally" not in files and verify.check_log(InMemory(files), pinned)[-1] == "OK SO FAR"


def in_portions(items, size=64):
    items = iter(items)
    while portion := list(itertools.islice(items, size)):
        yield portion


def forks(number):
    """Logs of the same name in which one batch is another one."""
    log = make.wide_log(1000, BATCH, places=True)
    for fork in range(number):
        changed = fork % len(log.batches)
        made = make.ballots(log.campaign, f"fork {fork}", [("110000", "anonymous", BATCH)])
        yield log, changed, [made if at == changed else batch for at, batch in enumerate(log.batches)]


def try_fork(numbered):
    """One history signed twice by the same key, against every kept checkpoint; and signed by another key."""
    log, changed, batches = numbered
    kept = {size: log.checkpoint(size) for size in log.sizes}
    fork = make.Log(log.campaign, batches).files()
    accepted = [] if refusal_of(fork) is None else ["a fork that is no log of its own is no trial"]
    tried = 0
    for size in log.sizes[changed:]:
        tried += 1
        if not refused_against(fork, kept[size]):
            accepted.append(f"batch {changed} replaced, against the checkpoint of size {size}")
    stranger = make.Log(log.campaign.signed_by(make.OTHER_SEED), batches).files()
    if refusal_of(stranger, verify.parse_key(log.campaign.key)) is None:
        accepted.append("signed by another key")
    return tried + 1, accepted


def refused_against(files, kept):
    source = InMemory(files)
    log = verify.read_head(source, None)
    try:
        verify.check_consistency(source, log, verify.parse_checkpoint(kept, log.key), "kept")
    except verify.Refused:
        return True
    return False


class Mutations(unittest.TestCase):
    def prove(self, claim, attempt, portions):
        tried, accepted = 0, []
        if FULL:
            with multiprocessing.get_context("fork").Pool(initializer=remember_pure_functions) as pool:
                for portion_tried, portion_accepted in pool.imap_unordered(attempt, portions):
                    tried, accepted = tried + portion_tried, accepted + portion_accepted
                    if sys.stderr.isatty():
                        print(f"\r{claim}: {tried:,}  ", end="", file=sys.stderr, flush=True)
        else:
            for portion_tried, portion_accepted in map(attempt, portions):
                tried, accepted = tried + portion_tried, accepted + portion_accepted
        if FULL:
            print(f"\nPROOF | {claim} | {tried} | {len(accepted)}", flush=True)
        self.assertGreater(tried, 0)
        self.assertEqual(accepted[:10], [])

    def setUp(self):
        self.assertIsNone(refusal_of(log_of_a_thousand()))

    def test_a_flipped_bit_is_refused(self):
        step = sized(sum(bits for _, bits in all_bits()) // 40 | 1, 1)
        with signatures_remembered():
            self.prove("verify.py refuses a log of 1,000 ballots with any single bit flipped", try_bits, portions(step))

    def test_a_damaged_file_is_refused(self):
        changes = itertools.islice(damages(), 0, None, sized(701, 1))
        with signatures_remembered():
            self.prove("verify.py refuses a log of 1,000 ballots with a file deleted, cut, lengthened, exchanged or added, "
                       "or an entry swapped or repeated", try_damages, in_portions(changes))

    def test_a_fork_is_refused(self):
        self.prove("verify.py refuses another history of 1,000 ballots, signed by the same key against a kept checkpoint, or "
                   "by another key", try_fork, forks(sized(1, 400)))


if __name__ == "__main__":
    unittest.main()
