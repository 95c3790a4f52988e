//! The step to which a refused ballot form goes back.

use poem::Response;

use super::{check, options, place as place_page};
use crate::ballot::pages::ballot_view::Booth;
use crate::ballot::pages::form_state::Carried;
use crate::base::error::{FieldError, Result};
use crate::sign_in::extract::Visit;

/// Shows the first page with a field to correct.
pub fn steps(visit: &Visit, booth: &Booth, carried: &Carried, errors: Vec<FieldError>) -> Result<Response> {
    let on = |field: &str| errors.iter().any(|error| error.field == field);
    if on("place") {
        let place = errors.into_iter().filter(|e| e.field == "place").collect();
        place_page::again(visit, booth, carried, place)
    } else if on("choices") {
        options::again(visit, booth, carried, errors)
    } else {
        check::page(visit, booth, carried, check::Note::Errors(errors))
    }
}
