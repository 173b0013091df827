"""A stand-in for Pulumi's `kubernetes` plugin: the kinds of this project, by server-side apply.

Read in this order: `kinds` (what a resource type says), `checking`, `differences` and `replacing`
(what the engine asks before it acts), `previewing`, `applying`, `reading` and `deleting` (what it
then asks for), `cluster` (the API server), `readiness`, `waiting` and `trouble` (when an object is
done, and why it is not), `provider` (the protocol). DIFFERENCES.md says what is not the same as in
the official plugin.
"""
