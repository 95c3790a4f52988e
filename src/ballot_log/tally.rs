//! Text of the signed count, in the form of section 7 of `docs/ballot-log.md`.

use public_log::note::{Checkpoint, Verifier};

use crate::ballot_log::counts::Counts;

const KIND: &str = "shudu/tally/1";

/// Writes the text of a count.
pub(super) fn text(checkpoint: &Checkpoint, counts: &Counts, invalidated: i64) -> String {
    let counted: i64 = counts.iter().filter(|((option, ..), _)| option.is_empty()).map(|(_, n)| n).sum();
    let included = counted + invalidated;
    let mut text = format!("{KIND}\n{}included {included}\ninvalidated {invalidated}\n", checkpoint.text());
    for ((option, province, track), n) in counts {
        let option = if option.is_empty() { "-" } else { option };
        text.push_str(&format!("{option} {province} {track} {n}\n"));
    }
    text
}

/// Reads the counts of a signed note; none where the signer did not sign the note, or where a line is malformed.
pub(super) fn read(note: &[u8], signer: &Verifier) -> Option<Counts> {
    let mut lines = signer.open(std::str::from_utf8(note).ok()?)?.split_terminator('\n');
    if lines.next()? != KIND {
        return None;
    }
    // Name, size, root, included and invalidated are skipped: they follow from the rows and the checkpoint.
    let rows = lines.skip(5).map(|line| {
        let mut words = line.split(' ');
        let (option, province, track) = (words.next()?, words.next()?, words.next()?.parse().ok()?);
        let n = words.next()?.parse().ok()?;
        let option = if option == "-" { "" } else { option };
        Some(((option.to_owned(), province.to_owned(), track), n))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::keys::Key;
    use entity::stored::Track;
    use public_log::note::Signer;

    #[test]
    fn what_is_written_is_read_again_and_what_another_key_signed_is_not() {
        let counts: Counts = [
            ((String::new(), "320000".to_owned(), Track::Anonymous), 12),
            (("S1-01".to_owned(), "merged".to_owned(), Track::RealName), 7),
        ]
        .into();
        let checkpoint = Checkpoint { origin: "here/log/s1".to_owned(), size: 12, root: [7; 32] };
        let (signer, other) = ([Key::ephemeral().unwrap(), Key::ephemeral().unwrap()])
            .map(|k| Signer::new("here/log/s1", k.ed25519()))
            .into();
        let note = signer.sign(&text(&checkpoint, &counts, 0));
        assert_eq!(read(note.as_bytes(), &signer.verifier()), Some(counts));
        assert_eq!(read(note.as_bytes(), &other.verifier()), None);
        assert_eq!(read(note.replace(" 12\n", " 13\n").as_bytes(), &signer.verifier()), None);
    }
}
