"""Many files to tables on disk: chunks of files become shards, several processes at a time, and a run can be resumed.

`running` plans a run and writes its manifest, `pool` keeps the `worker` processes at work, `cluster` has such pools on
other machines, `shards` is the folder of tables and `stores` where that is, `inputs` what goes in, `labelling` the way
from files to labelled threads, `streaming` standard input, `relabelling` what people mended, `forgetting` the way out.
"""

from commentlab.batch.forgetting import Forgotten, forget
from commentlab.batch.labelling import score_files
from commentlab.batch.options import Options
from commentlab.batch.relabelling import score_again
from commentlab.batch.running import BatchSummary, Estimate, Progress, estimate, run_batch
from commentlab.batch.shards import StoppedError

__all__ = [
    "BatchSummary",
    "Estimate",
    "Forgotten",
    "Options",
    "Progress",
    "StoppedError",
    "estimate",
    "forget",
    "run_batch",
    "score_again",
    "score_files",
]
