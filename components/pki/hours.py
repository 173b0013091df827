"""The tls plugin counts certificate lifetimes in whole hours.

Rounded apart: a window as long as the validity would reissue the certificate at every `up`.
"""

from __future__ import annotations

from datetime import timedelta

from components.spec.pki import Lifetime

_HOUR = timedelta(hours=1)


def validity_hours(lifetime: Lifetime) -> int:
    """How long the certificate lives; a begun hour counts."""
    return -(-lifetime.validity // _HOUR)


def renewal_hours(lifetime: Lifetime) -> int:
    """How long before its end it is reissued; only full hours count."""
    return lifetime.renew_before // _HOUR
