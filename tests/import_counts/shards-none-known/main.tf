resource "vkcs_db_cluster_with_shards" "c" {
  name = "c"
  datastore {
    type    = "clickhouse"
    version = "24.3"
  }
  shard {
    shard_id    = "a"
    size        = 2
    flavor_id   = "aaaa"
    volume_size = 50
    volume_type = "ceph-ssd"
    network { uuid = "n" }
  }
  shard {
    shard_id    = "b"
    size        = 2
    flavor_id   = "aaaa"
    volume_size = 50
    volume_type = "ceph-ssd"
    network { uuid = "n" }
  }
  shard {
    shard_id    = "c"
    size        = 2
    flavor_id   = "aaaa"
    volume_size = 50
    volume_type = "ceph-ssd"
    network { uuid = "n" }
  }
  shard {
    shard_id    = "d"
    size        = 2
    flavor_id   = "aaaa"
    volume_size = 50
    volume_type = "ceph-ssd"
    network { uuid = "n" }
  }
}
