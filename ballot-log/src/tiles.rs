//! Tiles (C2SP tlog-tiles): the tree in files of 256 hashes. So the tree grows and gives proofs without being in memory.
//!
//! A tile of level `L` holds hashes of the tree at height `8 L`. All functions here read tiles through a closure. The closure
//! receives the level, the number and the width of a tile in a tree of a certain size.

use super::tree::{self, fold, growth, node_hash, path, peaks};

/// Hashes of a full tile, and entries of a full bundle.
pub const WIDTH: u64 = 256;
/// Number of tree heights that one level spans.
const SPAN: u32 = 8;

/// One tile of a tree of a certain size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Level of the tile; level 0 holds the leaf hashes.
    pub level: u32,
    /// Number of the tile among those of its level, from 0.
    pub number: u64,
    /// Number of hashes in the tile, 1 to 256.
    pub width: u64,
}

impl Tile {
    /// The tile of this level and number in a tree of this size; none where the tree has no such tile.
    #[must_use]
    pub fn of(size: u64, level: u32, number: u64) -> Option<Self> {
        let hashes = size.checked_shr(level * SPAN).unwrap_or(0);
        let width = hashes.saturating_sub(number * WIDTH).min(WIDTH);
        (width > 0).then_some(Self { level, number, width })
    }

    /// Path of the tile below the log's folder.
    #[must_use]
    pub fn path(&self) -> String {
        format!("tile/{}/{}", self.level, numbered(self.number, self.width))
    }
}

/// The path of a bundle or tile: `x001/x234/067`, with `.p/W` for a partial one.
#[must_use]
pub fn numbered(number: u64, width: u64) -> String {
    let mut path = format!("{:03}", number % 1000);
    let mut rest = number / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    if width < WIDTH { format!("{path}.p/{width}") } else { path }
}

/// Bundles, or tiles of level 0, that the entries `from..to` touch: number and width in a tree of size `to`.
pub fn touched(from: u64, to: u64) -> impl Iterator<Item = (u64, u64)> {
    (from / WIDTH..to.div_ceil(WIDTH)).map(move |number| (number, (to - number * WIDTH).min(WIDTH)))
}

/// Error for a tile whose length does not fit its tree, or for a subtree that the tree does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Damaged(pub String);

/// A tree of a certain size, read from tiles.
pub struct Tiles<R> {
    size: u64,
    read: R,
}

impl<R: Fn(Tile) -> Result<Vec<u8>, E>, E: From<Damaged>> Tiles<R> {
    /// The tree of this size; `read` gives the bytes of a tile.
    pub const fn new(size: u64, read: R) -> Self {
        Self { size, read }
    }

    /// The bytes of a tile.
    ///
    /// # Errors
    /// A tile that is missing.
    pub fn bytes(&self, tile: Tile) -> Result<Vec<u8>, E> {
        (self.read)(tile)
    }

    /// The hashes of a tile.
    ///
    /// # Errors
    /// A tile that is missing or has another length.
    pub fn tile(&self, tile: Tile) -> Result<Vec<tree::Hash>, E> {
        let bytes = self.bytes(tile)?;
        let (hashes, rest) = bytes.as_chunks::<32>();
        if hashes.len() as u64 != tile.width || !rest.is_empty() {
            return Err(Damaged(format!("{} has {} bytes", tile.path(), bytes.len())).into());
        }
        Ok(hashes.to_vec())
    }

    /// The root of the perfect subtree of this height with this number.
    ///
    /// # Errors
    /// A tile that is missing or has another length; a subtree that the tree does not have.
    pub fn subtree(&self, height: u32, number: u64) -> Result<tree::Hash, E> {
        let level = height / SPAN;
        let wide = 1 << (height % SPAN);
        let first = number * wide;
        let tile = Tile::of(self.size, level, first / WIDTH);
        let hashes = self.tile(tile.ok_or_else(|| Damaged("no such subtree".to_owned()))?)?;
        let at = usize::try_from(first % WIDTH).unwrap_or(usize::MAX);
        let part = hashes.get(at..at + usize::try_from(wide).unwrap_or(usize::MAX));
        Ok(perfect(part.ok_or_else(|| Damaged("no such subtree".to_owned()))?))
    }

    /// The roots of the tree's perfect subtrees, largest first.
    ///
    /// # Errors
    /// As [`Tiles::subtree`].
    pub fn peaks(&self) -> Result<Vec<tree::Hash>, E> {
        peaks(self.size).map(|(height, number)| self.subtree(height, number)).collect()
    }

    /// The root of the tree.
    ///
    /// # Errors
    /// As [`Tiles::subtree`].
    pub fn root(&self) -> Result<tree::Hash, E> {
        Ok(fold(&self.peaks()?))
    }

    /// The Merkle inclusion proof of an entry, from the leaf upwards.
    ///
    /// # Errors
    /// As [`Tiles::subtree`].
    pub fn proof(&self, index: u64) -> Result<Vec<tree::Hash>, E> {
        path(index, self.size).into_iter().map(|(low, high)| self.range(low, high)).collect()
    }

    /// The Merkle consistency proof from the tree of the first `old` entries to this tree.
    ///
    /// # Errors
    /// As [`Tiles::subtree`].
    pub fn growth(&self, old: u64) -> Result<Vec<tree::Hash>, E> {
        growth(old, self.size).into_iter().map(|(low, high)| self.range(low, high)).collect()
    }

    /// The hash over entries `low..high`: one subtree of the tree, perfect or at its right edge.
    fn range(&self, low: u64, high: u64) -> Result<tree::Hash, E> {
        let mut at = low;
        let roots: Result<Vec<tree::Hash>, E> = peaks(high - low)
            .map(|(height, _)| {
                let hash = self.subtree(height, at >> height);
                at += 1 << height;
                hash
            })
            .collect();
        Ok(fold(&roots?))
    }

    /// The tiles that change or appear when leaves are added: all tiles that have to be written, lowest level first.
    ///
    /// # Errors
    /// As [`Tiles::tile`], for the partial tiles at the right edge.
    pub fn grow(&self, leaves: &[tree::Hash]) -> Result<Vec<(Tile, Vec<tree::Hash>)>, E> {
        let size = self.size + leaves.len() as u64;
        let mut grown = Vec::new();
        let mut new = leaves.to_vec();
        for level in 0.. {
            let before = self.size.checked_shr(level * SPAN).unwrap_or(0);
            if new.is_empty() {
                break;
            }
            let mut hashes = match Tile::of(self.size, level, before / WIDTH) {
                Some(edge) if !before.is_multiple_of(WIDTH) => self.tile(edge)?,
                _ => Vec::new(),
            };
            hashes.append(&mut new);
            for (tile, chunk) in (before / WIDTH..).zip(hashes.chunks(256)) {
                let tile = Tile::of(size, level, tile).ok_or_else(|| Damaged("grown too far".to_owned()))?;
                if tile.width == WIDTH {
                    new.push(perfect(chunk));
                }
                grown.push((tile, chunk.to_vec()));
            }
        }
        Ok(grown)
    }
}

/// The root over hashes whose number is a power of two.
fn perfect(hashes: &[tree::Hash]) -> tree::Hash {
    match hashes {
        [] => [0; 32],
        [hash] => *hash,
        _ => {
            let (left, right) = hashes.split_at(hashes.len() / 2);
            node_hash(&perfect(left), &perfect(right))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Frontier, has_grown, leaf_hash, root_of_proof};
    use proptest::prelude::*;
    use std::cell::RefCell;
    use std::collections::HashMap;

    #[test]
    fn paths_are_those_of_the_format() {
        let tile = |size, level, number| Tile::of(size, level, number).map(|t| t.path());
        assert_eq!(tile(70_000, 0, 273).unwrap(), "tile/0/273.p/112");
        assert_eq!(tile(70_000, 1, 1).unwrap(), "tile/1/001.p/17");
        assert_eq!(tile(70_000, 2, 0).unwrap(), "tile/2/000.p/1");
        assert_eq!(tile(70_000, 3, 0), None);
        assert_eq!(numbered(1_234_067, WIDTH), "x001/x234/067");
        assert_eq!(touched(200, 600).collect::<Vec<_>>(), [(0, 256), (1, 256), (2, 88)]);
        assert_eq!(touched(256, 256).count(), 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn a_tree_in_tiles_grows_and_proves_as_the_definition_does(batches in prop::collection::vec(1usize..900, 1..5), far in any::<bool>()) {
            let files = RefCell::new(HashMap::new());
            let read = |tile: Tile| files.borrow().get(&tile.path()).cloned().ok_or_else(|| Damaged(tile.path()));
            let (mut edge, mut leaves) = (Frontier::default(), Vec::new());
            let mut roots = vec![(0, edge.root())];
            for count in batches {
                let count = if far { count * 90 } else { count };
                let new: Vec<tree::Hash> = (0..count).map(|n| leaf_hash(&(leaves.len() + n).to_be_bytes())).collect();
                let tree = Tiles::new(leaves.len() as u64, read);
                for (tile, hashes) in tree.grow(&new).unwrap() {
                    files.borrow_mut().insert(tile.path(), hashes.concat());
                }
                new.iter().for_each(|leaf| edge.push(*leaf));
                leaves.extend(new);
                let size = leaves.len() as u64;
                let tree = Tiles::new(size, read);
                prop_assert_eq!(tree.root().unwrap(), edge.root());
                prop_assert_eq!(Frontier::of(size, tree.peaks().unwrap()), edge.clone());
                for (old, root) in &roots {
                    let proof = tree.growth(*old).unwrap();
                    prop_assert!(has_grown(*old, root, size, &edge.root(), &proof), "{} of {}", old, size);
                }
                roots.push((size, edge.root()));
                for index in [0, size / 3, size / 2, size - 1] {
                    let proof = tree.proof(index).unwrap();
                    prop_assert_eq!(root_of_proof(leaves[index as usize], index, size, &proof), Some(edge.root()));
                }
            }
        }
    }
}
