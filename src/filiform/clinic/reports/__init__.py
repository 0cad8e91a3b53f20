"""What the clinic learns about its own work."""
