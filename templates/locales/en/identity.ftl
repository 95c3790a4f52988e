## The left side of every desk
identity-nav-work = My work
identity-nav-campaigns = Campaigns
identity-nav-assignments = Assignments
identity-nav-rulings = Returns and exemptions
identity-nav-delegations = Delegations
identity-nav-accounts = Accounts
identity-nav-calendar = Working days
identity-nav-incidents = Incidents
identity-nav-audit = Audit trail
identity-nav-retention = Retention
identity-nav-account = Signed in: { $name }
identity-sign-out = Sign out
identity-crumbs = Where this is

## Signing in
identity-sign-in-title = Staff sign-in
identity-sign-in-citizens = You can vote without signing in.
identity-sign-in-vote = Go and vote
identity-sign-in-refused = Not signed in
identity-sign-in-button = Sign in
identity-sign-in-lost = Forgotten the password? A system administrator can invite you anew.
identity-sign-on-button = Sign in with { $name }
identity-sign-on-only = Passwords are for a few administrators only, for days on which the other way is closed.
identity-sign-on-still = You may still be signed in at { $name }.
identity-sign-on-end = Sign out of { $name } too
identity-login = Account
identity-password = Password

## What was just done
identity-done-sign-out = You are signed out.
identity-done-password = The password is changed and every device is signed out. Sign in with the new one.
identity-done-change = The account is changed. Its sessions have ended.
identity-done-suspension = The account is suspended. Its sessions have ended.
identity-done-reinstatement = The account can sign in again.
identity-done-link = The account is linked. Its holder signs in there from now on.
identity-done-unlink = The link is removed, with the roles that came from there. The account’s sessions have ended.
identity-done-roles = The roles are saved and the account’s sessions have ended. Administrators, auditors and approvers wait for a system administrator’s confirmation.
identity-done-confirmation = The role is confirmed and holds now.
identity-done-refusal = The role was not granted.
identity-done-access = Proposed. A security administrator or another system administrator has to confirm it.
identity-done-access-confirmation = Confirmed. It holds now.
identity-done-access-refusal = The change was not made.
identity-done-delegation = The role is lent from its first day.
identity-done-delegation-end = The delegation has ended early.
identity-done-factors = All second factors are taken off, the password is void and the account’s sessions have ended. A new invitation lets its holder back in.
identity-done-factor = The second factor is enrolled. All other devices are signed out.
identity-done-removal = The second factor is taken off. All other devices are signed out.
identity-done-session = That device is signed out.
identity-done-sessions = All other devices are signed out.

## Refused forms
identity-errors-at = { $label }: { $sentence }
identity-errors = { $count ->
    [one] { $count } thing needs changing. Everything entered is still here
   *[other] { $count } things need changing. Everything entered is still here
}
identity-errors-passwords = { $count ->
    [one] { $count } thing needs changing. Enter passwords again
   *[other] { $count } things need changing. Enter passwords again
}

## Own password
identity-password-title = Change password
identity-password-lead = This signs out every device. You then sign in with the new password.
identity-password-old = Present password
identity-password-new = New password
identity-password-rule = 12 to 128 characters, without account, name or office. A few unrelated words are easy to remember and hard to guess.
identity-password-again = New password once more
identity-password-button = Change password

## Roles
identity-role = Role
identity-roles = Roles
identity-roles-hint = The three administrators’ offices go with no other role. An author does not approve, and nobody inspects the own work.
identity-role-in = { $role } ({ $scope })
identity-and = ,{ " " }
identity-role-choose = Choose
identity-role-province = { $role }: province
identity-role-team = { $role }: team
identity-role-scope-missing = The role is ticked; choose one
identity-role-sysadmin = System administrator
identity-role-security-admin = Security administrator
identity-role-organiser = Organiser
identity-role-approver = Approver
identity-role-province-coordinator = Province coordinator
identity-role-handler = Handler
identity-role-team-leader = Team leader
identity-role-auditor = Auditor
identity-role-means-sysadmin = Looks after accounts and working days; sees no business content
identity-role-means-security-admin = Grants and withdraws roles; sees no business content
identity-role-means-organiser = Writes campaigns, rules on returns and exemptions
identity-role-means-approver = Approves publication, results and dispatch
identity-role-means-province-coordinator = Acknowledges the province’s assignments and signs what is resolved
identity-role-means-handler = Plans and reports for the province’s department
identity-role-means-team-leader = Verifies the team’s provinces, or sends work back
identity-role-means-auditor = Reads everything, changes nothing

## List of accounts
identity-accounts-title = Accounts
identity-accounts-caption = Accounts by login
identity-accounts-search = Account, name or office
identity-accounts-all = All
identity-accounts-filter = Filter accounts
identity-accounts-unfilter = Remove filters
identity-accounts-count = { $n ->
    [one] { $n } account
   *[other] { $n } accounts
}
identity-accounts-none = No account matches
identity-accounts-none-how = Try another word, or remove the filters.
identity-accounts-pages = Pages
identity-accounts-page = Page { $page } of { $pages }
identity-accounts-prev = Previous page
identity-accounts-next = Next page
identity-name = Name
identity-office = Office
identity-state = State
identity-state-active = Can sign in
identity-state-suspended = Suspended
identity-since = Made on

## New account
identity-new-title = New account
identity-new-button = Make account and invite
identity-login-hint = 3 to 40 letters, digits, dots, dashes or underscores; it cannot be changed later
identity-name-hint = Only staff can see it
identity-office-hint = Signs the public record of what was done
identity-new-invites = You then get an invitation link to hand over. Its holder chooses the password, and nobody else knows it.

## One account
identity-account-title = Account of { $name }
identity-account-own = This is your own account; another administrator changes it. Your password is changed under “Change password”.
identity-account-change = Change details
identity-account-ends = Saving ends the account’s sessions; its holder signs in again.
identity-account-save = Save account
identity-account-invite = Invite anew
identity-account-invite-means = For somebody who cannot sign in. The old password and invitation are void at once and sessions end; the holder opens a new link and chooses a password. Second factors stay.
identity-account-waits = The invitation has not been accepted; it works until { $until }.
identity-account-factors = Take second factors off
identity-account-factors-mean = For somebody who has lost phone, passkeys and recovery codes. Make sure in person who asks. Sessions end, and the next sign-in enrols anew.
identity-account-factors-count = { $count }
identity-account-suspend = Suspend account
identity-account-suspend-means = It can no longer sign in and its sessions end at once. Its record and roles stay, and it can be reinstated.
identity-account-reinstate = Reinstate account
identity-account-reinstate-means = It can sign in again with its old password and roles.
identity-home = Comes from
identity-home-none = Not given
identity-home-hint = A team leader does not check the province that he or she comes from.
identity-proposed = Roles that wait for confirmation
identity-proposed-means = A security administrator proposed these roles; they hold once a system administrator has confirmed them.
identity-proposed-confirm = Confirm role
identity-proposed-refuse = Refuse role
identity-access-title = A change of the ways in waits for confirmation
identity-access-means = The holder has a weighty role. A system administrator proposes how the account is entered; a security administrator or another system administrator confirms. A proposal lapses after seven days. Make sure with the holder first.
identity-access-two = The holder has a weighty role, so this takes two people: it is proposed, and a security administrator or another system administrator confirms. Where nobody else is at hand, whoever runs the server does it by command.
identity-access-by = Proposed by { $name } on { $at }; lapses on { $until }
identity-access-as = { $what }, name there: { $subject }
identity-access-kind-invitation = Invite anew
identity-access-kind-second-factor = Take second factors off and invite anew
identity-access-kind-sign-on = Link with single sign-on
identity-access-kind-reinstatement = Reinstate account
identity-access-confirm = Confirm change
identity-access-refuse = Refuse change
identity-access-withdraw = Withdraw
identity-access-propose-invitation = Propose a new invitation
identity-access-propose-second-factor = Propose to take second factors off
identity-access-propose-sign-on = Propose the link
identity-access-propose-reinstatement = Propose to reinstate
identity-told-title = Your account was changed lately
identity-told-one = { $at }: { $what }, by { $first }
identity-told-two = { $at }: { $what }, proposed by { $first }, confirmed by { $second }
identity-told-operator = whoever runs the server
identity-told-means = If you did not ask for this, tell the security administrator at once.
identity-account-roles = Grant and withdraw roles
identity-account-roles-means = Saving ends the account’s sessions. Administrators, auditors and approvers wait for a system administrator’s confirmation.
identity-account-roles-save = Save roles
identity-new-roles = A new account has no role yet; a security administrator grants its roles.
identity-delegations-title = Delegations
identity-delegations-caption = Delegations now and later
identity-delegations-means = While you are away you can lend your role to somebody of your office, province or team. What they do is recorded for both of you, and wherever two people are needed the two of you count as one. A lent role cannot be lent on.
identity-delegations-none = Nothing is lent now
identity-delegation-lender = Lender
identity-delegation-borrower = Acts for the lender
identity-delegation-borrower-hint = Accounts of your office, province or team.
identity-delegation-when = Days
identity-delegation-days = { $from } to { $until }
identity-delegation-end = End
identity-delegation-end-now = End now
identity-delegation-new = Lend a role
identity-delegation-from = First day
identity-delegation-until = Last day (included)
identity-delegation-most = At most { $days } days.
identity-delegation-button = Lend role
identity-delegation-person = { $name } ({ $office })

## The link of an account with a provider
identity-link-title = Sign-in with { $name }
identity-link-none = This account is not linked. Invite its holder, or enter the identifier that the provider has for the person.
identity-link-since = Linked since { $day }. Roles that come from there are updated at every sign-in.
identity-link-invite = Make an invitation
identity-link-invited = Hand this address to the holder of the account and to nobody else. It holds once, for 72 hours, and is shown only now.
identity-link-subject = Identifier at the provider
identity-link-subject-hint = The “sub” of the person, letter for letter. Never a mail address or a name.
identity-link-button = Link account
identity-link-remove = Remove link

## Refusals
error-account-sign-in = The account or the password is wrong, or the account cannot be used
error-account-login = An account has 3 to 40 letters, digits, dots, dashes or underscores
error-account-login-taken = Somebody has this account name; choose another
error-account-own = Another administrator has to change your own account
error-account-changed = Somebody has just changed this account. Above is how it stands, below is what you entered; check and save again
error-account-no-role = At least one role is needed
error-account-offices-apart = The three administrators’ offices go with no other role
error-account-checks-itself = A team leader cannot also be a coordinator or handler
error-account-author-approves = An organiser cannot also be an approver
error-account-scope = There is no province or team “{ $scope }”
error-account-scope-missing = Choose the province or team of every ticked role
error-account-sign-on-only = Passwords are not taken for this account. Use the button above
error-account-sign-on-unknown = You are recognised, but no account that can be used here is linked with you. Ask a system administrator for an invitation. Your identifier there is { $subject }
error-account-sign-on-taken = You are linked with an account already, so the invitation was not used. Sign in without it
error-account-sign-on-invitation = The invitation was used, has run out, or was replaced. Ask the system administrator for a new one
error-account-sign-on-roles = The roles that came from there do not go together, so you are not signed in. Tell those who manage your groups there, and a system administrator
error-account-sign-on-no-role = No role came from there and none is granted here, so there is nothing to sign in for. Ask those who manage your groups there
error-account-sign-on-linked = This account or this identifier is linked already. Remove that link first
error-account-home-province = There is no such province
error-role-proposer = Who proposed a role does not confirm it; somebody else has to
error-account-two-people = The holder has a weighty role: a system administrator proposes this, and a security administrator or another system administrator confirms
error-access-waits = A change that another administrator proposed still waits; confirm or refuse that one first
error-access-active = The account is not suspended
error-access-proposer = Who proposed a change does not confirm it; somebody else has to
error-access-in-hand = Within seven days one of the two opened or re-invited the account of the other alone, so they do not count as two people. Another administrator has to confirm
error-access-proposer-gone = Who proposed the change no longer looks after accounts. Propose it anew
error-role-in-hand = Within seven days you opened or re-invited this account alone. Another system administrator has to confirm, or whoever runs the server invites its holder anew
error-role-link-open = There is an invitation to this account that was not used yet. Confirm once its holder has accepted
error-delegation-lent = From { $from } to { $until } this role is lent to this person already. End that first, or choose other days
error-delegation-not-yours = You can lend your own roles only, not those that were lent to you
error-delegation-borrower = Choose an account in use of your office, province or team
error-delegation-has-it = This person already has the role
error-delegation-from = The first day cannot be before today
error-delegation-until = The last day cannot be before the first
error-delegation-long = At most { $days } days at a time
error-account-code = The code is wrong, or was used before. Wait for the next one
error-account-passkey = The passkey was not accepted; try again
error-account-no-passkey = This account has no passkey
error-account-no-pending = The picture to scan has been replaced. Begin again
error-account-no-factor = Recovery codes come with a second factor; enrol one first
error-account-last-factor = Sign-in needs a second factor, so the last one stays. Enrol another one first
error-account-invitation = This invitation does not work: it was used, is too old or was replaced. A system administrator can invite you anew
error-account-invitation-code = The code is wrong. Use the one from the second administrator
error-account-confirm-all = This changes how you sign in: it needs the password and the second step again, not older than 10 minutes
error-account-confirm = This needs a proof that it is you, not older than 10 minutes
error-account-one-proof = Give one of password, code and passkey
error-password-telling = A password must not contain the account, the name, the office or the product’s name
error-password-length = A password has { $least } to { $most } characters
error-password-avoided = This password stands on a list of common or leaked ones, which are tried first. Use another one
error-password-guessable = Too easy to guess: common words, dates and rows of keys are tried first. Use a few unrelated words
error-password-wrong = The password is not this one
error-password-same = The new password is the old one; choose another
error-password-differs = The two new passwords differ

## Second step of signing in
identity-code-title = Second step
identity-code-lead = { $name }, the password is right. One more proof is needed.
identity-code = Code
identity-code-hint = The 6 digits of the authenticator app, or a recovery code
identity-code-recovery = Recovery code
identity-code-recovery-hint = For when no passkey is at hand; each works once
identity-code-first = Code that the app shows
identity-code-button = Verify and sign in
identity-code-lost = No phone, passkey or recovery code? A system administrator can help.
identity-code-other = Sign out and use another account
identity-enrolment-title = Set up the second step
identity-enrolment-lead = { $name }, the password is right. Sign-in needs a second step: set one up, to be used every time.
identity-enrolment-refused = Not set up yet
identity-passkey-title = Passkey
identity-passkey-means = Fingerprint, face, screen lock or a security key. No code to copy, and no false site can take it.
identity-passkey-press = Use a passkey
identity-passkey-busy = Waiting for the device…
identity-passkey-failed = That did not work; it may have been cancelled or taken too long. Try again, or use a code.
identity-passkey-name = Name
identity-passkey-name-hint = What you know it by, such as “office computer”; may stay empty
identity-passkey-since = Set up { $since }, last used: { $used }
identity-passkey-unused = not yet
identity-passkey-script = Adding a passkey needs scripts; without them, use an authenticator app.
identity-totp-title = Authenticator app
identity-totp-app = Open an authenticator app on the phone and choose to add.
identity-totp-scan = Scan this picture.
identity-totp-picture = Picture for the authenticator app
identity-totp-type = Or type this in:
identity-totp-answer = Enter the 6 digits that the app shows.
identity-totp-button = Confirm the app
identity-totp-since = Set up { $since }.
identity-totp-none = A phone app gives a code every half minute, even without a network.
identity-totp-begin = Set up an app
identity-totp-again = Set up another app
identity-totp-remove = Take the app off
identity-factor-remove = Remove
identity-factors-title = Second step
identity-factors-demanded = Every sign-in needs a second step. With two set up, losing one does no harm.
identity-factors-optional = Once set up, every sign-in needs it, and a password alone opens nothing.
identity-codes-title = Recovery codes
identity-codes-lead = These codes are shown this once. Print or copy them, and keep them safe.
identity-codes-of = Account: { $login }
identity-codes-once = Without phone or passkey, one of them stands in for the code. Each works once.
identity-codes-kept = They are kept, go on
identity-codes-left = { $left } of { $all } are left.
identity-codes-renew = Make new codes
identity-print = Print

## Devices
identity-devices-title = Devices
identity-devices-lead = A session ends after { $minutes } minutes without use, and { $hours } hours after sign-in.
identity-device-unknown = Unknown device
identity-device-cookie = Browser
identity-device-bearer = Program
identity-device-joint = {", "}
identity-device-current = (this device)
identity-device-times = signed in { $since }, last used { $used }
identity-device-revoke = Sign out
identity-device-revoke-others = Sign out all other devices
identity-device-strange = Is one of them not yours? Sign it out and change the password at once.
identity-ending-soon = You are signed out in 2 minutes; what is not saved is lost.
identity-ending-last = The session cannot be extended any more. Save within 2 minutes.
identity-ending-over = You are signed out. Copy what is not saved, then sign in again.
identity-ending-go-on = Go on

## Proof of presence
identity-confirmation-title = Confirm that it is you
identity-confirmation-lead = What you are about to do needs it, once in 10 minutes. Everything entered is kept and goes on afterwards.
identity-confirmation-lead-all = You are about to change how you sign in. Show again what you sign in with; it holds for 10 minutes.
identity-confirmation-code-alone = Code
identity-confirmation-again = Sign in again with { $name } in another window, then come back and go on here
identity-confirmation-refused = Not confirmed
identity-confirmation-code = Or a code
identity-confirmation-button = Confirm and go on

## Invitations
identity-invitation-title = Choose a password
identity-invitation-lead = This work account is yours. You choose its password; nobody else knows it.
identity-invitation-code = Code
identity-invitation-code-hint = The second administrator hands it to you, apart from the link
identity-invitation-button = Save and sign in
identity-invited-title = Invitation link
identity-invited-lead = Hand this link to the holder of { $login }. It is shown this once.
identity-invited-copy = Copy link
identity-invited-copied = Copied
identity-invited-how = Hand it over in person, or in a way that reaches nobody else. It works once, until { $expires }.
identity-invited-half-lead = Hand this link to the holder of { $login }. It is shown this once, and opens nothing until another administrator has confirmed.
identity-invited-half-how = Once confirmed, the old password is void, and the holder needs both this link and the code from whoever confirms to choose a new one. Both work for 72 hours after the confirmation.
identity-invited-code-title = Code of the invitation
identity-invited-code-lead = Hand this code to the holder of { $login }, and not to whoever proposed the change. It is shown this once.
identity-invited-code-copy = Copy code
identity-invited-code-how = Hand it over in person, or in a way that reaches nobody else. The holder types it on the page of the link; it works once, until { $expires }.
identity-invited-back = Back to the account
