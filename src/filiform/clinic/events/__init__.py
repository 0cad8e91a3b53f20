"""The register of adverse events: what went wrong, who sees to it, who was told, how often."""
