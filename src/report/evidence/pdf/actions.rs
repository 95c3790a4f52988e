//! The rules: which dictionaries make a document act (ISO 32000-2, 12.6), hold other files, or lock the document.
//!
//! # Why
//! A word such as `JavaScript` or `Launch` is harmless in a text, a link, a bookmark or the name of a style. A dictionary counts
//! by what a viewer would do with it: an action needs its type and the entry that the type acts on.

use super::Unfit;
use super::addresses::{is_far, is_harmless};
use super::objects::{Object, Objects};
use super::syntax::{Dictionary, Value};

/// Types of actions that reach beyond the pages, each with the entries of which it needs one.
const ACTIONS: [(&[u8], &[&[u8]]); 11] = [
    (b"JavaScript", &[b"JS"]),
    (b"Launch", &[b"F", b"Win", b"Mac", b"Unix"]),
    (b"GoToR", &[b"F"]),
    (b"GoToE", &[b"F", b"T"]),
    (b"Thread", &[b"F"]),
    (b"SubmitForm", &[b"F"]),
    (b"ImportData", &[b"F"]),
    (b"Rendition", &[b"JS", b"OP", b"AN", b"R"]),
    (b"Movie", &[b"T", b"Annotation"]),
    (b"Sound", &[b"Sound"]),
    (b"RichMediaExecute", &[b"CMD", b"TA", b"TI"]),
];
/// Events of a page, a field, an annotation or the document that start an action by themselves.
const EVENTS: [&[u8]; 19] = [
    b"E", b"X", b"D", b"U", b"Fo", b"Bl", b"PO", b"PC", b"PV", b"PI", b"O", b"C", b"K", b"F", b"V", b"WC", b"WS",
    b"DS", b"WP",
];
/// Kinds of annotations and of drawings that are programs.
const PROGRAMS: [&[u8]; 3] = [b"RichMedia", b"Movie", b"PS"];
/// Entries of a description of a file that hold the file itself.
const EMBEDDED: [&[u8]; 5] = [b"F", b"UF", b"DOS", b"Mac", b"Unix"];
/// Entries that name a file outside the document.
const FILES: [&[u8]; 6] = [b"FS", b"F", b"UF", b"DOS", b"Mac", b"Unix"];
/// Largest number of references that lead to each other.
const MAX_STEPS: u32 = 8;

/// Checks a value of the file with everything inside.
///
/// # Errors
/// As [`Unfit`].
pub fn check(object: &Object, objects: &Objects) -> Result<(), Unfit> {
    let rules = Rules { objects };
    match object {
        Object::Plain(value) => rules.value(value),
        Object::Stream(head) => {
            rules.stream(head)?;
            rules.dictionary(head)
        }
        Object::Trailer(value) => {
            if let Value::Dictionary(trailer) = value {
                unlocked(trailer)?;
            }
            rules.value(value)
        }
    }
}

struct Rules<'a> {
    objects: &'a Objects<'a>,
}

impl Rules<'_> {
    fn value(&self, value: &Value) -> Result<(), Unfit> {
        match value {
            Value::Array(members) => members.iter().try_for_each(|member| self.value(member)),
            Value::Dictionary(found) => self.dictionary(found),
            _ => Ok(()),
        }
    }

    fn dictionary(&self, found: &Dictionary) -> Result<(), Unfit> {
        self.action(found)?;
        self.events(found)?;
        self.form(found)?;
        self.program(found)?;
        self.files(found)?;
        self.elsewhere(found)?;
        self.links(found)?;
        found.values().iter().try_for_each(|value| self.value(value))
    }

    /// The table of cross-references may be a stream, and names the encryption then. A stream whose data is in another file is
    /// fetched from there.
    fn stream(&self, head: &Dictionary) -> Result<(), Unfit> {
        unlocked(head)?;
        let is_elsewhere = self.any(head, b"F", |file| {
            matches!(file, Object::Plain(Value::Text(_) | Value::Dictionary(_)) | Object::Stream(_))
        })?;
        let is_embedded = self.any(head, b"Type", |kind| is_name(kind, b"EmbeddedFile"))?;
        passive(!is_elsewhere)?;
        if is_embedded { Err(Unfit::Files) } else { Ok(()) }
    }

    fn action(&self, found: &Dictionary) -> Result<(), Unfit> {
        for (kind, needed) in ACTIONS {
            let acts = found.has_any(needed) && self.any(found, b"S", |name| is_name(name, kind))?;
            passive(!acts)?;
        }
        Ok(())
    }

    /// Actions that start by themselves: when the document opens, and at events. A jump to a page of the document is harmless.
    fn events(&self, found: &Dictionary) -> Result<(), Unfit> {
        for opening in found.all(b"OpenAction") {
            for meant in self.meant(opening)? {
                let Some(action) = dictionary_of(&meant) else { continue };
                let jumps = self.any(action, b"S", |name| is_name(name, b"GoTo"))? && !action.has(b"Next");
                passive(jumps || is_destination(&meant))?;
            }
        }
        let has_events = self.any(found, b"AA", |events| dictionary_of(events).is_some_and(|e| e.has_any(&EVENTS)))?;
        passive(!has_events)
    }

    /// A form in XML, which may hold scripts: a stream, a list of streams, or a string.
    fn form(&self, found: &Dictionary) -> Result<(), Unfit> {
        passive(!self.any(found, b"XFA", |form| match form {
            Object::Plain(Value::Array(_) | Value::Dictionary(_) | Value::Text(_)) | Object::Stream(_) => {
                !is_destination(form)
            }
            Object::Plain(_) | Object::Trailer(_) => false,
        })?)
    }

    /// A presentation, a film, a PostScript program, or a script of a model in three dimensions.
    fn program(&self, found: &Dictionary) -> Result<(), Unfit> {
        let is_program = self.any(found, b"Subtype", |kind| PROGRAMS.iter().any(|program| is_name(kind, program)))?;
        let is_started = self.any(found, b"OnInstantiate", |script| !is_destination(script))?;
        passive(!is_program && !is_started)
    }

    /// Files inside the document: the description of one, or a list of them.
    fn files(&self, found: &Dictionary) -> Result<(), Unfit> {
        let has_file = self.any(found, b"EF", |file| dictionary_of(file).is_some_and(|f| f.has_any(&EMBEDDED)))?;
        let has_list = self.any(found, b"EmbeddedFiles", |list| {
            let Some(list) = dictionary_of(list) else { return false };
            list.all(b"Names").chain(list.all(b"Kids")).any(|names| *names != Value::Array(Vec::new()))
        })?;
        if has_file || has_list { Err(Unfit::Files) } else { Ok(()) }
    }

    /// Content that a viewer fetches from elsewhere: a file of another computer (ISO 32000-2, 7.11), a page of another document
    /// (8.10.4, reference XObjects), a picture that a print shop keeps (14.11.7, OPI).
    fn elsewhere(&self, found: &Dictionary) -> Result<(), Unfit> {
        for key in FILES {
            let is_fetched = self.any(found, key, |file| string_of(file).is_some_and(is_far))?;
            passive(!is_fetched)?;
        }
        let is_address = found.has_any(&EMBEDDED) && self.any(found, b"FS", |system| is_name(system, b"URL"))?;
        let is_reference = self.any(found, b"Ref", |page| dictionary_of(page).is_some_and(|p| p.has_any(&EMBEDDED)))?;
        let is_kept = self.any(found, b"OPI", |kept| dictionary_of(kept).is_some() && !is_destination(kept))?;
        passive(!is_address && !is_reference && !is_kept)
    }

    /// Links that run a script or tell another computer who reads. Viewers take a name for a string.
    fn links(&self, found: &Dictionary) -> Result<(), Unfit> {
        for key in [&b"URI"[..], b"Base"] {
            let is_bad = self.any(found, key, |link| match link {
                Object::Plain(Value::Name(address)) => !is_harmless(address),
                _ => string_of(link).is_some_and(|address| !is_harmless(address)),
            })?;
            passive(!is_bad)?;
        }
        Ok(())
    }

    /// Whether a value that may belong to a key is of a kind.
    fn any(&self, found: &Dictionary, key: &[u8], is_kind: impl Fn(&Object) -> bool) -> Result<bool, Unfit> {
        for value in found.all(key) {
            if self.meant(value)?.iter().any(&is_kind) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Every object that a value may stand for, with references followed to their end.
    fn meant(&self, value: &Value) -> Result<Vec<Object>, Unfit> {
        let mut found = self.objects.meant(value)?;
        for _ in 0..MAX_STEPS {
            if !found.iter().any(|object| matches!(object, Object::Plain(Value::Reference(_)))) {
                return Ok(found);
            }
            let mut next = Vec::new();
            for object in found {
                match object {
                    Object::Plain(reference @ Value::Reference(_)) => next.extend(self.objects.meant(&reference)?),
                    other => next.push(other),
                }
            }
            found = next;
        }
        Err(Unfit::Locked)
    }
}

fn unlocked(head: &Dictionary) -> Result<(), Unfit> {
    if head.all(b"Encrypt").any(|value| *value != Value::Other) { Err(Unfit::Locked) } else { Ok(()) }
}

fn passive(is_passive: bool) -> Result<(), Unfit> {
    if is_passive { Ok(()) } else { Err(Unfit::Active) }
}

fn is_name(object: &Object, name: &[u8]) -> bool {
    matches!(object, Object::Plain(Value::Name(found)) if found == name)
}

fn string_of(object: &Object) -> Option<&[u8]> {
    match object {
        Object::Plain(Value::Text(found)) => Some(found.as_slice()),
        Object::Plain(_) | Object::Stream(_) | Object::Trailer(_) => None,
    }
}

fn dictionary_of(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Plain(Value::Dictionary(found)) | Object::Stream(found) => Some(found),
        Object::Plain(_) | Object::Trailer(_) => None,
    }
}

/// Whether a value is a place in the document. Documents may name their places freely, `JavaScript` or `XFA` among the names.
fn is_destination(object: &Object) -> bool {
    match object {
        Object::Plain(Value::Array(parts)) => {
            matches!(parts.as_slice(), [Value::Name(_)] | [Value::Reference(_), Value::Name(_)])
        }
        Object::Plain(Value::Dictionary(found)) => {
            found.all(b"D").any(|place| matches!(place, Value::Array(_))) && !found.has(b"S")
        }
        Object::Plain(_) | Object::Stream(_) | Object::Trailer(_) => false,
    }
}
