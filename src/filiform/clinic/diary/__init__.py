"""The diary: services, rooms, working hours and leave; free times, booking and moving them."""
