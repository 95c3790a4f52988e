//! A site that is prepared before its server starts: staff and an open campaign, through the ordinary commands.

use std::sync::Arc;

use entity::stored::{CampaignMove, Role};
use shudu::app::App;
use shudu::base::ctx::{Actor, Ctx, Grant};
use shudu::base::main_store::Changes;
use shudu::campaign::commands as campaigns;
use shudu::campaign::draft::Draft;
use shudu::campaign::options::NewOption;

/// Makes an account with a password, and gives the context of its holder at the present instant.
pub async fn staff(app: &App, login: &str, role: Role, password: &str) -> Ctx {
    let system = Ctx::system("test", &app.clock);
    let new = shudu::accounts::commands::NewAccount {
        login: login.to_owned(),
        name: login.to_owned(),
        office: login.to_owned(),
        grants: vec![Grant { role, scope: String::new() }],
    };
    shudu::accounts::flows::add_account(&app.authentication, &system, new, password.to_owned()).await.unwrap();
    let (_, made) = shudu::accounts::queries::account(app.stores.main.db(), login).await.unwrap();
    system.by(Actor::Staff(Arc::new(made)))
}

/// Writes, submits and publishes a campaign.
pub async fn publish(app: &App, organiser: &Ctx, approver: &Ctx, draft: &Draft, options: &[NewOption]) {
    let slug = draft.slug.as_str();
    app.stores
        .main
        .write(Changes::Campaigns, async |tx| {
            let made = campaigns::create(tx, organiser, draft).await?;
            campaigns::put_options(tx, organiser, slug, made.revision, options).await?;
            campaigns::advance(tx, organiser, slug, CampaignMove::Submission, "").await?;
            campaigns::advance(tx, approver, slug, CampaignMove::Publication, "").await
        })
        .await
        .unwrap();
}
