//! The parts of the dashboard, each at an address of its own.

/// A part of the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The finding, the figures and a bar for each issue.
    Summary,
    /// One mark for each assignment.
    Matrix,
    /// A table by campaign, where several are shown.
    Campaigns,
    /// A table by issue.
    Issues,
    /// A table by province.
    Provinces,
    /// A table by supervision team.
    Teams,
    /// Rates over the days since the dispatch.
    Trend,
    /// The list of assignments behind a figure.
    Assignments,
}

impl Part {
    /// All parts, in the order of the links.
    pub const ALL: [Self; 8] = [
        Self::Summary,
        Self::Matrix,
        Self::Campaigns,
        Self::Issues,
        Self::Provinces,
        Self::Teams,
        Self::Trend,
        Self::Assignments,
    ];

    /// Address of the part.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Summary => "/dashboard",
            Self::Matrix => "/dashboard/matrix",
            Self::Campaigns => "/dashboard/campaigns",
            Self::Issues => "/dashboard/issues",
            Self::Provinces => "/dashboard/provinces",
            Self::Teams => "/dashboard/teams",
            Self::Trend => "/dashboard/trend",
            Self::Assignments => "/dashboard/assignments",
        }
    }

    /// Word of the part, the last one of its address.
    pub fn word(self) -> &'static str {
        self.path().rsplit('/').next().unwrap_or_default()
    }

    /// The part of an address below `/dashboard/`.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().filter(|part| *part != Self::Summary).find(|part| part.word() == word)
    }
}
