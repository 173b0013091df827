"""A stand-in for Pulumi's `command` plugin; DIFFERENCES.md says where it answers otherwise."""
