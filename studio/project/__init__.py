"""A project on disk: folder, database, blobs, backups, check and exchange. See docs/file-format.md."""
