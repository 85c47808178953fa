"""Block Kit: what a block may hold, which ids it gets, what a person chose in it. Pure; knows no state."""
