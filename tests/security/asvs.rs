//! The requirements of OWASP ASVS 5.0 at levels 1 and 2. For each requirement, `docs/security/asvs.csv` says whether it is met,
//! and which test or document shows that. `docs/security/asvs.md` is the same table for readers; `SHUDU_WRITE=1` writes that file
//! anew.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{read, root};

const DATA: &str = "docs/security/asvs.csv";
const TABLE: &str = "docs/security/asvs.md";
/// File with the identifiers and levels of the standard, one section a line.
const IDS: &str = "docs/security/asvs.ids";

const CHAPTERS: [&str; 17] = [
    "Encoding and sanitising",
    "Validation and business logic",
    "Browsers",
    "Interfaces",
    "Files",
    "Authentication",
    "Sessions",
    "Authorisation",
    "Self-contained tokens",
    "OAuth and OIDC",
    "Cryptography",
    "Transport",
    "Configuration",
    "Data",
    "Code and architecture",
    "Logs and errors",
    "WebRTC",
];

#[derive(Deserialize)]
struct Row {
    id: String,
    level: u8,
    state: String,
    essence: String,
    r#where: String,
    note: String,
}

impl Row {
    fn places(&self) -> impl Iterator<Item = &str> {
        self.r#where.split("; ").filter(|place| !place.is_empty())
    }
}

fn rows() -> Vec<Row> {
    csv::Reader::from_path(root().join(DATA)).unwrap().deserialize().map(Result::unwrap).collect()
}

/// Levels of the requirements that the standard has at levels 1 and 2, by identifier.
fn asked() -> BTreeMap<String, u8> {
    let mut asked = BTreeMap::new();
    for line in read(IDS).lines() {
        let mut words = line.split_whitespace();
        let section = words.next().unwrap();
        let mut level = 0;
        for word in words {
            match word {
                "L1:" => level = 1,
                "L2:" => level = 2,
                number => drop(asked.insert(format!("{section}.{number}"), level)),
            }
        }
    }
    asked
}

#[test]
fn every_requirement_has_one_row() {
    let asked = asked();
    assert_eq!(asked.len(), 70 + 183, "what the standard asks for");
    let mut seen = BTreeSet::new();
    for row in rows() {
        assert_eq!(asked.get(&row.id), Some(&row.level), "{} is in the standard at this level", row.id);
        assert!(seen.insert(row.id.clone()), "{} has two rows", row.id);
    }
    let missing: Vec<_> = asked.keys().filter(|id| !seen.contains(*id)).collect();
    assert!(missing.is_empty(), "no row: {missing:?}");
}

#[test]
fn every_row_says_what_shows_it() {
    let mut wrong = Vec::new();
    for row in rows() {
        let told = match row.state.as_str() {
            "yes" => row.places().next().is_some(),
            "na" | "gap" => !row.note.is_empty(),
            _ => false,
        };
        if !told || row.essence.is_empty() {
            wrong.push(format!("{}: {} says too little", row.id, row.state));
        }
        wrong.extend(row.places().filter_map(|place| Some(format!("{}: {}", row.id, absent(place)?))));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Reason why a named place does not exist; none where the place exists. A place is `file::test`, `file#Section` or `file`.
fn absent(place: &str) -> Option<String> {
    let (file, within) = place.split_once("::").or_else(|| place.split_once('#')).unwrap_or((place, ""));
    if !root().join(file).exists() {
        return Some(format!("{file} is not there"));
    }
    if within.is_empty() {
        return None;
    }
    let text = read(file);
    let is_there = if place.contains("::") {
        match file.rsplit_once('.').map(|(_, ending)| ending) {
            Some("rs") => text.contains(&format!("fn {within}(")),
            Some("py") => text.contains(&format!("def {within}(")),
            _ => text.contains(&format!("\"{within}\"")),
        }
    } else {
        text.lines().any(|line| line.starts_with('#') && line.trim_start_matches('#').trim() == within)
    };
    (!is_there).then(|| format!("{file} holds no {within}"))
}

#[test]
fn the_table_for_readers_is_the_data() {
    let table = table(&rows());
    println!("{}", counts(&rows()));
    if std::env::var_os("SHUDU_WRITE").is_some() {
        std::fs::write(root().join(TABLE), &table).unwrap();
    }
    assert!(
        read(TABLE) == table,
        "{TABLE} is not what {DATA} says: SHUDU_WRITE=1 cargo test --test rules security writes it"
    );
}

fn counts(rows: &[Row]) -> String {
    let count = |of: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| of(row)).count();
    let (hold, gaps) = (count(&|row| row.state == "yes"), count(&|row| row.state == "gap"));
    let not = count(&|row| row.state == "na");
    format!("{} requirements: {hold} hold, {not} do not apply, {gaps} gaps", rows.len())
}

fn table(rows: &[Row]) -> String {
    let mut out = format!(
        "# OWASP ASVS 5.0, levels 1 and 2\n\n\
         Made from [asvs.csv](asvs.csv) by `tests/security`, which looks for every test and section that is named here. Identifiers\n\
         and levels are those of the [OWASP Application Security Verification Standard 5.0.0](https://github.com/OWASP/ASVS)\n\
         (CC BY-SA 4.0); the essence is told in our words, the standard has the full ones.\n\n{}.\n",
        counts(rows)
    );
    let mut chapter = "";
    for row in rows {
        let of = row.id.split('.').next().unwrap();
        if of != chapter {
            chapter = of;
            let name = CHAPTERS[of.parse::<usize>().unwrap() - 1];
            out.push_str(&format!(
                "\n## {of}. {name}\n\n| id | level | essence | state | shown by |\n| --- | --- | --- | --- | --- |\n"
            ));
        }
        let state = match row.state.as_str() {
            "yes" => "holds".to_owned(),
            "na" => "does not apply".to_owned(),
            _ => "**gap**".to_owned(),
        };
        let mut shown: Vec<String> = row.places().map(|place| format!("`{place}`")).collect();
        shown.extend(Some(row.note.clone()).filter(|note| !note.is_empty()));
        out.push_str(&format!("| {} | {} | {} | {state} | {} |\n", row.id, row.level, row.essence, shown.join("<br>")));
    }
    out
}
