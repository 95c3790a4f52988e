//! One assignment and the acts on it, each with its texts, dates and files.

use chrono::NaiveDate;

use super::super::data::{BallotOption, Programme, Province};
use super::super::prng::Prng;
use super::{Act, texts};

/// One assignment while its story is invented.
pub(super) struct AssignmentTimeline<'a> {
    /// Programme with the remedies and practice cases.
    programme: &'a Programme,
    option: &'a BallotOption,
    province: &'a Province,
    days: &'a [NaiveDate],
    /// Fixed pseudorandom numbers of this row.
    pub(super) prng: Prng,
    /// Acts so far, each with the number of its working day.
    pub(super) acts: Vec<(usize, Act)>,
}

impl<'a> AssignmentTimeline<'a> {
    /// An assignment without any act.
    pub(super) fn new(
        programme: &'a Programme,
        option: &'a BallotOption,
        province: &'a Province,
        days: &'a [NaiveDate],
    ) -> Self {
        let prng = Prng::of(&["story", &option.code, &province.code]);
        Self { programme, option, province, days, prng, acts: Vec::new() }
    }

    pub(super) fn add(&mut self, day: usize, act: Act) {
        self.acts.push((day, act));
    }

    /// A random working day between two days, both inclusive.
    pub(super) fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.prng.below(last.saturating_sub(first) + 1)
    }

    fn day(&self, number: usize) -> NaiveDate {
        self.days.get(number).or(self.days.last()).copied().unwrap_or_default()
    }

    pub(super) fn acknowledge(&mut self, day: usize) {
        let department = texts::department(self.province, &self.option.lead_department);
        self.add(day, Act::Acknowledge { department });
    }

    /// Acknowledges nearly always within the limit of one working day, and in a few cases one or two days late.
    pub(super) fn acknowledge_perhaps_late(&mut self) {
        let day = if self.prng.chance(3) { self.between(2, 3) } else { self.between(0, 1) };
        self.acknowledge(day);
    }

    /// Adds a plan whose last milestone is day `done`, or the last working day before the deadline.
    pub(super) fn plan(&mut self, day: usize, done: usize) {
        let done = done.min(self.days.len().saturating_sub(1));
        let mut milestones = vec![
            (self.day(day + done.saturating_sub(day) / 3), "新的办事指南定稿，通知印发到各县区".to_owned()),
            (self.day(day.midpoint(done)), "两个县区先试，改掉试出来的问题".to_owned()),
            (self.day(done), format!("{}个县区全部实行", texts::counties(&self.province.code))),
        ];
        milestones.dedup_by_key(|(day, _)| *day);
        let root_cause = texts::why(self.option, &mut self.prng);
        let remedy = texts::remedy(self.option);
        self.add(day, Act::Plan { root_cause, remedy, milestones });
    }

    /// Adds a report that covers every county, or only a part of them.
    pub(super) fn report(&mut self, day: usize, partly: bool) {
        let total = texts::counties(&self.province.code);
        let share = 30 + self.prng.below(66) as u32;
        let covered = if partly { (total * share / 100).clamp(1, total - 1) } else { total };
        let again = self.acts.iter().filter(|(_, act)| matches!(act, Act::Report { .. })).count();
        let since = self.acts.last().map_or(day, |(last, _)| *last);
        let in_force = self.between(since, day);
        let effective_on = self.day(in_force);

        let mut after = texts::after(self.option);
        let cases = &self.programme.practice_cases;
        if let Some(case) =
            cases.iter().find(|case| case.option == self.option.code && case.provinces.contains(&self.province.code))
        {
            after = format!("{}。{after}", case.title_zh);
        }
        after += &match (again > 0, total - covered) {
            (true, _) => format!("上次指出的问题已改，{covered}个县区的窗口逐个看过。"),
            (false, 0) => format!("{total}个县区都已实行。"),
            (false, rest) => format!("{covered}个县区已实行，还有{rest}个正在推开。"),
        };
        let before = texts::before(self.option, &mut self.prng);
        let sheets = 1 + usize::from(self.prng.chance(33));
        let evidence =
            (1..=sheets).map(|sheet| self.evidence(sheet, again + 1, effective_on, covered, total)).collect();
        self.add(day, Act::Report { before, after, effective_on, covered, total, evidence });
    }

    /// A file name, and a text that no other file of the demo has.
    fn evidence(&self, sheet: usize, report: usize, since: NaiveDate, covered: u32, total: u32) -> (String, String) {
        let (issue, province) = (&self.option.code, &self.province.code);
        let (kind, title) =
            if sheet == 1 { ("通知", "Notice to all windows") } else { ("抽样", "Sample of cases") };
        let text = format!(
            "Shudu demo - invented evidence, not a real document\n{title}\n\
             Issue {issue}: {}\nProvince {province}: {}\nReport {report}, sheet {sheet}\n\
             In force since {since}\nCounties covered: {covered} of {total}",
            self.option.short_en, self.province.name_en
        );
        (format!("{kind}-{issue}-{province}-{report}.pdf"), text)
    }

    pub(super) fn send_back(&mut self, day: usize) {
        let reason = texts::not_yet(&mut self.prng);
        self.add(day, Act::SendBack { reason });
    }

    /// Adds a report that the coordinator sends back one or two days later.
    pub(super) fn sent_back(&mut self, day: usize) {
        self.report(day, true);
        let later = self.between(day + 1, day + 2);
        self.send_back(later);
    }

    pub(super) fn verify(&mut self, day: usize) {
        let first = self.option.remedies.first();
        let remedy = self.programme.remedies.iter().find(|remedy| Some(&remedy.code) == first);
        let test = remedy.map(|remedy| remedy.verification_zh.clone()).unwrap_or_default();
        let findings = texts::held(self.option, &mut self.prng);
        self.add(day, Act::Verify { test, findings });
    }
}
