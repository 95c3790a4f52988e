//! The programme that the demo plays: three campaigns, 31 provinces, eight teams, and the figures to be met.
//!
//! The facts lie in `programme.json` beside this folder, the ground (provinces, teams, words) in the product's own
//! reference data. Only `acceptance.programme_counts` comes from the press on the
//! real programme; all else is invented, which [`Meta::warning_zh`] says and every page of the demo repeats. A key
//! that the structures below do not know is an error everywhere but in the acceptance figures, so nothing is carried
//! along unread.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Deserialize;

use super::acceptance::Acceptance;
use crate::programme::reference::REFERENCE;

/// The whole programme, read once.
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

/// Declares structures read from the file: all fields public, all keys known.
macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $kind:ty,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$fdoc])* pub $field: $kind,)+ }
    )+};
}

records! {
    /// Everything that the demo plays.
    Programme {
        /// Name of the data and the warning that it is invented.
        meta: Meta,
        /// Words under which a ballot groups its options.
        themes: Vec<Named>,
        /// The 31 units of dispatch, in official order.
        provinces: Vec<Province>,
        /// Units outside the dispatch.
        special_units: Vec<SpecialUnit>,
        /// The eight teams that check.
        supervision_teams: Vec<Team>,
        /// Ministries, agencies and hosts.
        departments: Vec<Named>,
        /// Fields of service.
        domains: Vec<Named>,
        /// Why things block people.
        root_causes: Vec<RootCause>,
        /// What clears a block, each with the test that verifies it.
        remedies: Vec<Remedy>,
        /// The campaigns, by season.
        campaigns: Vec<Campaign>,
        /// Good practice that the programme named.
        practice_cases: Vec<PracticeCase>,
        /// Holidays and make-up days of the year.
        holiday_calendar_2018: Calendar,
        /// The figures that the demo must show.
        acceptance: Acceptance,
    }

    /// What the data is, and the warning about it.
    Meta {
        /// Title in Chinese.
        title_zh: String,
        /// Title in English.
        title_en: String,
        /// Version of the data.
        version: u32,
        /// That it is invented, in Chinese.
        warning_zh: String,
        /// That it is invented, in English.
        warning_en: String,
    }

    /// A code with a name in both languages.
    Named {
        /// Code.
        code: String,
        /// Name in Chinese.
        name_zh: String,
        /// Name in English.
        name_en: String,
    }

    /// A province, autonomous region or municipality.
    Province {
        /// Six digits (GB/T 2260).
        code: String,
        /// Full name in Chinese.
        name_zh: String,
        /// Two or three characters.
        short_zh: String,
        /// One character, where it has one.
        abbr_zh: String,
        /// Name in English.
        name_en: String,
        /// `municipality`, `province` or `autonomous_region`.
        kind: String,
        /// ISO 3166-2.
        iso: String,
        /// One of six regions.
        region: String,
        /// The team that checks it.
        team: String,
        /// Whether campaigns dispatch to it.
        in_dispatch: bool,
        /// Pinyin of the short name, without tones.
        pinyin: String,
        /// First letters of the pinyin.
        initials: String,
        /// The last two letters of the ISO code: Shanxi is SX, Shaanxi SN.
        short_en: String,
    }

    /// A unit that takes part in data sharing and not in the dispatch.
    SpecialUnit {
        /// Six digits.
        code: String,
        /// Full name in Chinese.
        name_zh: String,
        /// Short name in Chinese.
        short_zh: String,
        /// Name in English.
        name_en: String,
        /// `special_unit`.
        kind: String,
        /// Whether campaigns dispatch to it.
        in_dispatch: bool,
        /// What it is.
        note_en: String,
    }

    /// A supervision team.
    Team {
        /// `T1` to `T8`.
        code: String,
        /// Name in Chinese.
        name_zh: String,
        /// Name in English.
        name_en: String,
        /// The provinces that it checks.
        provinces: Vec<String>,
        /// That teams and their provinces are invented.
        invented: bool,
    }

    /// Why things block people.
    RootCause {
        /// Code.
        code: String,
        /// Name in Chinese.
        name_zh: String,
        /// What it means.
        description_en: String,
    }

    /// What clears a block.
    Remedy {
        /// Code.
        code: String,
        /// Name in Chinese.
        name_zh: String,
        /// Name in English.
        name_en: String,
        /// The test that verifies it, in Chinese.
        verification_zh: String,
        /// The test that verifies it, in English.
        verification_en: String,
    }

    /// A season of the programme.
    Campaign {
        /// `S1` to `S3`.
        code: String,
        /// Its name in addresses.
        slug: String,
        /// Number.
        season: u32,
        /// Name in Chinese.
        name_zh: String,
        /// Name in English.
        name_en: String,
        /// What it is for, in one sentence.
        purpose_zh: String,
        /// The same in English.
        purpose_en: String,
        /// What is seen while voting is open: `turnout` or `live`.
        display: String,
        /// Departments that host it.
        hosts: Vec<String>,
        /// First day of voting.
        voting_opens: NaiveDate,
        /// Last day of voting, which is still open.
        voting_closes: NaiveDate,
        /// Day of dispatch; none while voting is open.
        dispatched_on: Option<NaiveDate>,
        /// Last day for the fixes, before it is rolled to a working day.
        deadline: Option<NaiveDate>,
        /// How many options become issues.
        top_n: u32,
        /// Most options on one ballot.
        max_choices: u32,
        /// Ballots on both tracks.
        ballots: u32,
        /// Of these on the real-name track.
        ballots_real_name: u32,
        /// Views of the topic page.
        page_views: u32,
        /// Option votes on both tracks.
        option_votes: u32,
        /// Facts of this campaign that are assumed, not stated by the press.
        assumed: Vec<String>,
        /// The options, by votes.
        options: Vec<BallotOption>,
    }

    /// A line of a questionnaire with the votes it is to get.
    BallotOption {
        /// Code, unique over all campaigns.
        code: String,
        /// Number in the fixed order.
        ballot_no: u32,
        /// A full sentence.
        title_zh: String,
        /// The same in English.
        title_en: String,
        /// At most 12 characters.
        short_zh: String,
        /// At most 26 letters.
        short_en: String,
        /// Code of the theme.
        theme: String,
        /// The theme's name in Chinese.
        theme_zh: String,
        /// The theme's name in English.
        theme_en: String,
        /// Field of service.
        domain: String,
        /// Department in charge.
        lead_department: String,
        /// Supporting departments.
        co_departments: Vec<String>,
        /// Why it blocks.
        root_cause: String,
        /// What would clear it, most telling first.
        remedies: Vec<String>,
        /// `citizen` or `enterprise`.
        affected: String,
        /// `frontline_clerk` or `joint_ministry`.
        proposed_by: String,
        /// Option votes on both tracks.
        votes_all: u32,
        /// Of these on the real-name track.
        votes_real_name: u32,
        /// Rank in the tally; none while voting is open.
        expected_rank: Option<u32>,
        /// Whether it becomes an issue; none while voting is open.
        expected_selected: Option<bool>,
    }

    /// Good practice that the programme named for an option.
    PracticeCase {
        /// The option.
        option: String,
        /// Where it was done.
        provinces: Vec<String>,
        /// What was done, in Chinese.
        title_zh: String,
        /// What was done, in English.
        title_en: String,
        /// That the press on the programme named it.
        from_programme: bool,
    }

    /// Days on which the rule "Monday to Friday" does not hold.
    Calendar {
        /// Days off.
        holidays: Vec<NaiveDate>,
        /// Weekend days that are worked.
        makeup_working_days: Vec<NaiveDate>,
        /// Where the dates come from.
        note_en: String,
    }
}

#[cfg(test)]
mod tests;
