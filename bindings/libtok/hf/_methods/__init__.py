"""What FastTokenizer does: its bases, a module for each reason to change.

All stand on state; chats are encoded, so chat stands on encode, and rows are padded, so encode stands on pad.
"""
