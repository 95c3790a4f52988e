//! The refusals of the forms of the page, as links to their fields.

use crate::web::page::Page;

/// Fields of the forms of the page in their order: name, and message key of the label.
const FIELDS: [(&str, &str); 6] = [
    ("track", "tally-rules-field-track"),
    ("province", "tally-rules-field-province"),
    ("blocks", "tally-rules-field-blocks"),
    ("batches", "tally-rules-field-batches"),
    ("choices", "tally-rules-field-choices"),
    ("reason", "tally-rules-field-reason"),
];

/// The errors as links, each with the label of its field and in the order of the form.
pub(super) fn links(p: &Page) -> Vec<(String, String)> {
    let labels = FIELDS.map(|(field, key)| (field, p.t(key)));
    p.labelled_problems(&labels).into_iter().map(|(field, said)| (anchor(&field), said)).collect()
}

/// The element to which the link of an error leads.
fn anchor(field: &str) -> String {
    match field {
        "" => "#rules".to_owned(),
        "criteria" => "#track".to_owned(),
        field => format!("#{field}"),
    }
}
