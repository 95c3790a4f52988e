//! The last step: a pass is obtained if there is none yet, and the ballot is cast.

use entity::stored::Track;
use poem::Response;

use super::check::{self, Note};
use super::steps::steps;
use super::{proving, stopped, waiting};
use crate::ballot::flows;
use crate::ballot::pages::ballot_view::Booth;
use crate::ballot::pages::form_state::Carried;
use crate::base::error::{Error, FieldError, Refusal, Result};
use crate::pass::flows as pass_flows;
use crate::sign_in::extract::Visit;
use crate::web::form::Sent;
use crate::web::page::see_other;

/// Outcome of an attempt to cast.
enum Reached {
    /// The ballot is in the box.
    Cast(flows::Receipt),
    /// The browser solved no puzzle: the voter has to wait.
    Wait,
    /// The voter of a real-name ballot has to identify.
    Person,
}

/// Casts the ballot, or shows the page on which the voter can go on. The page keeps everything that was entered.
pub async fn cast(visit: &Visit, slug: &str, mut carried: Carried, sent: &Sent) -> Result<Response> {
    let reached = match attempt(visit, slug, &mut carried, sent).await {
        Ok(Reached::Cast(receipt)) => {
            let address = format!("/receipts/{}", receipt.number.plain());
            let cast = see_other(&visit.page("").href(&address));
            return Ok(if receipt.track == Track::RealName { proving::cast(cast) } else { cast });
        }
        Err(Error::Conflict(refusal)) if refusal.code.starts_with("ballot.") => {
            return stopped::page(visit, slug, &carried, &refusal).await;
        }
        other => other,
    };
    // The campaign may have been closed in the meantime.
    let booth = match stopped::booth(visit, slug, &carried).await? {
        Ok(booth) => booth,
        Err(stopped) => return Ok(stopped),
    };
    let typed = (sent.get("name"), sent.get("number"));
    match reached {
        Ok(Reached::Person) if visit.app.passes.identity_source.provider().is_some() => {
            proving::leave(visit, &booth, &carried).await
        }
        Ok(Reached::Person) => check::person(visit, &booth, &carried, ("", ""), Note::None),
        Ok(_) => wait(visit, &booth, carried, None).await,
        Err(Error::Conflict(refusal)) if refusal.code == "pass.no_source" => {
            carried.track.clear();
            check::page(visit, &booth, &carried, Note::Conflict(refusal))
        }
        // This browser solves puzzles: the page gives it a new one, bound to its present network.
        Err(Error::Conflict(refusal)) if refusal.code == "pass.network" && !carried.nonce.is_empty() => {
            carried.drop_work();
            check::page(visit, &booth, &carried, Note::Conflict(refusal))
        }
        Err(Error::Conflict(refusal)) => wait(visit, &booth, carried, Some(refusal)).await,
        Err(Error::Invalid(errors)) if errors.iter().any(about_person) => {
            check::person(visit, &booth, &carried, typed, Note::Errors(errors))
        }
        Err(Error::Invalid(errors)) => steps(visit, &booth, &carried, errors),
        Err(used @ Error::UsedUp { .. }) => {
            carried.drop_work();
            check::page(visit, &booth, &carried, Note::Later(used))
        }
        Err(later @ (Error::Busy { .. } | Error::TooMany { .. })) => {
            if sent.has("number") && !carried.pass_for(Track::RealName)? {
                return check::person(visit, &booth, &carried, typed, Note::Later(later));
            }
            check::page(visit, &booth, &carried, Note::Later(later))
        }
        Err(other) => Err(other),
    }
}

fn about_person(error: &FieldError) -> bool {
    ["name", "number"].contains(&error.field.as_str())
}

async fn attempt(visit: &Visit, slug: &str, carried: &mut Carried, sent: &Sent) -> Result<Reached> {
    let (app, ctx) = (&visit.app, &visit.ctx);
    let paper = app.passes.papers.get(slug).await?;
    paper.check_choices(&carried.place, &carried.choices)?;
    let track: Track = carried.track.parse().map_err(|_| Error::field("track", Refusal::new("ballot.no_track")))?;
    if !carried.pass_for(track)? {
        if !paper.takes(track) {
            return Err(Error::field("track", Refusal::new("ballot.track")));
        }
        let pass = match track {
            Track::Anonymous if !carried.nonce.is_empty() => {
                let solved = (carried.puzzle.as_str(), carried.nonce.as_str());
                pass_flows::anonymous_pass(&app.passes, ctx, slug, solved, &visit.peer).await?
            }
            Track::Anonymous if !carried.ticket.is_empty() => {
                pass_flows::anonymous_pass(&app.passes, ctx, slug, (&carried.ticket, ""), &visit.peer).await?
            }
            Track::Anonymous => return Ok(Reached::Wait),
            Track::RealName if sent.has("number") && app.passes.identity_source.provider().is_none() => {
                let (name, number) = (sent.get("name"), sent.get("number"));
                pass_flows::real_name_pass(&app.passes, ctx, slug, (name, number), &visit.peer).await?
            }
            Track::RealName if app.passes.identity_source.is_set_up() => return Ok(Reached::Person),
            Track::RealName => return Err(Error::conflict("pass.no_source")),
        };
        carried.hold(&pass);
    }
    let (pass, place) = (&carried.pass, &carried.place);
    flows::cast(&app.ballots, slug, pass, place, &carried.choices).await.map(Reached::Cast)
}

/// The waiting page. A ticket that is not ripe yet is kept; any other ticket is replaced.
async fn wait(visit: &Visit, booth: &Booth, mut carried: Carried, early: Option<Refusal>) -> Result<Response> {
    let mut seconds = early.as_ref().map_or(0, seconds_left);
    if early.as_ref().is_none_or(|e| e.code != "pass.ripe") {
        carried.drop_work();
        let slug = &booth.campaign.slug;
        match pass_flows::ticket(&visit.app.passes, &visit.ctx, slug, &visit.peer).await {
            Ok(given) => {
                carried.ticket = given.ticket;
                seconds = given.seconds;
            }
            Err(later @ Error::UsedUp { .. }) => {
                return check::page(visit, booth, &carried, Note::Later(later));
            }
            Err(other) => return Err(other),
        }
    }
    waiting::page(visit, booth, &carried, seconds, early.as_ref())
}

/// The waiting page again, with the rest of the same wait; the check where the wait is over.
pub async fn waiting_again(visit: &Visit, booth: &Booth, mut carried: Carried) -> Result<Response> {
    let (slug, ticket) = (&booth.campaign.slug, (&*carried.ticket, ""));
    match pass_flows::anonymous_pass(&visit.app.passes, &visit.ctx, slug, ticket, &visit.peer).await {
        Ok(pass) => {
            carried.hold(&pass);
            check::page(visit, booth, &carried, Note::None)
        }
        Err(Error::Conflict(refusal)) if refusal.code == "pass.ripe" => {
            waiting::page(visit, booth, &carried, seconds_left(&refusal), None)
        }
        Err(_) => wait(visit, booth, carried, None).await,
    }
}

/// Rest of a wait, as its refusal states it.
fn seconds_left(refusal: &Refusal) -> i64 {
    let left = refusal.args.iter().find(|(name, _)| *name == "seconds");
    left.and_then(|(_, left)| left.parse().ok()).unwrap_or_default()
}

/// Exchanges a solved puzzle for a pass before the check is shown. From then on every submission is the same ballot, also
/// after a restart. An invalid puzzle is dropped, and the page asks for another one. The note tells where no more passes are
/// given today.
pub async fn redeem_early(visit: &Visit, slug: &str, carried: &mut Carried) -> Note {
    if !carried.pass.is_empty() || carried.nonce.is_empty() {
        return Note::None;
    }
    let solved = (carried.puzzle.as_str(), carried.nonce.as_str());
    match pass_flows::anonymous_pass(&visit.app.passes, &visit.ctx, slug, solved, &visit.peer).await {
        Ok(pass) => carried.hold(&pass),
        Err(Error::Busy { .. }) => {}
        Err(used @ Error::UsedUp { .. }) => {
            carried.drop_work();
            return Note::Later(used);
        }
        Err(_) => carried.drop_work(),
    }
    Note::None
}
