"""What a file says, as plain blocks for our own page: no markup, link, picture or style of the file. Run in the sandbox."""
