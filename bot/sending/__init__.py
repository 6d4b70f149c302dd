"""How a message goes out, from end to end: taken from the outbox, drawn from the record, and posted once.

1. A turn that wants something said writes a row (storage/messages/outbox) in the transaction of the record itself. Its
   commit wakes the sender; once a second it looks by itself, for the rows are the truth (`run`).
2. It takes as many as have room: safety first, then meetings, and reminders at the pace that is left (`_claim`,
   pacing). Edits and pins are taken only for as many calls as the platform takes, one budget for every process
   (budget); what somebody has just pressed in is left for a moment to the answer to that press (pressed), and drawn
   again later by the answers that are left (answers_left). Taking is one UPDATE: the row's fence goes up, and a lease
   runs on the machine's clock. Threads are served side by side, each in its own order.
3. The gate is asked who reads the channel. Where others do, the message waits and the coordinator is told; contacts
   after a stop go out without a word of the family (`_held`, `_stand_in`).
4. The card is drawn now, from the record as it is, so that what waited is never out of date (`_draw`).
5. A message that was tried before is looked for in the platform's history by its key, and posted only where it is not
   there; a message that lies there already is edited (posting). Just before a post the lease is looked at again.
6. Where it lies is noted, several at once (noting). Whoever comes with an older fence notes nothing, and takes its
   own copy away.
7. Other endings: surely not done, so it waits and is tried again; nobody knows, so the lease lapses and whoever takes
   the row next looks for it first; the channel takes no posts, so it waits until somebody has changed that; refused
   for good, so it is marked failed and whoever waits for it is told (`_trouble`).

A sender that dies anywhere in this leaves a lease that lapses, and the next one begins at 2.
"""
