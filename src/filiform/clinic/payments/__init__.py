"""What a visit costs, who paid, and what is in the till."""
