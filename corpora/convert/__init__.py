"""Converters from packaged files to clean text: each is a pure function of bytes or str."""
