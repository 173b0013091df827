"""The way to the API server that a kubeconfig tells.

Loads the `kubernetes` package, so it is imported with the first request to a cluster.
"""

from __future__ import annotations

import logging
import ssl
from typing import Any

import urllib3
from kubernetes.client import ApiClient, Configuration
from kubernetes.config import kube_config
from kubernetes.dynamic import DynamicClient, Resource

from toolchain.standins.kubernetes import kubeconfig
from toolchain.standins.kubernetes.kinds import Kind
from toolchain.standins.kubernetes.settings import Settings

RETRIES = 1


def connected(settings: Settings) -> DynamicClient:
    """A client for the cluster of the settings. It need not ask what the cluster serves."""
    # The engine shows a person whatever a plugin writes to standard error.
    urllib3.disable_warnings()
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    try:
        configuration = _read(settings)
        trust = _trust(configuration)
    finally:
        kube_config._cleanup_temp_files()
    configuration.ssl_ca_cert = configuration.cert_file = configuration.key_file = None
    client = ApiClient(configuration)
    client.rest_client.pool_manager.connection_pool_kw |= {"ssl_context": trust, "ca_certs": None}
    return DynamicClient(client, discoverer=lambda _client, _cache_file: None)


def resource_of(kind: Kind) -> Resource:
    """The kind in the client's own form."""
    return Resource(
        prefix="apis" if kind.group else "api",
        group=kind.group,
        api_version=kind.version,
        kind=kind.name,
        namespaced=kind.namespaced,
        name=kind.plural,
    )


def _read(settings: Settings) -> Any:
    """The client's form of the kubeconfig. Certificates and keys in it are now in files."""
    configuration = Configuration()
    configuration.retries = RETRIES
    options: dict[str, Any] = {
        "context": settings.context or None,
        "client_configuration": configuration,
        "persist_config": False,
    }
    if path := kubeconfig.file_of(settings.kubeconfig):
        kube_config.load_kube_config(str(path), **options)
    else:
        content = kubeconfig.content_of(settings.kubeconfig)
        kube_config.load_kube_config_from_dict(content, **options)
    return configuration


def _trust(configuration: Any) -> ssl.SSLContext:
    """Certificates and keys in memory: what the client has in files would outlive this process."""
    context = ssl.create_default_context(cafile=configuration.ssl_ca_cert)
    if not configuration.verify_ssl:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if configuration.cert_file:
        context.load_cert_chain(configuration.cert_file, configuration.key_file)
    return context
