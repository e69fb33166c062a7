"""What Phoenix's own test suite checks, row by row, held against channelkit. See README.md."""
