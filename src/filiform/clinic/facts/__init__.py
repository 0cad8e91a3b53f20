"""The record: facts that are only ever inserted, who wrote them, and the guards."""
