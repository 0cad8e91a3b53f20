"""What leaves the clinic on paper about a treatment: note, audit packet, the day's paper pack."""
