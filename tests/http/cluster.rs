//! The product on a PostgreSQL cluster whose standbys hear nothing. Whatever was answered has to be on a second disk.

use std::pin::pin;
use std::time::Duration;

use shudu::base::main_store::Changes;
use testing::topology::Topology;

use crate::ballot::voting;

/// Time for which the standbys hear nothing: answers take milliseconds otherwise.
const SILENCE: Duration = Duration::from_secs(4);

/// A connection may have waited too long by the end of the silence. The request is repeated then, as every client does.
macro_rules! answered {
    ($first:expr, $again:expr) => {
        match $first.await {
            late if late.status == 503 => $again.await,
            answer => answer,
        }
    };
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a cluster: scripts/cluster up"]
async fn nothing_is_answered_before_a_standby_has_it_not_even_what_was_done_before() {
    let topology = Topology::given();
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let (cast_before, new) = (voting::pass(&citizen).await, voting::pass(&citizen).await);
    voting::cast(&citizen, &cast_before, &["T1-2"]).await.expect(201);
    let own = voting::person_pass(&citizen, "王芳", voting::NUMBER).await.expect(200).json();
    let main = app.app.stores.main.clone();

    let silence = topology.silence();
    let mut again = pin!(voting::cast(&citizen, &cast_before, &["T1-2"]));
    let mut own_again = pin!(voting::person_pass(&citizen, "王芳", voting::NUMBER));
    let mut cast = pin!(voting::cast(&citizen, &new, &["T1-3"]));
    // A command that finds everything done already.
    let mut done = pin!(main.write(Changes::Internal, async |_| Ok(())));
    tokio::select! {
        answer = &mut again => panic!("a ballot that was cast before: {} {}", answer.status, answer.text()),
        answer = &mut own_again => panic!("a pass that was given before: {} {}", answer.status, answer.text()),
        answer = &mut cast => panic!("a new ballot: {} {}", answer.status, answer.text()),
        answer = &mut done => panic!("a command that changes nothing: {answer:?}"),
        () = tokio::time::sleep(SILENCE) => {}
    }
    drop(silence);
    topology.complete();
    answered!(again, voting::cast(&citizen, &cast_before, &["T1-2"])).expect(200);
    let same = answered!(own_again, voting::person_pass(&citizen, "王芳", voting::NUMBER)).expect(200).json();
    assert_eq!(same["pass"], own["pass"]);
    let cast = answered!(cast, voting::cast(&citizen, &new, &["T1-3"]));
    assert!(matches!(cast.status.as_u16(), 200 | 201), "{} {}", cast.status, cast.text());
    let _ = done.await;
    assert_eq!(voting::ballots(&app).await, 2);
}
