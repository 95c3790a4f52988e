//! The campaign data that all pages of one ballot show.

use entity::{campaign, campaign_option, place};

use crate::ballot::option_order;
use crate::base::error::Result;
use crate::campaign::{queries as campaigns, rule};
use crate::pass::paper::taking;
use crate::programme::queries as programme;
use crate::sign_in::extract::Visit;
use crate::web::page::Page;

/// A campaign that takes votes right now.
pub struct Booth {
    /// Campaign of the ballot.
    pub campaign: campaign::Model,
    /// Options of the campaign in the order named in the address.
    pub options: Vec<campaign_option::Model>,
    /// Number of that order.
    pub order: u8,
    /// Places that a ballot may name.
    pub places: Vec<place::Model>,
}

impl Booth {
    /// Loads a campaign that takes votes.
    ///
    /// # Errors
    /// `NotFound`; the reason why no votes are taken.
    pub async fn open(visit: &Visit, slug: &str, order: u8) -> Result<Self> {
        let db = visit.app.stores.main.db();
        let campaign = campaigns::published(db, slug, visit.ctx.now).await?;
        taking(&visit.app.stores.ballots, slug, visit.ctx.now).await?;
        let fixed = campaigns::options(db, campaign.id).await?;
        let options =
            option_order::order(slug, order, fixed.len()).into_iter().filter_map(|at| fixed.get(at).cloned()).collect();
        Ok(Self { places: programme::places(db).await?, campaign, options, order })
    }

    /// Address of the form. The address carries the order and nothing that was entered.
    pub fn address(&self) -> String {
        format!("/campaigns/{}/ballot?o={}", self.campaign.slug, self.order)
    }

    /// Frame of a ballot page. A change of language leads back to the first step.
    pub fn page(&self, visit: &Visit) -> Page {
        let p = visit.page("campaigns");
        let name = p.pick(&self.campaign.name_zh, &self.campaign.name_en).to_owned();
        let described = p.tr("head-ballot", &[("name", name)]);
        Page { address: self.address(), ..p.described(described) }
    }

    /// The number of a step in words; a campaign without places has one step less.
    pub fn step(&self, p: &Page, step: u8) -> String {
        let skipped = u8::from(!self.campaign.places);
        p.tr("ballot-step", &[("n", (step - skipped).to_string()), ("of", (3 - skipped).to_string())])
    }

    /// The name of a place; empty for an unknown code.
    pub fn place_name(&self, p: &Page, code: &str) -> String {
        self.places
            .iter()
            .find(|place| place.code == code)
            .map(|place| p.pick(&place.name_zh, &place.name_en).to_owned())
            .unwrap_or_default()
    }

    /// The titles of the chosen options, in the order of the page.
    pub fn chosen(&self, p: &Page, choices: &[String]) -> Vec<String> {
        self.options
            .iter()
            .filter(|option| choices.contains(&option.code))
            .map(|option| p.pick(&option.title_zh, &option.title_en).to_owned())
            .collect()
    }

    /// The ranking rule in words.
    pub fn ranking(&self, p: &Page) -> String {
        p.tr("ballot-ranking", &[("ranking", rule::sentence(p.locale, &self.campaign))])
    }

    /// The language of the options, which may differ from the language of the page.
    pub fn language(&self, p: &Page) -> String {
        if self.campaign.language == "both" { p.lang().to_owned() } else { self.campaign.language.clone() }
    }
}
