"""What happens between us and customers 跟进记录, and what is to be done next 任务.

Owns interactions (`activity_…`) and tasks (`task_…`) in the `activities` table. Announces their
changes. Either may be about any record that somebody owns.
"""
