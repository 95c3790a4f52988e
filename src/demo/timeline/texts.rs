//! Texts that provinces and teams write in the demo: plain sentences by root cause and remedy, none about a real place.

use super::super::data::{BallotOption, Province};
use super::super::prng::Prng;
use crate::programme::offices;

/// The reason for the pain point, for the plan.
#[must_use]
pub fn why(option: &BallotOption, prng: &mut Prng) -> String {
    cause(option).and_then(|(_, why, _)| prng.pick(why)).map_or(String::new(), |text| (*text).into())
}

/// The state before the fix, for the report.
#[must_use]
pub fn before(option: &BallotOption, prng: &mut Prng) -> String {
    cause(option).and_then(|(_, _, before)| prng.pick(before)).map_or(String::new(), |text| (*text).into())
}

/// The planned fix, remedy by remedy, for the plan.
#[must_use]
pub fn remedy(option: &BallotOption) -> String {
    remedies(option).map(|(_, plan, _, _)| *plan).collect()
}

/// The state after the fix, remedy by remedy, for the report.
#[must_use]
pub fn after(option: &BallotOption) -> String {
    remedies(option).map(|(_, _, after, _)| *after).collect()
}

/// The observations of a team that confirms a fix.
#[must_use]
pub fn held(option: &BallotOption, prng: &mut Prng) -> String {
    let sample = (10 + prng.below(31)).to_string();
    remedies(option).map(|(_, _, _, held)| held.replace("{k}", &sample)).take(1).collect()
}

/// The reason why a coordinator does not sign yet.
#[must_use]
pub fn not_yet(prng: &mut Prng) -> String {
    prng.pick(&NOT_YET).map_or(String::new(), |text| (*text).into())
}

/// The department of a province that corresponds to a ministry.
#[must_use]
pub fn department(province: &Province, ministry: &str) -> String {
    offices::office(&province.code, &province.name_zh, ministry)
}

/// The number of counties, districts and county-level cities in a province; a fix has to reach all of them.
#[must_use]
pub fn counties(province: &str) -> u32 {
    COUNTIES.iter().find(|(code, _)| *code == province).map_or(100, |(_, count)| *count)
}

fn cause(option: &BallotOption) -> Option<&'static Cause> {
    CAUSES.iter().find(|(code, ..)| *code == option.root_cause)
}

fn remedies(option: &BallotOption) -> impl Iterator<Item = &'static Remedy> {
    option.remedies.iter().filter_map(|code| REMEDIES.iter().find(|(known, ..)| known == code))
}

type Cause = (&'static str, [&'static str; 2], [&'static str; 2]);
type Remedy = (&'static str, &'static str, &'static str, &'static str);

/// Root cause, reason for the pain point, and state before the fix.
const CAUSES: [Cause; 9] = [
    (
        "repeat_filling",
        [
            "各部门的表格各设各的，窗口系统之间不通，同样的信息只能一遍遍写。",
            "信息早已入库，表格却没有接库，系统不会自动带出。",
        ],
        ["同样的信息每张表都要重写，一件事平均写三张表。", "在每个窗口都要从头填表，写错一处就重来。"],
    ),
    (
        "repeat_materials",
        ["材料只存在收件的窗口，别的窗口看不到，只好再收一份。", "材料清单多年没有清理，能核验的材料仍要求交复印件。"],
        ["办下一件事，同样的复印件还要再交一份。", "材料清单列了七项，其中四项别的窗口已经收过。"],
    ),
    (
        "odd_proof",
        ["要证明的一方说不出依据，开证明的一方又无从核实。", "规定没有写明不得索要，窗口怕担责，就一律要证明。"],
        ["在几家单位之间来回跑，平均三趟才拿到证明。", "说不清该由哪家开，证明常常开不出来。"],
    ),
    (
        "remote_handling",
        ["业务系统按属地授权，外地窗口没有受理权限。", "两地之间没有收件和转办的规矩，外地收了件也无处可送。"],
        ["人在外地，要专程回去一趟，来回至少两天。", "外地窗口不收件，只能请假回去办。"],
    ),
    (
        "queueing",
        ["高峰时没有增开窗口，也没有自助设备。", "只有人工窗口一条路，人一多就排队。"],
        ["现场排队，平均等四十分钟。", "高峰时队伍排到大厅外，赶时间的人办不上。"],
    ),
    (
        "data_not_shared",
        ["数据在别的部门手里，没有接口，窗口查不到。", "两边的数据格式不一致，没有人负责对齐，共享一直没有接通。"],
        ["要自己去开纸质材料，再交到窗口。", "窗口查不到，只认盖章的纸件。"],
    ),
    (
        "process_too_long",
        ["几个部门一个接一个审，前一家不办完，后一家不开始。", "环节里有三步只是转交，没有实际审查。"],
        ["前后六个环节，平均十五个工作日。", "要跑四个窗口，每个窗口重新取号。"],
    ),
    (
        "unclear_standard",
        ["各地的办事指南各写各的，同一条规则说法不同。", "规则只在窗口人员心里，没有写出来给人看。"],
        ["改了几回才通过，不知道规则在哪里。", "同一个问题，两个窗口说法不一样。"],
    ),
    (
        "no_online_channel",
        ["业务系统只在内网，没有对外的入口。", "数据在系统里，没有网上和手机的出口，到不了人手里。"],
        ["网上和手机上都办不了，也收不到消息。", "只有窗口一条路，错过了就得再跑一趟。"],
    ),
];

/// Remedy, planned fix, state after the fix, and observations of the team.
const REMEDIES: [Remedy; 17] = [
    (
        "data_sharing",
        "接通共享平台的核验接口，窗口自己查，不再要材料。",
        "窗口通过共享平台核验，这份材料不再收。",
        "抽查{k}件已办件，接口日志与受理回执对得上，没有收取该材料。",
    ),
    (
        "form_prefill",
        "表单接入基础库，已有的信息自动带出，只需核对。",
        "表单自动带出已有信息，要手写的由十六项减到五项。",
        "用测试账号走了一遍表单，已知信息自动带出，可以更正。",
    ),
    (
        "e_certificate",
        "窗口认电子证照，库里有的不再收复印件。",
        "出示电子证照就能办，窗口不再留复印件。",
        "在{k}个窗口出示电子证照，都没有要复印件。",
    ),
    (
        "cancel_proof",
        "取消这项证明，公布清单，窗口不得再要。",
        "证明已列入取消清单，办事指南和窗口清单同时删除。",
        "看了{k}处窗口，办事指南和窗口清单里都没有这项证明。",
    ),
    (
        "notify_commit",
        "改为书面承诺，事后核查，不再要证明。",
        "签一份承诺书就能办，部门事后核查。",
        "抽查{k}份承诺书，都有事后核查记录。",
    ),
    (
        "internal_check",
        "由部门之间发协查单核实，不让办事人自己去开。",
        "部门内部协查，三个工作日内答复，办事人不用再跑。",
        "抽查{k}张协查单，办事人都没有被要求自己开具。",
    ),
    (
        "remote_acceptance",
        "外地窗口收件，属地审批，结果寄送。",
        "在外地窗口就能交件，属地审批后寄到手里，不用回去。",
        "在外地窗口提交一件，当场取得受理编号，另抽查{k}件均已寄达。",
    ),
    (
        "one_window",
        "几个窗口合成一个综合窗口，一次取号办完。",
        "综合窗口一次取号，几件事一起办完。",
        "取一次号办完了全部事项，现场另问{k}人，都只取了一次号。",
    ),
    (
        "process_merge",
        "几个环节并成一次受理，同步审查。",
        "六个环节并为两个，同步审查，平均五个工作日办完。",
        "对照改前改后的流程图，抽查{k}件，办结时间与报告一致。",
    ),
    (
        "time_cut",
        "把承诺时限减半，快到期时提醒负责人。",
        "承诺时限由十五个工作日减到七个。",
        "抽查{k}件，办结时间的中位数为五个工作日。",
    ),
    (
        "online_full",
        "开通全程网上办理，材料网上交，结果网上领。",
        "网上可以从头办到尾，不用到窗口。",
        "网上从头办了一件，没有到过窗口，另抽查{k}件，都没有到场记录。",
    ),
    (
        "appointment",
        "开通分时段预约，到号前发提醒。",
        "可以按半小时预约，到号前一小时有短信提醒。",
        "预约{k}个号，都按时段叫到，提醒都收到了。",
    ),
    ("mobile", "开通手机办理。", "手机上就能办，平均两分钟。", "用手机办了{k}件，最慢的用了三分钟。"),
    (
        "proactive",
        "到期前主动联系，愿意的上门代办。",
        "到期前两个月主动联系，不用自己记日子。",
        "抽查{k}人的名单，都在到期前联系过。",
    ),
    (
        "self_service",
        "在人多的地方放自助机，刷脸核验后当场打印。",
        "自助机当场打印，不用排队。",
        "在自助机上办了{k}件，都当场打印。",
    ),
    (
        "standardise",
        "各县区用同一份办事指南，材料名称逐项统一。",
        "各县区用同一份指南，要交什么写得清清楚楚。",
        "抽看{k}个县区的办事指南，要素逐项一致。",
    ),
    (
        "notify_sms",
        "到期前发短信提醒，附上办理入口。",
        "到期前三个月发短信提醒，点开就能预约。",
        "抽查{k}条提醒，都有送达记录。",
    ),
];

const NOT_YET: [&str; 4] = [
    "只写了市区的做法，县里的窗口怎么办没有说，请补。",
    "通知只有标题，没有附新旧办事指南的对照，请补。",
    "前后对比没有数字，看不出少交了哪几份材料，请补。",
    "抽问了两个窗口，还不知道新办法，请先培训再上报。",
];

#[rustfmt::skip]
const COUNTIES: [(&str, u32); 31] = [
    ("110000", 16), ("120000", 16), ("130000", 168), ("140000", 117), ("150000", 103), ("210000", 100), ("220000", 60),
    ("230000", 121), ("310000", 16), ("320000", 96), ("330000", 89), ("340000", 105), ("350000", 85), ("360000", 100),
    ("370000", 137), ("410000", 158), ("420000", 103), ("430000", 122), ("440000", 122), ("450000", 111), ("460000", 23),
    ("500000", 38), ("510000", 183), ("520000", 88), ("530000", 129), ("540000", 74), ("610000", 107), ("620000", 86),
    ("630000", 44), ("640000", 22), ("650000", 105),
];
