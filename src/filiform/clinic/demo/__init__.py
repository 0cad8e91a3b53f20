"""The demo clinic: invented people in every state of the pathway, made through the actions."""
