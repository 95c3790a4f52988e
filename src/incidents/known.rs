//! Incidents that the program itself publishes at a site that an earlier version served, once at each site.

/// A known incident, in both languages.
pub struct Known {
    /// Name under which a site remembers that the incident is published.
    pub name: &'static str,
    /// Title of the incident, one line, in Chinese and in English.
    pub title: (&'static str, &'static str),
    /// Text in Chinese and in English: the event, its meaning, and advice to readers.
    pub text: (&'static str, &'static str),
}

/// Versions up to 28 November 2026 compared only the first 8 of the 32 bytes of a receipt, and signed a promise over the
/// receipt as it was typed.
pub const RECEIPTS_BY_BEGINNING: Known = Known {
    name: "receipts-by-beginning",
    title: ("旧版本曾为不存在的选票签发承诺", "An earlier version signed promises for ballots that do not exist"),
    text: (
        "本站旧版本核对回执时只比对前16位（共64位）。只要前16位与某张真实选票相同，后面怎么改，都会显示“投票已收到”，并能下载到一份签名承诺。\n\
         这不影响选票和计票：没有一张选票因此增加、减少或改变，公开日志和计票结果照常可以核对。\n\
         但是，凭旧版本签发的承诺，不能断定本站漏掉了选票：核对程序对这样的承诺会报“承诺没有兑现”，而它写的那张选票可能从未存在过。\n\
         如果您手里有承诺，请在计票后用核对程序查它写的那串64位散列值（回执）是否在公开日志里。查得到的，承诺有效；查不到的，请先与投票时保存的回执逐位对照；仍然查不到，请交给监督方。",
        "An earlier version of this site compared only the first 16 of the 64 digits of a receipt. Whoever changed later digits of a real \
         receipt was told that the ballot is in, and could download a signed promise for it.\n\
         No ballot and no count is affected: none was added, lost or changed by it, and the public log can be counted again as before.\n\
         But a promise signed by that version does not show by itself that this site left out a ballot: a verifier reports such a promise \
         as broken although the ballot that it names may never have existed.\n\
         If you hold a promise, look its 64 digits up in the public log after the count, with a verifier. If they are found, the promise \
         stands. If not, compare them with the receipt that you kept when you voted, and if they are still not found, hand it to a supervisor.",
    ),
};
