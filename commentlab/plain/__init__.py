"""What text without markup is made of: lines, bylines, the buttons that recur, and the entries of a discussion."""
