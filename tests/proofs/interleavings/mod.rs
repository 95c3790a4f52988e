//! Random sequences of events against a model (property-based testing): passes are requested, ballots are cast, repeated and
//! contradicted, voting is halted and resumed, batches are sealed, the product is cut off, the close passes, and the campaign is
//! counted.

mod model;
mod running_app;

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};

use self::model::{Model, Try};
use testing::proof::{Proof, size};

/// One event of a sequence.
#[derive(Clone, Debug)]
enum Event {
    Ask,
    AskAs(usize),
    Cast(Vec<Try>),
    CrashWhileCasting(Vec<Try>, u64),
    CrashWhileSealing(u64),
    Seal,
    Tick,
    Halt,
    GoOn,
    Close,
    Count,
}

fn event() -> impl Strategy<Value = Event> {
    let tries = |most: usize| prop::collection::vec((0usize..64, 0usize..4), 1..most);
    prop_oneof![
        10 => Just(Event::Ask),
        4 => (0usize..4).prop_map(Event::AskAs),
        10 => tries(3).prop_map(Event::Cast),
        4 => tries(40).prop_map(Event::Cast),
        3 => (tries(40), 0u64..6_000).prop_map(|(tries, micros)| Event::CrashWhileCasting(tries, micros)),
        2 => (0u64..12_000).prop_map(Event::CrashWhileSealing),
        3 => Just(Event::Seal),
        2 => Just(Event::Tick),
        1 => Just(Event::Halt),
        2 => Just(Event::GoOn),
        1 => Just(Event::Close),
        1 => Just(Event::Count),
    ]
}

fn happen(events: &[Event]) {
    let mut model = Model::new();
    for event in events {
        match event {
            Event::Ask => model.ask(),
            Event::AskAs(person) => model.ask_as(*person),
            Event::Cast(tries) => model.cast(tries),
            Event::CrashWhileCasting(tries, micros) => model.crash_while_casting(tries, Duration::from_micros(*micros)),
            Event::CrashWhileSealing(micros) => model.crash_while_sealing(Duration::from_micros(*micros)),
            Event::Seal => model.seal(),
            Event::Tick => model.tick(),
            Event::Halt => model.halt(true),
            Event::GoOn => model.halt(false),
            Event::Close => model.close(),
            Event::Count => model.count(),
        }
        model.check();
    }
    model.finish();
}

#[test]
fn whatever_happens_in_whatever_order_every_pass_has_one_ballot_at_most_and_none_is_lost() {
    // This proof copies and cuts off files, so it does not run on a database server; databases on a server have proofs of their
    // own.
    if std::env::var("TEST_DATABASE_URL").is_ok_and(|url| !url.is_empty()) {
        return;
    }
    let proof = Proof::of(
        "over any order of events, cuts included: one ballot a pass, none lost, none after the close, counts = recount = log, the log only grows",
    );
    let config =
        Config { cases: size(12, 1_000), failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let outcome = TestRunner::new(config).run(&prop::collection::vec(event(), 5..40), |events| {
        happen(&events);
        proof.held(1);
        Ok(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(why, events)) => proof.fail(format!("{why}, after {events:?}")),
        Err(other) => proof.fail(other.to_string()),
    }
    proof.end();
}
