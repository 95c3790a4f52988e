use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn networks() -> Networks {
    Networks::new(Key::ephemeral().unwrap(), true)
}

fn noon() -> DateTime<Utc> {
    at("2026-03-01T12:00:00+08:00")
}

fn worker(networks: &Networks, peer: &str) -> Asker {
    networks.asker("s1", peer, Way::Work).unwrap()
}

fn take(networks: &Networks, peer: &str, cap: u32, system: DateTime<Utc>) -> Result<(), Full> {
    networks.take(&worker(networks, peer), cap, system.timestamp(), system)
}

#[test]
fn the_cap_of_an_address_is_reached_exactly_and_begins_anew_at_midnight_in_china() {
    let networks = networks();
    let late = at("2026-03-01T23:59:59+08:00");
    for _ in 0..5 {
        take(&networks, "192.0.2.1", 5, late).unwrap();
    }
    let full = Full { cap: 5, is_for_tickets: false };
    assert_eq!(take(&networks, "192.0.2.1", 5, late), Err(full));
    assert_eq!(networks.check(&worker(&networks, "192.0.2.1"), 5, late), Err(full));
    take(&networks, "192.0.2.2", 5, late).unwrap();
    assert!(networks.asker("s2", "192.0.2.1", Way::Work).is_some_and(|a| networks.check(&a, 1, late).is_ok()));
    take(&networks, "192.0.2.1", 5, late + TimeDelta::seconds(1)).unwrap();
}

#[test]
fn a_routed_network_has_ten_times_the_cap() {
    for (network, wide) in [("2001:db8:7", true), ("192.0.2", false)] {
        let networks = networks();
        for n in 1..=100u32 {
            let peer = if wide { format!("{network}:{n:x}::/64") } else { format!("{network}.{n}") };
            take(&networks, &peer, 10, noon()).unwrap();
        }
        let next = if wide { format!("{network}:ffff::/64") } else { format!("{network}.250") };
        assert_eq!(take(&networks, &next, 10, noon()), Err(Full { cap: 100, is_for_tickets: false }));
        let beside = if wide { "2001:db8:8::/64" } else { "192.0.3.1" };
        take(&networks, beside, 10, noon()).unwrap();
    }
}

#[test]
fn a_tenth_may_be_had_by_waiting_and_one_always() {
    for (cap, tickets) in [(50, 5), (9, 1), (1, 1)] {
        let networks = networks();
        let asker = networks.asker("s1", "192.0.2.1", Way::Ticket).unwrap();
        for _ in 0..tickets {
            networks.take(&asker, cap, 0, noon()).unwrap();
        }
        let refused = networks.take(&asker, cap, 0, noon()).unwrap_err();
        assert_eq!(refused.is_for_tickets, cap > 1);
        assert_eq!(take(&networks, "192.0.2.1", cap, noon()).is_ok(), cap > 1);
    }
}

#[test]
fn an_open_puzzle_counts_until_it_is_redeemed_or_expires() {
    let networks = networks();
    let asker = worker(&networks, "2001:db8:1:203::/64");
    let neighbour = worker(&networks, "2001:db8:1:2ff::/64");
    for n in 0..3 {
        let seen = networks.open(&asker, noon());
        assert_eq!((seen.count(Width::Address), seen.count(Width::Provider), seen.all), (n, n, n));
    }
    let seen = networks.open(&neighbour, noon());
    assert_eq!((seen.counts, seen.all), ([0, 3, 3, 3], 3));
    networks.take(&asker, 500, noon().timestamp(), noon()).unwrap();
    assert_eq!(networks.open(&asker, noon()).counts, [3, 4, 4, 4]);
    // Two hours later the puzzles that were never redeemed are gone, and the pass is still counted.
    let later = noon() + PUZZLE_LIFETIME + TimeDelta::seconds(BUCKET);
    assert_eq!(networks.open(&asker, later).counts, [1, 1, 1, 1]);
}

#[test]
fn an_address_that_takes_much_counts_little_in_the_networks_around_it() {
    let networks = networks();
    let burning = worker(&networks, "2001:db8:1:203::/64");
    for _ in 0..300 {
        networks.open(&burning, noon());
        networks.take(&burning, 500, noon().timestamp(), noon()).unwrap();
    }
    for _ in 0..100 {
        networks.open(&burning, noon());
    }
    assert_eq!(networks.open(&burning, noon()).counts, [400, 20, 20, 20]);
    for (neighbour, counts) in [
        ("2001:db8:1:2ff::/64", [0, 20, 20, 20]),
        ("2001:db8:1::/64", [0, 0, 21, 21]),
        ("2001:db8::/64", [0, 0, 0, 22]),
    ] {
        let seen = networks.open(&worker(&networks, neighbour), noon());
        assert_eq!(seen.counts, counts, "{neighbour}");
    }
    // The puzzles that were never redeemed are gone; the passes that were taken are still counted.
    let later = noon() + PUZZLE_LIFETIME + TimeDelta::seconds(BUCKET);
    assert_eq!(networks.open(&burning, later).counts, [300, 20, 20, 20]);
    // The cap of the routed network counts all passes.
    assert_eq!(
        networks.check(&worker(&networks, "2001:db8:1::/64"), 30, noon()),
        Err(Full { cap: 300, is_for_tickets: false })
    );
}

#[test]
fn nobody_is_not_counted_and_neither_is_anybody_where_limits_are_lifted() {
    assert!(networks().asker("s1", "", Way::Work).is_none());
    assert!(Networks::new(Key::ephemeral().unwrap(), false).asker("s1", "192.0.2.1", Way::Work).is_none());
}

#[test]
fn concentration_is_told_of_more_than_ten_networks_with_fifty_passes() {
    let networks = networks();
    for n in 0..10 {
        for _ in 0..5 {
            take(&networks, &format!("192.0.{n}.1"), 500, noon()).unwrap();
        }
    }
    let told = networks.concentration("s1", noon());
    assert_eq!(told, Concentration { passes: 50, addresses: None, routed: None });
    for n in 0..50 {
        take(&networks, &format!("198.51.100.{n}"), 500, noon()).unwrap();
    }
    let told = networks.concentration("s1", noon());
    assert_eq!(told, Concentration { passes: 100, addresses: Some(50), routed: Some(95) });
    assert_eq!(networks.concentration("s2", noon()).passes, 0);
    assert_eq!(networks.concentration("s1", noon() + TimeDelta::days(1)).passes, 0);
}
