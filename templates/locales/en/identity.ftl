## The left side of every desk
identity-nav-work = My work
identity-nav-campaigns = Campaigns
identity-nav-assignments = Assignments
identity-nav-rulings = Returns and exemptions
identity-nav-accounts = Accounts
identity-nav-calendar = Working days
identity-sign-out = Sign out

## Own password
identity-password-title = Change password
