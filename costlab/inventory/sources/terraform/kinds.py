"""Types of resources that cost nothing, by their names without the provider's prefix.

Source: the price list names nothing of them; vk-cs/vkcs provider documentation (v0.16) lists the types.
"""

FREE = (
    "compute_keypair", "compute_servergroup", "compute_volume_attach", "compute_interface_attach",
    "compute_floatingip_associate", "networking_network", "networking_subnet", "networking_router",
    "networking_router_interface", "networking_router_route", "networking_subnet_route", "networking_secgroup",
    "networking_secgroup_rule", "networking_floatingip_associate", "networking_port_secgroup_associate",
    "networking_addressscope", "networking_subnetpool", "lb_listener", "lb_pool", "lb_member", "lb_members",
    "lb_monitor", "lb_l7policy", "lb_l7rule", "cloud_monitoring", "cdn_origin_group", "cdn_ssl_certificate",
    "db_user", "db_database", "db_config_group", "db_configuration", "kubernetes_security_policy",
    "kubernetes_clustertemplate", "sharedfilesystem_sharenetwork", "sharedfilesystem_share_access",
    "sharedfilesystem_securityservice", "images_image_access", "images_image_access_accept",
)  # fmt: skip
FREE_FAMILIES = ("vpnaas_", "publicdns_", "dns_", "keymanager_", "iam_", "identity_", "dc_", "fw_")
"""Families of types that are free, but for `PAID`."""
PAID = ("dc_router", "dc_interface")
LOCAL = (
    "terraform_data", "null_resource", "random_", "local_", "tls_", "time_", "template_", "archive_", "http",
    "external", "cloudinit_",
)  # fmt: skip
"""Resources that exist in Terraform only."""


def is_free(kind: str) -> bool:
    """Whether resources of a type cost nothing whatever they say."""
    return kind in FREE or (kind.startswith(FREE_FAMILIES) and kind not in PAID)
