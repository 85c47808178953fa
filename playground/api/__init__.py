"""The Web API: one file per family of methods, a table of them, and the door they stand behind."""
