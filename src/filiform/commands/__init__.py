"""The commands of `filiform`, one module each."""
