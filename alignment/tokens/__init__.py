"""Conversations as token ids, each with its role, and batches of them without padding."""
