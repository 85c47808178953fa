"""What a person can do on the page: click, choose, submit, close, command, write. One file per kind."""
