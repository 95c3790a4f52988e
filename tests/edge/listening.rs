//! The product on a socket of its own, inside the process of the test.

use std::net::SocketAddr;
use std::time::Duration;

use shudu::edge::Edge;
use shudu::server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use testing::{TestApp, given};

/// A site that listens on a socket, with the open campaign `t1`.
pub struct Site {
    pub app: TestApp,
    pub address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Site {
    pub async fn new(change: impl FnOnce(&mut Edge)) -> Self {
        let app = TestApp::with_config(|config| change(&mut config.edge)).await;
        let people = given::organisation(&app).await;
        given::open(&app, &people, "t1").await;
        let (tell, told) = oneshot::channel();
        let (endpoint, edge) = (server::endpoint(&app.app).unwrap(), app.app.config.edge.clone());
        let serving = tokio::spawn(async move {
            let ready = |address| tell.send(address).unwrap();
            server::listen(([127, 0, 0, 1], 0).into(), &edge, endpoint, server::stopped(), ready).await.unwrap();
        });
        Self { app, address: told.await.unwrap(), serving }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Opens a connection and sends `text`.
    pub async fn says(&self, text: &str) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        socket.write_all(text.as_bytes()).await.unwrap();
        socket
    }

    /// Casts a ballot as a program does. Gives the status of the answer; 0 where no answer came.
    pub async fn votes(&self, client: &reqwest::Client) -> u16 {
        let pass = given::pass(&self.app, "t1").await.encode();
        let ballot = serde_json::json!({ "pass": pass, "place": "320000", "choices": ["T1-1"] });
        let sent = client.post(self.url("/api/v1/campaigns/t1/ballots")).json(&ballot).send().await;
        sent.map_or(0, |answer| answer.status().as_u16())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Everything that the server sends until it closes the connection; none where the connection is still open after 60 seconds.
pub async fn rest(socket: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(60), socket.read_to_end(&mut bytes)).await;
    // A reset closes the connection, too.
    read.ok().map(|_| String::from_utf8_lossy(&bytes).into_owned())
}
