variable "flavor" {
  type = string
}

resource "vkcs_compute_instance" "web" {
  name      = "web"
  flavor_id = var.flavor
  block_device {
    source_type      = "image"
    destination_type = "volume"
    volume_size      = 20
    volume_type      = "ceph-ssd"
    uuid             = "i"
  }
}

resource "vkcs_networking_floatingip" "a" {
  pool = "internet"
}
