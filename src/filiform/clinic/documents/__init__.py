"""Papers as PDF: templates of typst, filled with values, answered as a page."""
