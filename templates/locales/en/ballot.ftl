## Every step
ballot-step = Step { $n } of { $of }
ballot-back-campaign = Back to the campaign
ballot-back-place = Back to the place
ballot-errors = { $n ->
    [one] 1 thing needs changing. Everything you entered is still here
   *[other] { $n } things need changing. Everything you entered is still here
}
ballot-colon = :{ " " }
ballot-busy = Many people are voting. Your choices are kept; try again in 1 minute
ballot-too-often = { $n ->
    [one] Too many requests from your network. Your choices are kept; try again in 1 minute
   *[other] Too many requests from your network. Your choices are kept; try again in { $n } minutes
}

## Step 1: place
ballot-place-title = Where do you deal with the government?
ballot-place-hint = It need not be where you are registered.
ballot-place-device = With scripts on, this device remembers the place for next time.
ballot-place-last = Last time:{ " " }
ballot-place-go-on = Go on
ballot-place-one = Choose one place
ballot-place-chosen = Chosen: { "{" }q{ "}" }
ballot-place-in-brackets = { " " }({ "{" }q{ "}" })
ballot-voted-here = A ballot has been cast from this device today. If you share it with your family, somebody else may still vote.
ballot-place-forget = Forget this place
ballot-place-search = Search: Jiangsu, js, Nanjing
ballot-place-none = Nothing found for “{"{"}q{"}"}”. Choose by region below.
ballot-place-hidden = { "{" }n{ "}" } others not shown
ballot-place-outside = Ballots from here count in the total and have rows of their own. Nothing is dispatched to these places. If you live abroad, choose where you deal with offices at home.
ballot-place-go = Go on to the options
ballot-place-keep = Save the place
ballot-region-north = North
ballot-region-northeast = Northeast
ballot-region-east = East
ballot-region-central-south = Central and South
ballot-region-southwest = Southwest
ballot-region-northwest = Northwest
ballot-region-outside = Others

## Step 2: options
ballot-options-title = What gives you the most trouble? Choose up to { $most }
ballot-options-hint = Tick what you have met yourself. { $ranking }
ballot-options-themes = Themes
ballot-options-search = Search: copies, insurance card
ballot-options-none = Nothing found for “{"{"}q{"}"}”. Try another word; your ticks are still here.
ballot-options-hidden = { "{" }n{ "}" } not shown
ballot-options-skip = Skip to “Check my choices”
ballot-options-go = Check my choices
ballot-chosen = Choose up to { $most }; ticked just now: { $n }
ballot-chosen-over = Choose up to { $most }; ticked just now: { $n }, so untick { $over }
ballot-chosen-none = Choose up to { $most }
ballot-count = { "{" }n{ "}" } chosen, up to { "{" }max{ "}" }
ballot-count-over = { "{" }n{ "}" } chosen: untick { "{" }over{ "}" }
ballot-count-none = None chosen yet, up to { "{" }max{ "}" }

## Step 3: check and track
ballot-check-title = Check your ballot
ballot-check-place = Place
ballot-check-chosen = You chose { $n }
ballot-check-change-place = Change the place
ballot-check-change-options = Change the options
ballot-check-privacy = Who can know what: privacy
ballot-check-noscript = Browsers without scripts can vote anonymously too; it takes at least 10 seconds more.
ballot-check-no-work = The calculation against ballot stuffing cannot run here (perhaps the address does not begin with https). You can still vote anonymously; it takes at least 10 seconds more.
ballot-track-title = How do you want to vote?
ballot-track-apart = Anonymous and real-name ballots are counted and shown apart.
ballot-ranking = How the options are ranked: { $ranking }.
ballot-track-anonymous = Anonymous
ballot-track-anonymous-hint = No personal details
ballot-track-real-name = Real name
ballot-track-real-name-hint = Your identity is checked once. The number is not kept, and the ballot does not say who you are
ballot-track-only-anonymous = Votes in this campaign are anonymous. No personal details are needed.
ballot-track-only-real-name = Votes in this campaign need a real name. Your identity is checked once and the number is not kept.
ballot-track-no-source = This campaign takes real-name ballots too, but this site has no identity source yet. For now you can vote anonymously.
ballot-track-none = This campaign takes real-name ballots only, and this site has no identity source yet. You cannot vote for now.
ballot-cast = Cast my ballot
ballot-prove = Go on to the identity check
ballot-offline = There is no network. Your choices are still here; press once more when you are back online.
ballot-cast-final = You cannot change it after this.

## Step 3, real name
ballot-person-title = Identity check
ballot-person-kept = Name and number are used once for the check. They are not kept and not logged.
ballot-person-demo = This is a demo: only the form of the number is looked at, and nobody is asked. Do not type a real number. Use the example of the national standard: 11010519491231002X.
ballot-person-name = Name
ballot-person-number = Identity number
ballot-person-number-hint = 18 characters; the last may be X.
ballot-person-once = { " " }One number has one ballot in a campaign.
ballot-person-cast = Check and cast my ballot
ballot-person-back = Back to the check

## Leaving for the identity source
ballot-leave-title = Identity check
ballot-leave-what = { $name } checks your identity and sends you back here. It takes a minute or two.
ballot-leave-kept = We look at the answer once. Your name and number are not kept.
ballot-leave-blind = It does not learn what you ticked, nor whether you cast your ballot.
ballot-leave-ticks = Your ticks are kept for 15 minutes. Nothing is cast before you come back and press the button for it.
ballot-leave-go = Go on to { $name }
ballot-proven = Your identity is proven. Your ballot is not cast yet: look at it once more, then cast it.

## Without script
ballot-wait-title = One more step
ballot-wait-do = Wait { $seconds } seconds, then press “Go on and cast”.
ballot-wait-do-minutes = Wait { $minutes } minutes, then press “Go on and cast”. Many people have voted from your network today, so the wait is longer.
ballot-wait-why = Browsers without scripts cannot do the calculation against ballot stuffing, so they wait 10 seconds or more. Your choices are kept.
ballot-wait-again = The wait has run out and this ballot is not cast yet. Wait once more
ballot-wait-button = Go on and cast

## No ballot is taken
ballot-stopped-not-open = Voting has not opened yet
ballot-stopped-closed = Voting has closed
ballot-stopped-suspended = Voting is halted
ballot-stopped-cancelled = The campaign is cancelled
ballot-stopped-no-paper = You cannot vote just now
ballot-stopped-pass-used = Already voted
ballot-stopped-reason = Reason: { $reason }
ballot-stopped-used-act = With the receipt you can check that the earlier ballot is there.
ballot-stopped-person-used = This identity number has voted already. The earlier choices count and cannot be changed
ballot-stopped-anonymous = You can still cast these choices as an anonymous ballot. Anonymous ballots are counted apart and are not people.
ballot-stopped-anonymous-go = Vote anonymously instead
ballot-stopped-ticks = What you had chosen
ballot-stopped-copy = Copy the options
ballot-stopped-campaign = See this campaign

## Receipt
ballot-receipt-title = Your ballot is in
ballot-receipt-counted = It is counted in the ballot box of “{ $campaign }”. Looked up on { $moment }
ballot-receipt-next = What happens next
ballot-receipt-now = Counted in the ballot box
ballot-receipt-midnight = { $day }, { $time }
ballot-receipt-closing = Voting closes. Then the count, and the results
ballot-receipt-closed = Voting closed. All ballots are counted again before anything is published
ballot-receipt-counted-all = The count is done
ballot-receipt-results = See the results
ballot-receipt-selected = { $n ->
    [one] The one selected by the rule goes to the provinces to be fixed
   *[other] The { $n } selected by the rule go to the provinces to be fixed
}
ballot-receipt-dispatched = { $n ->
    [one] The one selected by the rule went to the provinces to be fixed
   *[other] The { $n } selected by the rule went to the provinces to be fixed
}
ballot-receipt-progress = See the progress
ballot-receipt-place = See the progress of { "{" }q{ "}" }
ballot-receipt-follow = See “{ $campaign }”
ballot-receipt-number = Receipt
ballot-receipt-calm = Your ballot counts without this number; it is only for checking.
ballot-receipt-copy = Copy the receipt
ballot-receipt-print = Print or save as PDF
ballot-receipt-log = Check it yourself, without relying on this site
ballot-receipt-late-title = This ballot is not in the log
ballot-receipt-late = It is past { $moment } and this ballot is not in the public log. That is a mistake of this site. Hand the receipt and the signed promise below to a supervisor.
ballot-receipt-not-sealed = Not sealed into the public log.
ballot-receipt-waits = Waiting to be sealed with the next batch. Ballots are sealed into the public log many at a time, so that nobody sees who voted when; at the latest a day after voting closes.
ballot-receipt-void = Void by rule { $rule }: this ballot is still in the log, but does not count.
ballot-receipt-void-why = See the rule and its reason
ballot-receipt-sealed = Sealed in the public log: entry { $entry } of { $size }
ballot-receipt-proof = Download the proof
ballot-receipt-promise = Download the signed promise
ballot-receipt-code = The signed promise as a QR code. The file above has the same text
ballot-receipt-code-text = A photograph of this code is your receipt: it holds the whole signed promise. Any camera that reads QR codes turns it back into text, which you can paste where receipts are checked.
ballot-receipt-whole-log = The public log
ballot-receipt-check = A receipt does not show what you chose. But the content of every ballot becomes public, after the count at the latest: anybody who saw this number before that can look up what this ballot chose. Show it to nobody until then. Afterwards everybody can fetch the proof of any ballot, so holding one does not tell who cast it.

## Look-up
ballot-receipts-title = Check a receipt
ballot-receipts-what = Type the number of a receipt, or paste the text that a camera read from its code, to see whether its ballot is in the box.
ballot-receipts-number = Receipt number
ballot-receipts-hint = Eight groups of four letters or digits; capitals and spaces make no difference. The address of the receipt and the whole text of a signed promise or proof work as well.
ballot-receipts-go = Check this ballot
ballot-receipts-lost = No receipt? Your ballot counts all the same.

## Privacy
ballot-privacy-title = Privacy: what this site knows and what it does not
ballot-privacy-lead = Ballots and identities are kept apart. The limits of this are written here too.
ballot-privacy-table = What is kept, and how long
ballot-privacy-what = What
ballot-privacy-where = Where
ballot-privacy-long = How long
ballot-kept-ballot = Ballot: province, chosen options, anonymous or real name, serial number, receipt number
ballot-kept-where-ballot = The ballots store. It has no name, number, telephone, network address or time of voting
ballot-kept-long-ballot = Always, so that the count can be repeated
ballot-kept-person = Name and identity number typed for a real-name ballot
ballot-kept-where-person = Used at the moment of the check, put in no store and no log
ballot-kept-long-person = Deleted right after the check
ballot-kept-proof = For a real-name ballot: your ticks, while the identity source checks who you are, and your pass after it
ballot-kept-where-proof = Sealed, in your browser only. The identity source learns that you want to vote here under your real name, but not in which campaign or for which options. Its answer is looked at once and put in no store and no log
ballot-kept-long-proof = 15 minutes, or until your ballot is cast
ballot-kept-register = Real-name register: a string made of the number and a key, and the day of issue
ballot-kept-where-register = The register, apart from the ballots. It has no chosen options and no serial numbers
ballot-kept-long-register = { $register } days after voting closes, then deleted
ballot-kept-key = The key that makes serial numbers out of the register
ballot-kept-where-key = A key file of its own, in no store
ballot-kept-long-key = Destroyed when voting is over and counted
ballot-kept-challenge = Calculations against ballot stuffing, and waiting tickets
ballot-kept-where-challenge = In memory only; nobody’s name is on them
ballot-kept-long-challenge = Void after 2 hours
ballot-kept-steps = The pages of each step of a ballot, with what you ticked, so that you can go back
ballot-kept-where-steps = Only in your own browser. Pages on which a name and number were typed are not kept
ballot-kept-long-steps = 15 minutes
ballot-kept-voted = A mark that a ballot was cast from this device today, without choices
ballot-kept-where-voted = Only on your own device; it is not sent to this site
ballot-kept-long-voted = Deleted when this site is opened on a later day
ballot-kept-place = The place you chose last
ballot-kept-where-place = On your own device only
ballot-kept-long-place = Until you press “Forget this place” or clear your browser
ballot-kept-address = Network address: how many ballots were given out to it, against ballot stuffing
ballot-kept-where-address = As a digest under a key, in memory and in the main store, apart from ballots
ballot-kept-long-address = Until the end of the next day
ballot-kept-look = Text size and colours
ballot-kept-where-look = Two cookies in your browser, which only a style sheet reads
ballot-kept-long-look = 1 year
ballot-kept-staff = Accounts, sign-ins and acts of staff; the account typed at a refused sign-in, and its network address
ballot-kept-where-staff = The main store; in the browsers of staff, one cookie for being signed in and one that recognises the browser
ballot-kept-long-staff = Sign-ins run out, and the cookie that recognises the browser after 1 year. The record of acts stays; the personal data in it are erased after { $openings } days
ballot-privacy-cannot = What nobody can see
ballot-cannot-anonymous = Who cast an anonymous ballot. Nothing in it points at you. 4,096 ballots share the first part of the serial number; the rest is random.
ballot-cannot-after = Whose a real-name ballot is, once the key is destroyed.
ballot-cannot-receipt = What you chose, from your receipt, until the ballots are public. Afterwards everybody can fetch the proof of any ballot, so holding one does not tell who cast it.
ballot-privacy-ask = Who can ask what
ballot-ask-nothing = You: there is no account and no file in your name, so nothing can be looked up, corrected or deleted under it. A ballot cannot be taken back, as nobody can tell which is yours.
ballot-ask-register = About a real-name ballot: this site answers nobody, you included, whether a number took one.
ballot-ask-staff = Staff: the system administrator hands out everything that is kept about an account, and erases the identity of somebody who has left.
ballot-ask-log = Everybody: after the close the public log shows every ballot, without any data on the voter.
ballot-privacy-can = What we cannot promise, and what you should know
ballot-privacy-more = More that you should know
ballot-can-receipt = The content of ballots becomes public, after the count at the latest. Anybody who saw your receipt number before that can look up in the public log what your ballot chose. Show your receipt to nobody until then.
ballot-can-key = Until the key is destroyed, somebody with the key files and the ballots who knows your identity number can find your real-name ballot. If somebody copied the key before, we cannot tell.
ballot-can-took-part = Somebody with our keys and the register who knows your identity number can see whether you took a real-name ballot.
ballot-can-day = The serial number of a real-name ballot holds the day it was issued, nothing finer.
ballot-can-order = Ballots carry no time, but the disk shows a rough order. On PostgreSQL they lie in the order of arrival. The first part of the serial number grows with time as well.
ballot-can-network = Your province appears in the address of the page; your chosen options do not. Network devices of the operator may keep access logs by law, which this program cannot control.
ballot-can-several = An anonymous ballot takes a browser one calculation against ballot stuffing. That does not stop one person from voting several times, so the two kinds are counted apart, and anonymous ballots are not a number of people. The rules of each campaign say before the vote which votes decide the order.
ballot-can-device = We cannot help where somebody watches you vote, or where your device has been tampered with.
ballot-can-outside = Whether anybody inside made anonymous passes for themselves: only this site can check a pass. Anybody can count the ballots again from the public log, without asking us.

## Refusals
error-ballot-not-open = Voting opens on { $day }{ $time ->
    [none] {""}
   *[other] { " " }at { $time }
}. It is not open yet
error-ballot-closed = Voting closed on { $day } at { $time }. This ballot was not counted
error-ballot-closed-already = Voting closed on { $day } at { $time }
error-ballot-suspended = Voting is halted and no ballots are taken. You can vote when it resumes
error-ballot-cancelled = This campaign was cancelled. No ballots are taken
error-ballot-no-paper = The ballot paper of this campaign is not ready. Try again later
error-ballot-pass-used = This identity number (or, in an anonymous vote, this pass) has voted already. The earlier choices count and cannot be changed
error-ballot-pass-malformed = This pass was not issued here for this campaign. Cast your ballot again
error-ballot-no-place = Choose where you deal with the government
error-ballot-unknown-place = This place is not on the list. Choose one of those shown
error-ballot-no-choice = Nothing is ticked yet. Choose at least 1
error-ballot-too-many = You chose { $count }; the limit is { $most }. Untick { $excess }
error-ballot-unknown-option = There is no option “{ $option }” on the ballot
error-ballot-twice = One option is there twice. Take one of the two away
error-ballot-track = This campaign does not take that kind of ballot
error-ballot-no-track = Choose how you want to vote
error-ballot-receipt-malformed = A receipt number has eight groups of four letters or digits (0 to 9, A to F). Compare it with your receipt
error-ballot-receipt-unknown = There is no such receipt. Check all eight groups of characters
error-pass-challenge = The calculation against ballot stuffing has run out, or was not given here for this campaign. Try again
error-pass-work = The calculation against ballot stuffing was not completed. Try again
error-pass-network = Your network changed on the way, so the calculation against ballot stuffing has to be done again. Your choices are kept; press once more
error-pass-day-cap = Your network has taken all { $cap } anonymous ballots that it gets a day. Voting by real name is open as before; anonymous voting goes on from this network at midnight, Beijing time. Your choices are kept
error-pass-day-cap-alone = Your network has taken all { $cap } anonymous ballots that it gets a day. Anonymous voting goes on from this network at midnight, Beijing time. Your choices are kept
error-pass-ticket-cap = Your network has taken all { $cap } ballots a day that are given by waiting. Turn scripts on and open the site by its https address, or come back after midnight, Beijing time. Your choices are kept
error-pass-ripe = { $seconds } seconds to go. Then press “Go on and cast” once more
error-pass-no-source = This site has no identity source yet. For now you can vote anonymously
error-pass-proof = Prove your identity at the identity source first
error-pass-document = The identity source did not confirm an identity card or residence permit that can vote here. You can vote anonymously
error-pass-kind = This campaign counts real names by another identity source than the one that is set up now. Nothing was issued. Tell the operator of this site
error-resident-name = Write your name, at least 2 letters
error-resident-old = The older numbers of 15 digits have been void since 2013. Write the 18 characters on your card
error-resident-number = The identity number is not right. Compare every digit with your card
