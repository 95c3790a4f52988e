//! A bare handler of poem: the same request, the same signature, and nothing between them. What the product does beyond that is
//! seen in the ratio.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use poem::listener::{Acceptor, Listener, TcpListener};
use poem::middleware::AddData;
use poem::web::{Data, Json};
use poem::{EndpointExt, Route, Server, handler, post};
use public_log::note::Signer;
use public_log::promise::{Promised, sign_alone};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shudu::base::keys::Key;

use crate::Anything;

/// Variable that makes this program serve the bare handler.
pub const VARIABLE: &str = "SHUDU_BENCH_BARE";

/// A ballot, as the product's API reads it.
#[derive(Deserialize)]
struct Ballot {
    pass: String,
    place: String,
    choices: Vec<String>,
}

#[derive(Serialize)]
struct Answer {
    promise: String,
}

#[handler]
fn cast(ballot: Json<Ballot>, signer: Data<&Arc<Signer>>) -> Json<Answer> {
    let Json(Ballot { pass, place, choices }) = ballot;
    let leaf = Sha256::digest(format!("{pass}\n{place}\n{}", choices.join(","))).into();
    Json(Answer { promise: sign_alone(&signer, "2018-05-10T00:00:00Z", &Promised { leaf, blinder: [7; 16] }) })
}

/// Serves the handler and prints its address.
pub async fn serve() -> Anything<()> {
    let signer = Arc::new(Signer::new("bench/log/b1", Key::ephemeral()?.ed25519()));
    let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await?;
    let address = acceptor.local_addr().first().and_then(|a| a.as_socket_addr().copied()).ok_or("no address")?;
    println!("http://{address}/ballots");
    let route = Route::new().at("/ballots", post(cast)).with(AddData::new(signer));
    Ok(Server::new_with_acceptor(acceptor).run(route).await?)
}

/// A process that serves the handler.
pub struct Bare {
    child: Child,
    /// Address of the handler.
    pub address: String,
}

impl Bare {
    pub fn start() -> Anything<Self> {
        let mut child = Command::new(std::env::current_exe()?).env(VARIABLE, "yes").stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take().ok_or("no output")?;
        let address = BufReader::new(out).lines().next().ok_or("the handler said nothing")??;
        Ok(Self { child, address })
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
