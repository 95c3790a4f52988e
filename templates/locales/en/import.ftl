## What the command line refuses
error-import-slug = “{ $slug }” cannot be a campaign's address: lower-case letters, digits and dashes only, at most 40
error-import-project = line { $line }: project “{ $project }” cannot stand in an address: letters, digits, dots, dashes and underscores only
