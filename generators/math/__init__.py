"""Mathematics: problems, steps and answers, proved by comparing what answers mean and by running what can be run."""
