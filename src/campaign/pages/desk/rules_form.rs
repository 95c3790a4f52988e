//! The page of the rules form: groups of boxes, the effects of the rules, and the changes that somebody else made meanwhile.

use askama::Template;
use entity::stored::{Display, RankingRule, StoredPhase, TermKind, Track};
use entity::{campaign, place, term};
use poem::Response;
use poem::http::StatusCode;

use super::copying::{Earlier, copies};
use super::effects::{Said, said};
use super::form::Typed;
use super::{at_large, desk, people, summary, summary_title};
use crate::base::error::{FieldError, Refusal, Result};
use crate::campaign::draft::Draft;
use crate::campaign::effects::effects;
use crate::campaign::{queries, rule};
use crate::programme;
use crate::programme::calendar::Known;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::dates::moment_long;
use crate::web::page::{Page, html_with};

/// The rules form before it is shown.
pub struct RulesForm {
    /// Values of the fields as typed.
    pub typed: Typed,
    /// Revision of the campaign that the form was made from; 0 for a new campaign.
    pub revision: i32,
    /// Slug of the campaign; none for a new campaign.
    slug: Option<String>,
    /// Earlier campaign whose rules filled the form of a new one.
    pub earlier: Option<Earlier>,
}

/// Situation in which the form is shown.
pub enum FormView {
    /// The form has no errors.
    Standing,
    /// Fields of the form have errors.
    Wrong(Vec<FieldError>),
    /// Somebody else changed the campaign meanwhile: the refusal, and the campaign as it is now.
    Meanwhile(Refusal, Box<campaign::Model>),
}

#[derive(Template)]
#[template(path = "campaign/rules.html")]
struct Rules {
    p: Page,
    nav: Nav,
    title: String,
    action: String,
    back: String,
    fresh: bool,
    revision: i32,
    problems_title: String,
    problems: Vec<(String, String)>,
    meanwhile: String,
    differences: Vec<Difference>,
    typed: Typed,
    hosts: Vec<Choice>,
    /// Sentence on the ticked hosts, on the fold of their boxes.
    hosts_said: String,
    tracks: Vec<Choice>,
    ranking_rules: Vec<Choice>,
    displays: Vec<Choice>,
    regions: Vec<Region>,
    /// Sentence on the ticked places, on the fold of their boxes.
    units_said: String,
    said: Said,
    /// Earlier campaigns whose rules can fill the form of a new one: address and name.
    copies: Vec<(String, String)>,
    earlier: Option<Earlier>,
}

/// One box of a group.
struct Choice {
    id: String,
    code: String,
    name: String,
    on: bool,
}

/// The places of one region.
struct Region {
    name: String,
    places: Vec<Choice>,
}

/// A field whose typed value and present value differ.
struct Difference {
    field: String,
    typed: String,
    standing: String,
}

impl Rules {
    /// The error message of a field; empty for none.
    fn wrong(&self, field: &str) -> String {
        self.p.error(field).unwrap_or_default()
    }
}

impl RulesForm {
    /// The form for an existing campaign, or for a new one.
    pub fn new(typed: Typed, found: Option<&campaign::Model>) -> Self {
        let (revision, slug) = (found.map_or(0, |c| c.revision), found.map(|c| c.slug.clone()));
        Self { typed, revision, slug, earlier: None }
    }

    /// Answers with the page of the form.
    pub async fn show(self, signed: &Signed, shown: FormView) -> Result<Response> {
        let db = signed.app.stores.main.db();
        let departments = programme::queries::terms(db, TermKind::Department).await?;
        let places = programme::queries::provinces(db).await?;
        let mut p = signed.page("desk").titled(match self.slug {
            Some(_) => "campaign-rules-title",
            None => "campaign-new",
        });
        let title = p.title.clone();
        let status = status(&shown);
        let mut meanwhile = String::new();
        let mut differences = Vec::new();
        match shown {
            FormView::Standing => {}
            FormView::Wrong(errors) => p = p.refused(errors),
            FormView::Meanwhile(refusal, now) => {
                if now.phase == StoredPhase::Draft {
                    meanwhile = changed(&p, signed, &now).await?;
                    let standing = Typed::of(&Draft::of(&now));
                    differences = compare(&p, &self.typed, &standing, &departments, &places);
                }
                p = p.refused(at_large(refusal));
            }
        }
        let said = match self.typed.draft(&queries::known(db, self.slug.as_deref()).await?) {
            Ok(draft) => {
                let calendar = programme::queries::calendar(db, Known::Now).await?;
                said(&p, &effects(&draft, &calendar), draft.top_n, draft.units.len())
            }
            Err(_) => Said::default(),
        };
        let (action, back) = match (&self.slug, &self.earlier) {
            (Some(slug), _) => (format!("{}/rules", desk(slug)), desk(slug)),
            (None, Some(earlier)) => {
                (format!("/desk/campaigns/new?from={}", earlier.slug), "/desk/campaigns".to_owned())
            }
            (None, None) => ("/desk/campaigns/new".to_owned(), "/desk/campaigns".to_owned()),
        };
        let template = Rules {
            nav: signed.nav(Section::Campaigns),
            title,
            action: p.href(&action),
            back: p.href(&back),
            fresh: self.slug.is_none(),
            revision: self.revision,
            problems_title: summary_title(&p),
            problems: summary(&p, &FIELDS.map(|(field, key)| (field, p.t(key))), |field| {
                first_box(field, &departments, &places)
            }),
            meanwhile,
            differences,
            hosts_said: hosts_said(&p, &departments, &self.typed.hosts),
            units_said: units_said(&p, &places, &self.typed.units),
            hosts: departments
                .iter()
                .map(|d| choice(&p, "host", &d.code, (&d.name_zh, &d.name_en), &self.typed.hosts))
                .collect(),
            tracks: words(&p, "track", Track::ALL, &self.typed.tracks),
            ranking_rules: ranking_rules(&p, &self.typed.ranking_rule),
            displays: words(&p, "display", Display::ALL, std::slice::from_ref(&self.typed.display)),
            regions: regions(&p, &places, &self.typed.units),
            copies: if self.slug.is_none() { copies(&p, db).await? } else { Vec::new() },
            earlier: self.earlier,
            said,
            typed: self.typed,
            p,
        };
        html_with(status, &template)
    }
}

/// Fields of the form with the keys of their labels, in the order of the form.
const FIELDS: [(&str, &str); 23] = [
    ("options", "campaign-field-copy"),
    ("slug", "campaign-field-slug"),
    ("name_zh", "campaign-field-name-zh"),
    ("name_en", "campaign-field-name-en"),
    ("purpose_zh", "campaign-field-purpose-zh"),
    ("purpose_en", "campaign-field-purpose-en"),
    ("hosts", "campaign-field-hosts"),
    ("opens_on", "campaign-field-opens"),
    ("opens_time", "campaign-field-opens-time"),
    ("closes_on", "campaign-field-closes"),
    ("closes_time", "campaign-field-closes-time"),
    ("max_choices", "campaign-field-choices"),
    ("tracks", "campaign-field-tracks"),
    ("ranking_rule", "campaign-field-ranking"),
    ("day_cap", "campaign-field-cap"),
    ("work_seconds", "campaign-field-work"),
    ("display", "campaign-field-display"),
    ("top_n", "campaign-field-top"),
    ("units", "campaign-field-units"),
    ("acknowledge_days", "campaign-field-acknowledgement"),
    ("deadline", "campaign-field-deadline"),
    ("deadline_on", "campaign-field-deadline-on"),
    ("deadline_days", "campaign-field-deadline-days"),
];

const fn status(shown: &FormView) -> StatusCode {
    match shown {
        FormView::Standing => StatusCode::OK,
        FormView::Wrong(_) => StatusCode::UNPROCESSABLE_ENTITY,
        FormView::Meanwhile(..) => StatusCode::CONFLICT,
    }
}

/// The sentence that names the person of the latest change of the campaign, and its time.
pub async fn changed(p: &Page, signed: &Signed, now: &campaign::Model) -> Result<String> {
    let db = signed.app.stores.main.db();
    let Some((at, by)) = queries::last_change(db, now).await? else {
        return Ok(String::new());
    };
    let people = people(p, db).await?;
    let who = by.and_then(|id| people.get(&id).cloned());
    let args = [("at", moment_long(p.locale, at)), ("who", who.unwrap_or_default())];
    Ok(p.tr("campaign-meanwhile", &args))
}

fn choice(p: &Page, stem: &str, code: &str, names: (&str, &str), ticked: &[String]) -> Choice {
    Choice {
        id: format!("{stem}-{code}"),
        code: code.to_owned(),
        name: p.pick(names.0, names.1).to_owned(),
        on: ticked.iter().any(|t| t == code),
    }
}

/// The names of the ticked hosts, or their choice where none is ticked.
fn hosts_said(p: &Page, departments: &[term::Model], ticked: &[String]) -> String {
    let names: Vec<&str> =
        departments.iter().filter(|d| ticked.contains(&d.code)).map(|d| p.pick(&d.name_zh, &d.name_en)).collect();
    if names.is_empty() {
        p.tr("campaign-hosts-none", &[("n", departments.len().to_string())])
    } else {
        p.tr("campaign-hosts-ticked", &[("names", names.join(&p.t("campaign-list-joint")))])
    }
}

/// The number of ticked places, out of all.
fn units_said(p: &Page, places: &[place::Model], ticked: &[String]) -> String {
    let n = places.iter().filter(|place| ticked.contains(&place.code)).count();
    let key = if n == places.len() { "campaign-units-everywhere" } else { "campaign-units-ticked" };
    p.tr(key, &[("n", n.to_string()), ("all", places.len().to_string())])
}

/// The boxes for the values of an enumeration.
fn words<T: std::fmt::Display>(p: &Page, stem: &str, all: &[T], ticked: &[String]) -> Vec<Choice> {
    all.iter()
        .map(|word| {
            let code = word.to_string();
            let name = p.tc(&format!("campaign-{stem}-"), &code);
            choice(p, stem, &code, (&name, &name), ticked)
        })
        .collect()
}

/// The boxes for the ranking rules, each with its meaning.
fn ranking_rules(p: &Page, chosen: &str) -> Vec<Choice> {
    RankingRule::ALL
        .iter()
        .map(|each| {
            let (id, name) = (format!("ranking-{}", rule::word(*each)), ranking_name(p, *each));
            Choice { id, code: each.code().to_owned(), name, on: each.code() == chosen }
        })
        .collect()
}

fn ranking_name(p: &Page, chosen: RankingRule) -> String {
    p.tc("campaign-ranking-", rule::word(chosen))
}

/// Groups places by region, with regions in the official order of their first place.
fn regions(p: &Page, places: &[place::Model], ticked: &[String]) -> Vec<Region> {
    let mut regions: Vec<(&str, Region)> = Vec::new();
    for place in places {
        let names = (place.short_zh.as_str(), place.name_en.as_str());
        let choice = choice(p, "unit", &place.code, names, ticked);
        match regions.iter_mut().find(|(code, _)| *code == place.region) {
            Some((_, region)) => region.places.push(choice),
            None => regions
                .push((&place.region, Region { name: p.tc("campaign-region-", &place.region), places: vec![choice] })),
        }
    }
    regions.into_iter().map(|(_, region)| region).collect()
}

/// The element to which the link of an error leads.
fn first_box(field: &str, departments: &[term::Model], places: &[place::Model]) -> String {
    let stem =
        |stem: &str, code: Option<&String>| code.map_or_else(|| field.to_owned(), |code| format!("{stem}-{code}"));
    match field {
        "hosts" => stem("host", departments.first().map(|d| &d.code)),
        "units" => stem("unit", places.first().map(|place| &place.code)),
        "tracks" => format!("track-{}", Track::Anonymous),
        "ranking_rule" => format!("ranking-{}", rule::word(RankingRule::RealNameVotes)),
        "display" => format!("display-{}", Display::Turnout),
        "request" => "slug".to_owned(),
        _ => field.to_owned(),
    }
}

/// The fields in which two forms differ, in words.
fn compare(
    p: &Page,
    typed: &Typed,
    standing: &Typed,
    departments: &[term::Model],
    places: &[place::Model],
) -> Vec<Difference> {
    let joint = p.t("campaign-list-joint");
    let in_words = |form: &Typed| -> [(&'static str, String); 21] {
        let hosts = departments.iter().filter(|d| form.hosts.contains(&d.code));
        let hosts: Vec<&str> = hosts.map(|d| p.pick(&d.name_zh, &d.name_en)).collect();
        let units = places.iter().filter(|u| form.units.contains(&u.code));
        let units: Vec<&str> = units.map(|u| p.pick(&u.short_zh, &u.name_en)).collect();
        let tracks: Vec<String> = form.tracks.iter().map(|track| p.tc("campaign-track-", track)).collect();
        [
            ("campaign-field-slug", form.slug.clone()),
            ("campaign-field-name-zh", form.name_zh.clone()),
            ("campaign-field-name-en", form.name_en.clone()),
            ("campaign-field-purpose-zh", form.purpose_zh.clone()),
            ("campaign-field-purpose-en", form.purpose_en.clone()),
            ("campaign-field-hosts", hosts.join(&joint)),
            ("campaign-field-opens", form.opens_on.clone()),
            ("campaign-field-opens-time", form.opens_time.clone()),
            ("campaign-field-closes", form.closes_on.clone()),
            ("campaign-field-closes-time", form.closes_time.clone()),
            ("campaign-field-choices", form.max_choices.clone()),
            ("campaign-field-tracks", tracks.join(&joint)),
            ("campaign-field-cap", form.day_cap.clone()),
            ("campaign-field-work", form.work_seconds.clone()),
            (
                "campaign-field-ranking",
                form.ranking_rule.parse().map_or_else(|_| String::new(), |rule| ranking_name(p, rule)),
            ),
            (
                "campaign-field-display",
                match form.display.parse::<Display>() {
                    Ok(display) => p.tc("campaign-display-", display),
                    Err(_) => String::new(),
                },
            ),
            ("campaign-field-top", form.top_n.clone()),
            ("campaign-field-units", units.join(&joint)),
            ("campaign-field-deadline-on", form.deadline_on.clone()),
            ("campaign-field-deadline-days", form.deadline_days.clone()),
            ("campaign-field-acknowledgement", form.acknowledge_days.clone()),
        ]
    };
    in_words(typed)
        .into_iter()
        .zip(in_words(standing))
        .filter(|(mine, theirs)| mine.1 != theirs.1)
        .map(|(mine, theirs)| Difference { field: p.t(mine.0), typed: mine.1, standing: theirs.1 })
        .collect()
}
