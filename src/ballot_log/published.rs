//! Public files of a log, as `/log/…` serves them: rows of the store for what changes or is small, objects for everything else.

use entity::ballots::log_head;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Sequencer;
use super::log_files::{ENTRIES, PLACES};
use crate::base::error::Result;
use crate::base::files;

/// Files that are rows of the store.
const ROWS: [&str; 5] = ["batches", "checkpoint", "key", "questionnaire", "tally"];

/// A public file or folder of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicFile {
    /// Name in its folder.
    pub name: String,
    /// Number of bytes of a file; none for a folder.
    pub size: Option<u64>,
}

impl Sequencer {
    /// Slugs of the campaigns that have a public log, ascending.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn logs(&self) -> Result<Vec<String>> {
        let begun = log_head::Entity::find()
            .filter(log_head::COLUMN.questionnaire.is_not_null())
            .order_by_asc(log_head::Column::Campaign)
            .select_only()
            .column(log_head::Column::Campaign);
        Ok(begun.into_tuple().all(self.0.store.db()).await?)
    }

    /// A public file of a log; none where there is none or where the file is not public yet.
    ///
    /// # Errors
    /// A store or disk that fails; a path with signs that no name has.
    pub async fn public_file(&self, campaign: &str, path: &str) -> Result<Option<Vec<u8>>> {
        let Some(head) = self.begun(campaign).await? else {
            return Ok(None);
        };
        if ROWS.contains(&path) {
            return self.row(&head, path).await;
        }
        if !is_public(&head, path) {
            return Ok(None);
        }
        let (files, path) = (self.files(campaign), path.to_owned());
        files::blocking(move || files.get(&path)).await
    }

    /// The public files and folders of a folder of a log, ascending; empty where there is no such folder. The empty path is the
    /// folder of the whole log.
    ///
    /// # Errors
    /// As [`Sequencer::public_file`].
    pub async fn public_files(&self, campaign: &str, folder: &str) -> Result<Vec<PublicFile>> {
        let Some(head) = self.begun(campaign).await?.filter(|head| is_public(head, folder)) else {
            return Ok(Vec::new());
        };
        let (files, below) = (self.files(campaign), folder.to_owned());
        let listed = files::blocking(move || files.list(&below)).await?;
        let objects = listed.into_iter().map(|one| PublicFile { name: one.name, size: one.size });
        let path = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let mut found: Vec<PublicFile> = objects.filter(|file| is_public(&head, &path(&file.name))).collect();
        if folder.is_empty() {
            for name in ROWS {
                let row = self.row(&head, name).await?;
                found.extend(row.map(|bytes| PublicFile { name: name.to_owned(), size: Some(bytes.len() as u64) }));
            }
        }
        found.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// The head of a log that is public.
    async fn begun(&self, campaign: &str) -> Result<Option<log_head::Model>> {
        let found = log_head::Entity::find_by_id(campaign).one(self.0.store.db()).await?;
        Ok(found.filter(|head| head.questionnaire.is_some()))
    }

    async fn row(&self, head: &log_head::Model, name: &str) -> Result<Option<Vec<u8>>> {
        let text = |text: &Option<String>| text.as_ref().map(|text| text.clone().into_bytes());
        Ok(match name {
            "key" => Some(format!("{}\n", self.signer(head).verifier()).into_bytes()),
            "questionnaire" => head.questionnaire.clone(),
            "checkpoint" => text(&head.checkpoint),
            "tally" => text(&head.tally),
            _ if head.checkpoint.is_none() => None,
            _ => {
                let ends = self.signed_ends(&head.campaign).await?;
                Some(ends.iter().map(|end| format!("{end}\n")).collect::<String>().into_bytes())
            }
        })
    }
}

/// Whether a path of a log is public: entries and places are public from the count on.
fn is_public(head: &log_head::Model, path: &str) -> bool {
    head.is_disclosed || ![ENTRIES, PLACES].iter().any(|part| path == *part || path.starts_with(&format!("{part}/")))
}
