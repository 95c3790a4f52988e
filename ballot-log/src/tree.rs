//! The Merkle tree of RFC 6962, section 2.1: hashes, roots, proofs.

use sha2::{Digest, Sha256};

/// A SHA-256 hash, 32 bytes.
pub type Hash = [u8; 32];

/// The leaf hash of an entry: SHA-256 of a zero byte and the entry.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The node hash over two subtrees: SHA-256 of the byte 1, the left hash and the right hash.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The right edge of a growing tree: the roots of its perfect subtrees, largest first. The edge is enough to add entries and to
/// compute the root, without the entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The edge of a tree whose perfect subtrees have these roots.
    #[must_use]
    pub const fn of(size: u64, peaks: Vec<Hash>) -> Self {
        Self { size, peaks }
    }

    /// Adds an entry by its leaf hash. Merges as many pairs of equal subtrees as the binary size has ones at its end.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// Number of entries so far.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the perfect subtrees so far, largest first.
    #[must_use]
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// The root of the tree so far.
    #[must_use]
    pub fn root(&self) -> Hash {
        fold(&self.peaks)
    }
}

/// The root of a tree, from the roots of its perfect subtrees, largest first.
#[must_use]
pub fn fold(peaks: &[Hash]) -> Hash {
    let mut peaks = peaks.iter().rev().copied();
    let Some(last) = peaks.next() else {
        return Sha256::digest([]).into();
    };
    peaks.fold(last, |right, left| node_hash(&left, &right))
}

/// The perfect subtrees of a tree, largest first: height and number among those of its height.
pub fn peaks(size: u64) -> impl Iterator<Item = (u32, u64)> {
    (0..u64::BITS).rev().filter(move |height| size >> height & 1 == 1).map(move |height| (height, (size >> height) - 1))
}

/// The ranges of entries whose subtree hashes are the inclusion proof of an entry, from the leaf upwards (RFC 6962, section
/// 2.1.1).
#[must_use]
pub fn path(index: u64, size: u64) -> Vec<(u64, u64)> {
    let (mut low, mut high) = (0, size);
    let mut siblings = Vec::new();
    while high - low > 1 {
        let split = low + (high - low).next_power_of_two() / 2;
        if index < split {
            siblings.push((split, high));
            high = split;
        } else {
            siblings.push((low, split));
            low = split;
        }
    }
    siblings.reverse();
    siblings
}

/// The root that an inclusion proof leads to; none where the proof has the wrong length for this index.
#[must_use]
pub fn root_of_proof(leaf: Hash, index: u64, size: u64, proof: &[Hash]) -> Option<Hash> {
    let ranges = path(index, size);
    if index >= size || ranges.len() != proof.len() {
        return None;
    }
    let step = |hash: Hash, ((low, _), sibling): (&(u64, u64), &Hash)| {
        if *low > index { node_hash(&hash, sibling) } else { node_hash(sibling, &hash) }
    };
    Some(ranges.iter().zip(proof).fold(leaf, step))
}

/// The ranges of entries whose subtree hashes are the consistency proof from the first `old` entries (RFC 6962, section 2.1.2).
/// Empty where `old` is zero or all entries.
#[must_use]
pub fn growth(old: u64, size: u64) -> Vec<(u64, u64)> {
    if old == 0 || old >= size {
        return Vec::new();
    }
    let (mut low, mut high) = (0, size);
    let mut ranges = Vec::new();
    while old != high {
        let split = low + (high - low).next_power_of_two() / 2;
        if old <= split {
            ranges.push((split, high));
            high = split;
        } else {
            ranges.push((low, split));
            low = split;
        }
    }
    // Where the old tree is a subtree by itself, its root is known already.
    if low > 0 {
        ranges.push((low, high));
    }
    ranges.reverse();
    ranges
}

/// Whether a consistency proof shows that the first `old` entries of the tree with this size and root have the old root.
#[must_use]
pub fn has_grown(old: u64, old_root: &Hash, size: u64, root: &Hash, proof: &[Hash]) -> bool {
    let ranges = growth(old, size);
    if old > size || ranges.len() != proof.len() {
        return false;
    }
    if old == 0 {
        return *old_root == fold(&[]) && (size > 0 || root == old_root);
    }
    let mut steps = ranges.iter().zip(proof).peekable();
    let first = steps.next_if(|((_, high), _)| *high == old).map_or(*old_root, |(_, hash)| *hash);
    let (before, after) = steps.fold((first, first), |(before, after), ((low, _), hash)| {
        if *low >= old {
            (before, node_hash(&after, hash))
        } else {
            (node_hash(hash, &before), node_hash(hash, &after))
        }
    });
    before == *old_root && after == *root
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, word for word.
    fn definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node_hash(&definition(left), &definition(right))
            }
        }
    }

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    /// The definition of section 2.1.2, word for word.
    fn subproof(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
        let size = leaves.len();
        if old == size {
            return if whole { Vec::new() } else { vec![definition(leaves)] };
        }
        let split = size.next_power_of_two() / 2;
        let (left, right) = leaves.split_at(split);
        if old <= split {
            let mut proof = subproof(old, left, whole);
            proof.push(definition(right));
            proof
        } else {
            let mut proof = subproof(old - split, right, false);
            proof.push(definition(left));
            proof
        }
    }

    #[test]
    fn every_beginning_of_a_small_tree_is_proven_as_the_definition_does_and_nothing_else_is() {
        for size in 1..40 {
            let leaves = leaves(size);
            let root = definition(&leaves);
            for old in 1..=size {
                let proof = subproof(old, &leaves, true);
                let ranges = growth(old as u64, size as u64);
                let same: Vec<Hash> =
                    ranges.iter().map(|(low, high)| definition(&leaves[*low as usize..*high as usize])).collect();
                assert_eq!(same, proof, "{old} of {size}");
                let old_root = definition(&leaves[..old]);
                let shown = |old: usize, old_root: &Hash, root: &Hash, proof: &[Hash]| {
                    has_grown(old as u64, old_root, size as u64, root, proof)
                };
                assert!(shown(old, &old_root, &root, &proof), "{old} of {size}");
                assert!(!shown(old, &[9; 32], &root, &proof) && !shown(old, &old_root, &[9; 32], &proof));
                assert!(!shown(old, &old_root, &root, &[&proof[..], &[[9; 32]]].concat()));
                for other in (0..=size + 1).filter(|other| *other != old) {
                    assert!(!shown(other, &old_root, &root, &proof), "{old} is not {other} of {size}");
                }
                for at in 0..proof.len() {
                    let mut wrong = proof.clone();
                    wrong[at][3] ^= 4;
                    assert!(!shown(old, &old_root, &root, &wrong), "{old} of {size}, hash {at}");
                    wrong.remove(at);
                    assert!(!shown(old, &old_root, &root, &wrong));
                }
            }
        }
        assert!(
            has_grown(0, &definition(&[]), 5, &[1; 32], &[])
                && has_grown(0, &definition(&[]), 0, &definition(&[]), &[])
        );
        assert!(!has_grown(0, &[0; 32], 5, &[1; 32], &[]) && !has_grown(0, &definition(&[]), 0, &[1; 32], &[]));
    }

    #[test]
    fn the_known_answers_of_certificate_transparency() {
        let inputs =
            ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        let mut edge = Frontier::default();
        let roots: Vec<String> = inputs
            .iter()
            .map(|input| {
                edge.push(leaf_hash(&hex::decode(input).unwrap()));
                hex::encode(edge.root())
            })
            .collect();
        assert_eq!(roots[0], "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assert_eq!(roots[6], "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c");
        assert_eq!(roots[7], "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    proptest! {
        #[test]
        fn an_edge_that_grows_has_the_root_of_the_definition(count in 0usize..600) {
            let leaves = leaves(count);
            let mut edge = Frontier::default();
            leaves.iter().for_each(|leaf| edge.push(*leaf));
            prop_assert_eq!(edge.root(), definition(&leaves));
            prop_assert_eq!(peaks(count as u64).count(), edge.peaks.len());
        }

        #[test]
        fn every_entry_is_proven_and_no_other_in_its_place(count in 1usize..300, at in any::<prop::sample::Index>(), flip in 0usize..256) {
            let leaves = leaves(count);
            let index = at.index(count);
            let ranges = path(index as u64, count as u64);
            let proof: Vec<Hash> =
                ranges.iter().map(|(low, high)| definition(&leaves[*low as usize..*high as usize])).collect();
            let root = Some(definition(&leaves));
            prop_assert_eq!(root_of_proof(leaves[index], index as u64, count as u64, &proof), root);
            let mut wrong = leaves[index];
            wrong[flip / 8] ^= 1 << (flip % 8);
            prop_assert_ne!(root_of_proof(wrong, index as u64, count as u64, &proof), root);
            for other in 0..count {
                if other != index {
                    prop_assert_ne!(root_of_proof(leaves[index], other as u64, count as u64, &proof), root);
                }
            }
        }
    }
}
