"""Running a clinic's database: backup, restore, check."""
