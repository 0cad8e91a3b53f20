"""The patient's page: everything that is known about one person, gathered from the rooms."""
