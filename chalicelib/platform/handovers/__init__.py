"""Handing over a person's whole book 交接: all they work on goes to one colleague, or to several in turn.

Owns handovers (`handover_…`). One goes through the book part by part and moves each record by the
verb of its own domain: so whatever hangs on an owner there follows. What it is about to move is
written down before it moves it; each batch ends in a change of the handover, and that change starts
the next one. So one that was cut off goes on where it was, and counts nothing twice.
"""
