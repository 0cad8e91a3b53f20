"""What every page is made of: the frame, widgets, icons, drafts, errors, template tags."""
