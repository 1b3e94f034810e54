"""Bringing in what a company already has 导入: CSV files of any size, mapped, repaired, reported.

Owns import jobs (`import_job_…`). A job works through its file chunk by chunk: each chunk ends in
a change of the job, and that change starts the next one, so a job that was cut off goes on where
it was, and a row is never brought in twice.
"""
