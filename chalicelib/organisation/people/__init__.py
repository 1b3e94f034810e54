"""Who works here 员工: people with their roles, departments and teams, territories, calendars, API keys.

Owns users (`user_…`), teams and departments (`team_…`), territories (`territory_…`), business
calendars (`calendar_…`) and API keys (`api_key_…`) in the `people` table. Announces their changes:
who owns records reacts when a user changes team or leaves.
"""
