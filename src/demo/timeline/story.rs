//! The acts on one assignment, in working days since its dispatch.
//!
//! The acceptance figures put each row into a set: season 1 resolved by mid-May, by June, or open; season 2 resolved or open.
//! Within its set a row draws a random story. Four rows have a fixed story: one is returned and ruled back, one is exempted, one
//! is rejected by its team and done again, one relapses and is done again.
//!
//! Day 0 is the day of dispatch. Season 1: 3 is 14 May, 13 is 28 May, 20 is 6 June, 27 is 15 June, 29 is 20 June, 31 is
//! 22 June. Season 2: 2 is 19 June (the 18th is a holiday), 4 is 21 June, 5 is 22 June.

use chrono::NaiveDate;

use super::super::data::{BallotOption, Programme, Province};
use super::Act;
use super::row::AssignmentTimeline;

/// The row that is returned within the limit, ruled back and then acknowledged.
pub const RETURNED: (&str, &str) = ("S1-10", "610000");
/// The row that is exempted: the service does not exist in the province.
pub const EXEMPTED: (&str, &str) = ("S2-15", "540000");
/// The row that is signed, rejected by the team, reported and signed again.
pub const REJECTED: (&str, &str) = ("S2-12", "320000");
/// The row that is signed in May, verified, relapsed, reported and signed again.
pub const RELAPSED: (&str, &str) = ("S1-02", "520000");

/// The acts on one row with the numbers of their working days, in order.
#[must_use]
pub fn acts(
    programme: &Programme,
    option: &BallotOption,
    province: &Province,
    days: &[NaiveDate],
) -> Vec<(usize, Act)> {
    let figures = &programme.acceptance;
    let number = |day: NaiveDate| days.iter().position(|working| *working == day).unwrap_or_default();
    let first = figures.batch1_by_issue.iter().find(|row| row.issue == option.code);
    let second = figures.batch2_by_issue.iter().find(|row| row.issue == option.code);
    let has = |provinces: &[String]| provinces.contains(&province.code);

    let mut row = AssignmentTimeline::new(programme, option, province, days);
    let signed = &figures.event_date_hint;
    match (option.code.as_str(), province.code.as_str()) {
        RETURNED => row.returned(),
        EXEMPTED => row.exempted(),
        REJECTED => row.rejected(number(signed.batch2)),
        RELAPSED => row.relapsed(number(signed.batch1_mid_may_set), number(signed.batch1_added_by_june)),
        _ => match (first, second) {
            (Some(issue), _) if has(&issue.resolved_mid_may) => row.quick(number(signed.batch1_mid_may_set)),
            (Some(issue), _) if has(&issue.resolved_june_22) => row.steady(number(signed.batch1_added_by_june)),
            (_, Some(issue)) if has(&issue.resolved_june_22) => row.young(number(signed.batch2)),
            (Some(_), _) => row.open(number(figures.as_of.june)),
            _ => row.young_open(number(figures.as_of.june)),
        },
    }
    row.acts
}

/// The possible stories of a row.
impl AssignmentTimeline<'_> {
    /// Story for season 1, signed in mid-May; about half of these rows are verified from 28 May to 15 June.
    fn quick(&mut self, signed: usize) {
        let taken = self.between(0, 1);
        self.acknowledge(taken);
        let planned = self.between(1, 2);
        self.plan(planned, signed);
        let reported = self.between(2, signed);
        self.report(reported, false);
        self.add(signed, Act::Sign);
        if self.prng.chance(50) {
            let verified = self.between(13, 27);
            self.verify(verified);
        }
    }

    /// Story for season 1, signed in June; some reports are sent back first.
    fn steady(&mut self, signed: usize) {
        self.acknowledge_perhaps_late();
        let planned = self.between(4, 8);
        self.plan(planned, signed);
        if self.prng.chance(8) {
            let early = self.between(17, 21);
            self.sent_back(early);
        }
        let reported = self.between(24, signed);
        self.report(reported, false);
        self.add(signed, Act::Sign);
    }

    /// Story for season 1, not resolved: in work, partly done, sent back, or hardly begun.
    fn open(&mut self, today: usize) {
        self.acknowledge_perhaps_late();
        let draw = self.prng.below(100);
        if draw < 5 {
            return;
        }
        let planned = self.between(4, 12);
        self.plan(planned, usize::MAX);
        if draw < 24 {
            let reported = self.between(18, today);
            self.report(reported, true);
        } else if draw < 29 {
            let reported = self.between(17, 27);
            self.sent_back(reported);
        }
    }

    /// Story for season 2, signed within five working days; a few of these rows are verified the day after.
    fn young(&mut self, signed: usize) {
        let taken = self.between(0, 1);
        self.acknowledge(taken);
        let planned = self.between(1, 2);
        self.plan(planned, signed);
        if self.prng.chance(6) {
            self.report(2, false);
            self.send_back(3);
            self.report(signed, false);
        } else {
            let reported = self.between(2, signed);
            self.report(reported, false);
        }
        self.add(signed, Act::Sign);
        if self.prng.chance(5) {
            self.verify(signed + 1);
        }
    }

    /// Story for season 2, not resolved: mostly in work after eight days.
    fn young_open(&mut self, today: usize) {
        let taken = self.between(0, 1);
        self.acknowledge(taken);
        let draw = self.prng.below(100);
        if draw < 7 {
            return;
        }
        let planned = self.between(1, if draw < 19 { 2 } else { today });
        self.plan(planned, usize::MAX);
        if draw < 16 {
            let reported = self.between(3, today);
            self.report(reported, true);
        } else if draw < 19 {
            self.report(3, true);
            let day = self.between(4, today);
            self.send_back(day);
        }
    }

    fn returned(&mut self) {
        let basis = "民航安保由民航系统垂直管理，省级职责清单里没有这一项，建议改派。";
        self.add(1, Act::Return { basis: basis.into() });
        let ruling = "机场公安与地方公安都有份，按首接负责由省里牵头，民航方面配合。期限不变。";
        self.add(2, Act::RuleBack { ruling: ruling.into() });
        self.acknowledge(3);
        self.plan(6, usize::MAX);
    }

    fn exempted(&mut self) {
        self.acknowledge(1);
        let basis = "本区出口企业的退税由其他机构集中受理，本区窗口不收这些单证，这件事在本区不存在。";
        self.add(2, Act::RequestExemption { class: "no_such_service".into(), basis: basis.into() });
        let basis = "已问过主管部委：本区没有这个窗口，群众不会遇到。同意不适用，仍计入总数。";
        self.add(4, Act::Exempt { basis: basis.into() });
    }

    fn rejected(&mut self, signed_again: usize) {
        self.acknowledge(0);
        self.plan(1, signed_again);
        self.report(2, false);
        self.add(2, Act::Sign);
        let finding = "到三个窗口试办，两个窗口仍收营业执照复印件，与报告不符。";
        self.add(3, Act::Reject { finding: finding.into() });
        self.report(signed_again, false);
        self.add(signed_again, Act::Sign);
    }

    fn relapsed(&mut self, signed: usize, signed_again: usize) {
        self.acknowledge(0);
        self.plan(1, signed);
        self.report(2, false);
        self.add(signed, Act::Sign);
        self.verify(14);
        let finding = "回访二十人，六人说窗口又要了身份证复印件，现场试办一件，也被要求再交。";
        self.add(20, Act::Relapse { finding: finding.into() });
        self.report(signed_again.saturating_sub(1), false);
        self.add(signed_again, Act::Sign);
    }
}
