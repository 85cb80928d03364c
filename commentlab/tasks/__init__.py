"""One module a task; `commentlab.plugin` finds them."""
