"""One module a format; `commentlab.plugin` finds them."""
