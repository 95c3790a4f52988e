//! How a stranger checks a campaign: the page `/verify`, and the program in Python that it offers.

pub mod pages;

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// The verifier in Python, which shares no code with the product.
pub const PROGRAM: &str = include_str!("../../verify/verify.py");

/// SHA-256 of [`PROGRAM`], hexadecimal. `docs/verify.md` names the same.
pub static PROGRAM_HASH: LazyLock<String> = LazyLock::new(|| hex::encode(Sha256::digest(PROGRAM)));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_names_the_hash_of_the_program() {
        let document = include_str!("../../docs/verify.md");
        assert!(document.contains(PROGRAM_HASH.as_str()), "docs/verify.md: the program is {}", *PROGRAM_HASH);
    }
}
