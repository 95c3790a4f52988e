//! Names of the provincial offices that answer to a ministry: suggestions for forms, never a rule.

/// Codes of the provinces that are one city, whose offices have the names of city offices.
const CITIES: [&str; 4] = ["110000", "120000", "310000", "500000"];

/// The usual name of an office, from the code and name of the province and the code of the ministry.
#[must_use]
pub fn office(province: &str, name_zh: &str, ministry: &str) -> String {
    let city = CITIES.contains(&province);
    let office = match (ministry, city) {
        ("MPS", true) => "公安局",
        ("MPS", false) => "公安厅",
        ("NIA", true) => "公安局出入境管理局",
        ("NIA", false) => "公安厅出入境管理局",
        ("CAAC", _) => "机场公安机关",
        ("MOE", true) => "教育委员会",
        ("MOE", false) => "教育厅",
        ("MCA", true) => "民政局",
        ("MCA", false) => "民政厅",
        ("NHC", _) => "卫生健康委员会",
        ("MOHRSS", true) => "人力资源和社会保障局",
        ("MOHRSS", false) => "人力资源和社会保障厅",
        ("SAMR", _) => "市场监督管理局",
        ("PBOC", _) => "人民银行分支机构",
        ("STA", _) => "税务局",
        ("MNR", true) => "规划和自然资源局",
        ("MNR", false) => "自然资源厅",
        ("MOHURD", true) => "住房和城乡建设委员会",
        ("MOHURD", false) => "住房和城乡建设厅",
        _ => "发展和改革委员会",
    };
    format!("{name_zh}{office}")
}
