"""Files in buckets, on hubs and on servers, by fsspec: their addresses, lists of them, reading and writing."""
