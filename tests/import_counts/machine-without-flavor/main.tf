resource "vkcs_networking_floatingip" "a" {
  pool = "internet"
}

resource "vkcs_compute_instance" "known" {
  name        = "known"
  flavor_name = "STD3-2-4"
}

resource "vkcs_compute_instance" "unknown" {
  name      = "unknown"
  flavor_id = "aaaa"
}
