//! The rules of the architecture, checked against the source: dependencies point down the layers, and each kind of file keeps to
//! its own work.

mod arrows;
mod commands;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Names of the crates for HTTP and templates, which only faces may use ([`is_face`]).
const WEB: [&str; 3] = ["poem::", "poem_openapi::", "askama::"];

struct Source {
    path: PathBuf,
    /// Path below `src`.
    inner: PathBuf,
    slice: String,
    file: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let inner = path.strip_prefix(&root).unwrap();
                let mut parts = inner.iter().map(|p| p.to_string_lossy().into_owned());
                let slice = parts.next().unwrap();
                let file = parts.next().unwrap_or_default();
                let (inner, text) = (inner.to_owned(), std::fs::read_to_string(&path).unwrap());
                found.push(Source { slice, file, text, inner, path });
            }
        }
    }
    assert!(found.len() > 50, "the source was found");
    found
}

/// Lines of code of a file with their numbers from 0, without comments and without the unit tests below the code.
fn code(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    source
        .text
        .split("#[cfg(test)]")
        .next()
        .unwrap()
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Folders of the slices: the layers from `retention` down to `audit`.
fn slices() -> BTreeSet<String> {
    let layers: Vec<String> = layers().into_iter().flatten().collect();
    let at = |name: &str| layers.iter().position(|layer| layer == name).unwrap();
    layers[at("retention")..=at("audit")].iter().cloned().collect()
}

/// Whether a file is a face: a page, the API, or code between a request and them.
fn is_face(source: &Source) -> bool {
    matches!(source.slice.as_str(), "web" | "edge" | "router.rs" | "server.rs") || is_face_file(&source.file)
}

fn is_face_file(file: &str) -> bool {
    ["api", "pages", "extract.rs", "nav.rs"]
        .iter()
        .any(|face| file == *face || file == format!("{face}.rs") || file.ends_with("_api.rs"))
}

fn complain(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn only_faces_speak_http_and_templates() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|s| !is_face(s) && s.slice != "main.rs") {
        for (line, text) in code(source) {
            // Enumerations appear in the API as they are. That is the one exception.
            let derived = text.contains("poem_openapi::Enum");
            if !derived && WEB.iter().any(|name| text.contains(name)) {
                wrong.push(format!("{}:{}: {}", source.path.display(), line + 1, text.trim()));
            }
        }
    }
    complain(wrong);
}

#[test]
fn faces_write_through_commands() {
    let slices = slices();
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|s| slices.contains(&s.slice) && is_face_file(&s.file)) {
        for (line, text) in code(source) {
            if ["ActiveModel", "insert_many", "update_many", "delete_many"].iter().any(|name| text.contains(name)) {
                wrong.push(format!("{}:{}: {}", source.path.display(), line + 1, text.trim()));
            }
        }
    }
    complain(wrong);
}

/// Figures of past days show the present names of places, teams and words, and count by the present team of a province. That is
/// right only because the product fills these tables once, in an empty store. A change that makes such rows editable has to date
/// them first, as the arrangements of working days are dated.
#[test]
fn nothing_edits_places_teams_or_words() {
    let tables = ["place", "team", "term"];
    let acts = ["ActiveModel", "Entity::insert", "Entity::update", "Entity::delete"];
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|s| !(s.slice == "programme" && s.file == "reference.rs")) {
        for (line, text) in code(source) {
            let mut names = tables.iter().flat_map(|table| acts.map(|act| format!("{table}::{act}")));
            let whole = |name: &String| {
                text.match_indices(name.as_str())
                    .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
            };
            if names.any(|name| whole(&name)) {
                wrong.push(format!("{}:{}: {}", source.path.display(), line + 1, text.trim()));
            }
        }
    }
    complain(wrong);
}

#[test]
fn rules_wait_for_nothing() {
    let rules = [
        "calendar.rs",
        "checks.rs",
        "draft.rs",
        "effects.rs",
        "halt.rs",
        "milestones.rs",
        "level.rs",
        "options",
        "phase.rs",
        "questionnaire.rs",
        "ranking.rs",
        "workflow.rs",
        "deadline.rs",
        "figures.rs",
        "leaf.rs",
        "seal.rs",
        "person.rs",
        "resident.rs",
        "option_order.rs",
        "steps.rs",
    ];
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|s| s.slice != "cli" && rules.contains(&s.file.as_str())) {
        for (line, text) in code(source) {
            if text.contains("async ") || text.contains("sea_orm") {
                wrong.push(format!("{}:{}: {}", source.path.display(), line + 1, text.trim()));
            }
        }
    }
    complain(wrong);
}

/// A name that many types share says little. A reader who meets the fourth `Step` opens four files.
#[test]
fn no_type_name_is_given_more_than_three_times() {
    let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in &sources() {
        for item in syn::parse_file(&source.text).unwrap().items {
            let name = match item {
                syn::Item::Struct(item) => item.ident,
                syn::Item::Enum(item) => item.ident,
                _ => continue,
            };
            named.entry(name.to_string()).or_default().push(source.path.display().to_string());
        }
    }
    let many = named.into_iter().filter(|(_, files)| files.len() > 3);
    complain(many.map(|(name, files)| format!("{name}: {}", files.join(", "))).collect());
}

/// A file of tests that no `mod` names is not compiled, and nothing says so.
#[test]
fn every_file_of_tests_is_named_by_a_module() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let (mut files, mut folders) = (BTreeSet::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() && !path.ends_with("node_modules") {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.insert(path);
            }
        }
    }
    let is_root = |path: &Path| path.parent() == Some(&root) || path.ends_with("main.rs");
    let mut named = BTreeSet::new();
    for file in &files {
        let own = is_root(file) || file.ends_with("mod.rs");
        let inside = if own { file.parent().unwrap().to_owned() } else { file.with_extension("") };
        for line in std::fs::read_to_string(file).unwrap().lines() {
            if let Some((_, name)) = line.trim().strip_suffix(';').and_then(|line| line.split_once("mod ")) {
                named.extend([inside.join(format!("{name}.rs")), inside.join(name).join("mod.rs")]);
            }
        }
    }
    let lost = files.iter().filter(|file| !is_root(file) && !named.contains(*file));
    complain(lost.map(|file| format!("{}: no mod names it", file.display())).collect());
}

#[test]
fn no_file_is_too_long_to_be_understood() {
    let long =
        sources().iter().filter(|s| s.text.lines().count() > 400).map(|s| s.path.display().to_string()).collect();
    complain(long);
}

#[test]
fn no_circle_between_folders_and_none_over_three_files_within_one() {
    let mut wrong = Vec::new();
    let arrows = arrows::read();
    for circle in arrows.circles() {
        let folders: BTreeSet<String> = circle.iter().map(|file| arrows::folder(file)).collect();
        if folders.len() > 1 || circle.len() > 3 {
            wrong.push(format!("{} files in a circle:\n  {}", circle.len(), arrows.among(&circle).join("\n  ")));
        }
    }
    complain(wrong);
}

/// The layers as `docs/ARCHITECTURE.md` prints them, the uppermost first. Each line there is one layer of folders.
fn layers() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ARCHITECTURE.md")).unwrap();
    let block = text.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let names = |line: &str| line.split("  ").next().unwrap().split(", ").map(str::to_owned).collect();
    block.lines().map(names).collect()
}

/// Layer name of a file: its folder, or `faces` for the pages and the API of a slice.
fn layer_name(slices: &BTreeSet<String>, file: &str) -> String {
    let folder = arrows::folder(file);
    let inner = file.split('/').nth(1).unwrap_or_default();
    let is_slice = slices.contains(&folder) || folder == "log";
    if is_slice && is_face_file(inner) { "faces".to_owned() } else { folder }
}

#[test]
fn arrows_point_down_the_layers_that_the_documentation_prints() {
    let (layers, slices) = (layers(), slices());
    let height = |name: &str| layers.iter().rev().position(|layer| layer.iter().any(|other| other == name));
    let mut wrong = Vec::new();
    for (file, used) in &arrows::read().0 {
        let own = layer_name(&slices, file);
        if own == "lib" {
            continue;
        }
        let Some(high) = height(&own) else {
            wrong.push(format!(
                "src/{file}: {own} is no layer of docs/ARCHITECTURE.md; a new folder belongs into its list"
            ));
            continue;
        };
        for other in used {
            let name = layer_name(&slices, other);
            if name != own && height(&name).is_none_or(|low| low >= high) {
                wrong.push(format!("src/{file} ({own}) uses src/{other} ({name}), which is not below: move what is used down, or its user up"));
            }
        }
    }
    complain(wrong);
}
