//! The dependency graph of the source: for each file, the files that it uses. Every path in the code counts, with `use` trees
//! expanded; unit tests are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, UseTree};

/// Name of a module, by its path below the crate: `["tally", "pages", "desk"]`.
type Module = Vec<String>;

/// The arrows of the dependency graph: each file with the files that it uses. All paths are relative to `src`.
pub struct Arrows(pub BTreeMap<String, BTreeSet<String>>);

/// Reads the source of the library.
pub fn read() -> Arrows {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = BTreeMap::new();
    collect(&root, &root, &mut files);
    // The command line is a separate program on top of the library.
    files.retain(|module: &Module, _| module.first().is_none_or(|first| first != "cli" && first != "main"));
    let mut arrows = BTreeMap::new();
    for (module, file) in &files {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        let mut paths = Paths { own: module.clone(), found: Vec::new() };
        paths.visit_file(&syn::parse_file(&text).unwrap());
        let used = paths.found.iter().filter_map(|path| file_of(&files, path)).filter(|used| used != file);
        arrows.insert(file.clone(), used.collect::<BTreeSet<_>>());
    }
    assert!(arrows.len() > 300, "the source was found");
    Arrows(arrows)
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<Module, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let inner = path.strip_prefix(root).unwrap();
            let mut module: Module =
                inner.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
            if module.last().is_some_and(|last| last == "mod" || last == "lib") {
                module.pop();
            }
            files.insert(module, inner.to_string_lossy().into_owned());
        }
    }
}

/// The file of the innermost module on a path.
fn file_of(files: &BTreeMap<Module, String>, path: &[String]) -> Option<String> {
    (1..=path.len()).rev().find_map(|length| files.get(&path[..length]).cloned())
}

/// Collects the paths in one file, resolved from the root of the crate.
struct Paths {
    own: Module,
    found: Vec<Module>,
}

impl Paths {
    fn add(&mut self, path: &[String]) {
        let (mut resolved, mut rest) = match path.first().map(String::as_str) {
            Some("crate") => (Vec::new(), &path[1..]),
            Some("self") => (self.own.clone(), &path[1..]),
            Some("super") => (self.own.clone(), path),
            _ => return,
        };
        while rest.first().is_some_and(|part| part == "super") {
            resolved.pop();
            rest = &rest[1..];
        }
        resolved.extend_from_slice(rest);
        self.found.push(resolved);
    }

    fn expand(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: String| [before, &[name]].concat();
        match tree {
            UseTree::Path(path) => self.expand(&path.tree, &with(path.ident.to_string())),
            UseTree::Name(name) if name.ident == "self" => self.add(before),
            UseTree::Name(name) => self.add(&with(name.ident.to_string())),
            UseTree::Rename(name) => self.add(&with(name.ident.to_string())),
            UseTree::Glob(_) => self.add(before),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.expand(tree, before)),
        }
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}

impl Visit<'_> for Paths {
    fn visit_item(&mut self, item: &Item) {
        if let Item::Mod(module) = item
            && is_test(&module.attrs)
        {
            return;
        }
        visit::visit_item(self, item);
    }

    fn visit_item_use(&mut self, item: &ItemUse) {
        self.expand(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if names.len() > 1 {
            self.add(&names);
        }
        visit::visit_path(self, path);
    }
}

impl Arrows {
    /// Circles: sets of more than one file in which each file reaches every other (strongly connected components).
    pub fn circles(&self) -> Vec<Vec<String>> {
        let reached: BTreeMap<&String, BTreeSet<&String>> =
            self.0.keys().map(|start| (start, self.reached(start))).collect();
        let mut circles: BTreeSet<Vec<String>> = BTreeSet::new();
        for (start, those) in &reached {
            let mut circle: Vec<String> =
                those.iter().filter(|other| reached[**other].contains(*start)).map(|other| (*other).clone()).collect();
            circle.sort();
            if circle.len() > 1 {
                circles.insert(circle);
            }
        }
        circles.into_iter().collect()
    }

    /// The arrows between the given files, as lines of text.
    pub fn among(&self, files: &[String]) -> Vec<String> {
        let of = |file: &String| {
            let used: Vec<&str> = self.0[file].iter().filter(|used| files.contains(used)).map(String::as_str).collect();
            format!("{file} → {}", used.join(", "))
        };
        files.iter().map(of).collect()
    }

    fn reached(&self, start: &String) -> BTreeSet<&String> {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![start];
        while let Some(next) = waiting.pop() {
            for used in &self.0[next] {
                if let Some((used, _)) = self.0.get_key_value(used)
                    && reached.insert(used)
                {
                    waiting.push(used);
                }
            }
        }
        reached
    }
}

/// Top folder of a file; the name of the file itself where it is in the root.
pub fn folder(file: &str) -> String {
    file.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned()
}
