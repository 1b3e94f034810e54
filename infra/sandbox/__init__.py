"""The whole system on one machine: MiniStack, the packaged app really deployed, data to play with."""
