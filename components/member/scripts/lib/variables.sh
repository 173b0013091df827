# Variables that one file sets and another reads, each with one meaning. All others stay in their file
# (tests/node/test_script_variables.py). Empty: not known yet, or the default.

# What has been seen of the cluster.
# member_list: what `members` printed last
member_list=
# endpoint_status: this member's `endpoint status`, in the `fields` form
endpoint_status=
# serving_url: where this member serves its clients at this moment
serving_url=
# probed_urls: client URLs at which another member may serve
probed_urls=
# quorum_missing: "yes" if the other members had no quorum to list the members
quorum_missing=
# running_version: the release that the member runs
running_version=
# waits_for: ", waits for …" where a start does not wait until the member is healthy
waits_for=

# last_output: what the last command printed
last_output=
# read_output: what the last linearizable read printed
read_output=
# problem_member: the member in a message of `problem`, if not this one
problem_member=

# Options of `ask`, set in a subshell or for the whole run.
ask_timeout_ms=
ask_version=
# credentials_from: "payload" for the certificates of this command's payload, "node" for those installed
credentials_from=
# ask_trust: the file of the Secret with the authorities to trust
ask_trust=
# kube_limit_s: how long an answer of Kubernetes may take
kube_limit_s=
# rehearsal_pod: the pod of a rehearsal, to ask in place of the member's own
rehearsal_pod=
