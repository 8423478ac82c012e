"""What the sources share: samples of files, cells, machines, instance types."""
