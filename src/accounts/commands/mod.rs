//! Commands on accounts, their roles, and access to them.

mod access;
mod accounts;
mod delegating;
mod grants;
mod guards;
mod inviting;
mod sign_on;

pub use self::access::{Confirmed, Proposed, Wanted, confirm_access, propose_access, refuse_access};
pub use self::accounts::{AccountChange, NewAccount, add_account_hashed, change_account, set_active};
pub(super) use self::accounts::{check_new, may_make};
pub use self::delegating::{MAX_DAYS, NewDelegation, delegate, end_delegation};
pub use self::grants::{RolesChange, confirm_role, put_roles, refuse_role};
pub use self::inviting::{
    Acceptance, Invitation, accept_invitation, forget_ways_in, invite, invite_account, remove_factors,
};
pub use self::sign_on::{Arrival, invite_sign_on, link, sign_on, unlink};
