"""From labelled data to the shipped artefacts: `python -m commentlab.training DATA`."""
