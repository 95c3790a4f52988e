//! The programme that the demo plays: three campaigns, 31 provinces, eight teams, and the figures to be met.
//!
//! The facts are in `programme.json` beside this folder. Provinces, teams and words come from the product's own reference data.
//! Only `acceptance.programme_counts` comes from the press on the real programme. All other data is invented;
//! [`Meta::warning_zh`] says so, and every page of the demo repeats the warning. A key that the structures below do not know is
//! an error, except in the acceptance figures, so no data is carried along unread.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Deserialize;

use super::acceptance::Acceptance;
use crate::programme::reference::REFERENCE;

/// The whole programme, read once and cached.
#[must_use]
pub fn programme() -> &'static Programme {
    static PROGRAMME: LazyLock<Programme> = LazyLock::new(read);
    &PROGRAMME
}

#[expect(clippy::expect_used, reason = "the files are part of the program, and a test reads them")]
fn read() -> Programme {
    let read =
        |text| -> serde_json::Map<String, serde_json::Value> { serde_json::from_str(text).expect("well formed") };
    let mut whole = read(include_str!("../programme.json"));
    whole.extend(read(REFERENCE));
    serde_json::from_value(whole.into()).expect("programme.json and reference.json are well formed")
}

/// Declares structures that are read from the file: all fields are public, and unknown keys are errors.
macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $kind:ty,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$fdoc])* pub $field: $kind,)+ }
    )+};
}

records! {
    /// The data that the demo plays.
    Programme {
        /// Name of the data and the warning that it is invented.
        meta: Meta,
        /// Words under which a ballot groups its options.
        themes: Vec<Named>,
        /// The 31 provinces to which issues are dispatched, in official order.
        provinces: Vec<Province>,
        /// Units to which no issues are dispatched.
        special_units: Vec<SpecialUnit>,
        /// The eight supervision teams that verify.
        supervision_teams: Vec<Team>,
        /// Ministries, agencies and hosts of campaigns.
        departments: Vec<Named>,
        /// Fields of service.
        domains: Vec<Named>,
        /// Root causes of pain points.
        root_causes: Vec<RootCause>,
        /// Remedies for pain points, each with the test that verifies it.
        remedies: Vec<Remedy>,
        /// The campaigns, by season.
        campaigns: Vec<Campaign>,
        /// Good practice that the programme named.
        practice_cases: Vec<PracticeCase>,
        /// Holidays and make-up days of the year.
        holiday_calendar_2018: Calendar,
        /// Figures that the demo has to show.
        acceptance: Acceptance,
    }

    /// Description of the data, with the warning that it is invented.
    Meta {
        /// Title of the data in Chinese.
        title_zh: String,
        /// Title of the data in English.
        title_en: String,
        /// Version number of the data.
        version: u32,
        /// Warning in Chinese that the data is invented.
        warning_zh: String,
        /// Warning in English that the data is invented.
        warning_en: String,
    }

    /// A code with a name in both languages.
    Named {
        /// Code of the entry.
        code: String,
        /// Name of the entry in Chinese.
        name_zh: String,
        /// Name of the entry in English.
        name_en: String,
    }

    /// A province, autonomous region or municipality.
    Province {
        /// Six-digit code of the province (GB/T 2260).
        code: String,
        /// Full name of the province in Chinese.
        name_zh: String,
        /// Short name in Chinese, two or three characters.
        short_zh: String,
        /// Abbreviation in Chinese, one character; empty where there is none.
        abbr_zh: String,
        /// Name of the province in English.
        name_en: String,
        /// `municipality`, `province` or `autonomous_region`.
        kind: String,
        /// Code of the province by ISO 3166-2.
        iso: String,
        /// Region of the province, one of six.
        region: String,
        /// Code of the team that verifies the province.
        team: String,
        /// Whether campaigns dispatch issues to the province.
        in_dispatch: bool,
        /// Pinyin of the short name, without tones.
        pinyin: String,
        /// Initials of the pinyin.
        initials: String,
        /// Last two letters of the ISO code: Shanxi is SX, Shaanxi SN.
        short_en: String,
    }

    /// A unit that takes part in data sharing and not in the dispatch.
    SpecialUnit {
        /// Six-digit code of the unit.
        code: String,
        /// Full name of the unit in Chinese.
        name_zh: String,
        /// Short name of the unit in Chinese.
        short_zh: String,
        /// Name of the unit in English.
        name_en: String,
        /// Kind of the unit, always `special_unit`.
        kind: String,
        /// Whether campaigns dispatch issues to the unit.
        in_dispatch: bool,
        /// Description of the unit in English.
        note_en: String,
    }

    /// A supervision team.
    Team {
        /// Code of the team, `T1` to `T8`.
        code: String,
        /// Name of the team in Chinese.
        name_zh: String,
        /// Name of the team in English.
        name_en: String,
        /// Codes of the provinces that the team verifies.
        provinces: Vec<String>,
        /// Whether the team and its provinces are invented.
        invented: bool,
    }

    /// A root cause of pain points.
    RootCause {
        /// Code of the root cause.
        code: String,
        /// Name of the root cause in Chinese.
        name_zh: String,
        /// Meaning of the root cause, in English.
        description_en: String,
    }

    /// A remedy for pain points.
    Remedy {
        /// Code of the remedy.
        code: String,
        /// Name of the remedy in Chinese.
        name_zh: String,
        /// Name of the remedy in English.
        name_en: String,
        /// Test that verifies the remedy, in Chinese.
        verification_zh: String,
        /// Test that verifies the remedy, in English.
        verification_en: String,
    }

    /// A season of the programme.
    Campaign {
        /// Code of the campaign, `S1` to `S3`.
        code: String,
        /// Slug of the campaign, its name in addresses.
        slug: String,
        /// Number of the season.
        season: u32,
        /// Name of the campaign in Chinese.
        name_zh: String,
        /// Name of the campaign in English.
        name_en: String,
        /// Purpose of the campaign in one Chinese sentence.
        purpose_zh: String,
        /// Purpose of the campaign in one English sentence.
        purpose_en: String,
        /// Display rule while voting is open: `turnout` or `live`.
        display: String,
        /// Codes of the departments that host the campaign.
        hosts: Vec<String>,
        /// First day of voting.
        voting_opens: NaiveDate,
        /// Last day of voting, inclusive.
        voting_closes: NaiveDate,
        /// Day of dispatch; none while voting is open.
        dispatched_on: Option<NaiveDate>,
        /// Last day for the fixes, before it is moved to a working day.
        deadline: Option<NaiveDate>,
        /// Number of options that become issues.
        top_n: u32,
        /// Greatest number of options on one ballot.
        max_choices: u32,
        /// Number of ballots on both tracks.
        ballots: u32,
        /// Number of ballots on the real-name track.
        ballots_real_name: u32,
        /// Number of views of the topic page.
        page_views: u32,
        /// Number of option votes on both tracks.
        option_votes: u32,
        /// Facts of this campaign that are assumed and not stated by the press.
        assumed: Vec<String>,
        /// Options of the campaign, by votes.
        options: Vec<BallotOption>,
    }

    /// A line of a questionnaire with the votes that it is to get.
    BallotOption {
        /// Code of the option, unique over all campaigns.
        code: String,
        /// Number of the option in the fixed order of the ballot.
        ballot_no: u32,
        /// Title in Chinese, a full sentence.
        title_zh: String,
        /// Title in English, a full sentence.
        title_en: String,
        /// Short title in Chinese, at most 12 characters.
        short_zh: String,
        /// Short title in English, at most 26 letters.
        short_en: String,
        /// Code of the theme.
        theme: String,
        /// Name of the theme in Chinese.
        theme_zh: String,
        /// Name of the theme in English.
        theme_en: String,
        /// Code of the field of service.
        domain: String,
        /// Code of the department in charge.
        lead_department: String,
        /// Codes of the supporting departments.
        co_departments: Vec<String>,
        /// Code of the root cause.
        root_cause: String,
        /// Codes of the remedies that would solve the pain point, most telling first.
        remedies: Vec<String>,
        /// People affected by the pain point: `citizen` or `enterprise`.
        affected: String,
        /// Source of the proposal: `frontline_clerk` or `joint_ministry`.
        proposed_by: String,
        /// Number of option votes on both tracks.
        votes_all: u32,
        /// Number of option votes on the real-name track.
        votes_real_name: u32,
        /// Expected rank in the tally; none while voting is open.
        expected_rank: Option<u32>,
        /// Whether the option becomes an issue; none while voting is open.
        expected_selected: Option<bool>,
    }

    /// Good practice that the programme named for an option.
    PracticeCase {
        /// Code of the option.
        option: String,
        /// Codes of the provinces that follow the practice.
        provinces: Vec<String>,
        /// Description of the practice in Chinese.
        title_zh: String,
        /// Description of the practice in English.
        title_en: String,
        /// Whether the press on the programme named the practice.
        from_programme: bool,
    }

    /// Days that are exceptions to the rule "Monday to Friday".
    Calendar {
        /// Holidays on which nobody works.
        holidays: Vec<NaiveDate>,
        /// Weekend days on which people work.
        makeup_working_days: Vec<NaiveDate>,
        /// Source of the dates.
        note_en: String,
    }
}

#[cfg(test)]
mod tests;
