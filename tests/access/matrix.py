"""Every route, who may call it, and the scope that opens it to a key, by hand; compared with what happens.

A line is: scope (``-``: anybody on the internet may), pattern of `tests.access.who`, request. In
braces are records of `tests.access.world`; ``> {account}`` names the one that a list has, or has not.
"""

from typing import Final

MATRIX: Final = """
people:admin             administrators              POST /users
people:read              anybody                     GET /users
people:read              anybody                     GET /users/{user}
people:admin             administrators              PATCH /users/{user}
people:admin             administrators              DELETE /users/{user}
people:admin             administrators              POST /users/{user}/return
people:admin             administrators              POST /users/{user}/forget-login
people:read              says who is away            PUT /users/{user}/absence
people:read              anybody                     GET /me
people:read              people only                 PATCH /me
people:configure         operations                  POST /teams
people:read              anybody                     GET /teams
people:read              anybody                     GET /teams/{team}
people:configure         operations                  PATCH /teams/{team}
people:configure         operations                  DELETE /teams/{team}
people:configure         operations                  POST /territories
people:read              anybody                     GET /territories
people:read              anybody                     GET /territories/{territory}
people:configure         operations                  PATCH /territories/{territory}
people:configure         operations                  DELETE /territories/{territory}
people:configure         operations                  POST /calendars
people:read              anybody                     GET /calendars
people:read              anybody                     GET /calendars/{calendar}
people:configure         operations                  PATCH /calendars/{calendar}
people:configure         operations                  DELETE /calendars/{calendar}
people:admin             administrators              POST /api-keys
people:admin             administrators              GET /api-keys
people:admin             administrators              GET /api-keys/{api_key}
people:admin             administrators              DELETE /api-keys/{api_key}

accounts:write           who writes                  POST /accounts
accounts:read            lists what is theirs        GET /accounts > {account}
accounts:read            lists an owner's            GET /accounts?owner_id={user} > {account}
accounts:read            lists a team's              GET /accounts?team_id={team} > {account}
accounts:read            lists a month's             GET /accounts?month={month} > {account}
accounts:read            reads                       GET /accounts/{account}
accounts:write           changes                     PATCH /accounts/{account}
accounts:write           changes                     DELETE /accounts/{account}
accounts:write           changes                     POST /accounts/{account}/restore
accounts:approve         approves                    POST /accounts/{account}/grade
accounts:write           gives away                  POST /accounts/{account}/reassign
accounts:write           gives away                  POST /accounts/{account}/share
accounts:read            reads                       GET /accounts/{account}/contacts > {contact}
accounts:write           who writes                  POST /contacts
accounts:read            lists what is theirs        GET /contacts > {contact}
accounts:read            lists an owner's            GET /contacts?owner_id={user} > {contact}
accounts:read            lists a team's              GET /contacts?team_id={team} > {contact}
accounts:read            lists a month's             GET /contacts?month={month} > {contact}
accounts:read            reads                       GET /contacts/{contact}
accounts:write           changes                     PATCH /contacts/{contact}
accounts:write           changes                     DELETE /contacts/{contact}
accounts:write           changes                     POST /contacts/{contact}/restore
accounts:write           gives away                  POST /contacts/{contact}/reassign
accounts:write           gives away                  POST /contacts/{contact}/share

activities:write         who writes                  POST /activities
activities:read          lists what is theirs        GET /activities > {activity}
activities:read          lists an owner's, unshared  GET /activities?owner_id={user} > {activity}
activities:read          lists a team's              GET /activities?team_id={team} > {activity}
activities:read          lists a month's             GET /activities?month={month} > {activity}
activities:read          reads                       GET /activities?about_id={account} > {activity}
activities:read          reads                       GET /activities/{activity}
activities:write         gives away, unshared        DELETE /activities/{activity}
activities:write         who writes                  POST /tasks
activities:read          lists their own             GET /tasks > {task}
activities:read          lists an owner's, unshared  GET /tasks?owner_id={user} > {task}
activities:read          lists a team's              GET /tasks?standing=ALL&team_id={team} > {task}
activities:read          lists a month's             GET /tasks?standing=ALL&month={month} > {task}
activities:read          reads                       GET /tasks?about_id={account} > {task}
activities:read          reads                       GET /tasks/{task}
activities:write         changes, unshared           PATCH /tasks/{task}
activities:write         changes, unshared           POST /tasks/{task}/start
activities:write         changes, unshared           POST /tasks/{task}/complete
activities:write         changes, unshared           POST /tasks/{task}/cancel
activities:write         changes, unshared           POST /tasks/{task}/defer
activities:write         gives away, unshared        POST /tasks/{task}/reassign

products:configure       operations                  POST /products
products:read            anybody                     GET /products
products:read            anybody                     GET /products/{product}
products:configure       operations                  PATCH /products/{product}
costs:approve            knows costs                 GET /products/{product}/cost
products:read            anybody                     POST /prices
products:configure       operations                  POST /price-books
products:read            anybody                     GET /price-books
products:read            anybody                     GET /price-books/{price_book}
products:configure       operations                  PATCH /price-books/{price_book}
products:read            anybody                     GET /price-books/{price_book}/prices
products:configure       operations                  POST /price-books/{price_book}/prices
products:configure       operations                  POST /promotions
products:read            anybody                     GET /promotions
products:read            anybody                     GET /promotions/{promotion}
products:configure       operations                  PATCH /promotions/{promotion}
products:read            anybody                     GET /price-policy
products:configure       operations                  PUT /price-policy

opportunities:write      who writes                  POST /opportunities
opportunities:read       lists what is theirs        GET /opportunities > {opportunity}
opportunities:read       lists an owner's            GET /opportunities?owner_id={user} > {opportunity}
opportunities:read       lists a team's              GET /opportunities?team_id={team} > {opportunity}
opportunities:read       lists a month's             GET /opportunities?month={month} > {opportunity}
opportunities:read       reads                       GET /opportunities?account_id={account} > {opportunity}
opportunities:read       reads                       GET /opportunities/{opportunity}
opportunities:write      changes                     PATCH /opportunities/{opportunity}
opportunities:write      changes                     DELETE /opportunities/{opportunity}
opportunities:write      changes                     POST /opportunities/{opportunity}/restore
opportunities:write      changes                     POST /opportunities/{opportunity}/advance
opportunities:write      changes                     POST /opportunities/{opportunity}/win
opportunities:write      changes                     POST /opportunities/{opportunity}/lose
opportunities:write      changes                     POST /opportunities/{opportunity}/reopen
opportunities:write      gives away                  POST /opportunities/{opportunity}/reassign
opportunities:write      gives away                  POST /opportunities/{opportunity}/share
opportunities:write      changes                     PUT /opportunities/{opportunity}/members/{user}
opportunities:write      changes                     DELETE /opportunities/{opportunity}/members/{user}
opportunities:read       reads                       GET /opportunities/{opportunity}/history
opportunities:configure  operations                  POST /pipelines
opportunities:read       anybody                     GET /pipelines
opportunities:read       anybody                     GET /pipelines/{pipeline}
opportunities:configure  operations                  PATCH /pipelines/{pipeline}

leads:write              who writes                  POST /leads
leads:write              who writes                  POST /leads/batch
leads:read               lists what is theirs        GET /leads > {lead}
leads:read               lists an owner's            GET /leads?owner_id={user} > {lead}
leads:read               lists an owner's            GET /leads?owner_id={user}&status=ASSIGNED > {lead}
leads:read               lists a team's              GET /leads?team_id={team} > {lead}
leads:read               lists a month's             GET /leads?month={month} > {lead}
leads:read               reads                       GET /leads/{lead}
leads:read               reads in their pool         GET /leads/{pooled}
leads:write              changes                     PATCH /leads/{lead}
leads:write              changes in their pool       PATCH /leads/{pooled}
leads:write              changes                     DELETE /leads/{lead}
leads:write              changes                     POST /leads/{lead}/restore
leads:read               reads                       GET /leads/{lead}/touches
leads:read               reads in their pool         GET /leads/{pooled}/touches
leads:write              gives away                  POST /leads/{lead}/reassign
leads:write              hands out of their pool     POST /leads/{pooled}/reassign
leads:write              gives away                  POST /leads/{lead}/share
leads:write              claims from their pool      POST /leads/{pooled}/claim
leads:write              changes                     POST /leads/{lead}/return
leads:write              changes                     POST /leads/{lead}/qualify
leads:write              changes                     POST /leads/{lead}/unqualify
leads:write              changes                     POST /leads/{lead}/convert
leads:configure          operations                  POST /lead-forms
leads:read               anybody                     GET /lead-forms
leads:read               anybody                     GET /lead-forms/{lead_form}
leads:configure          operations                  PATCH /lead-forms/{lead_form}
leads:configure          operations                  GET /lead-forms/{lead_form}/submissions
-                        anybody                     POST /forms/{lead_form}/submissions
-                        anybody                     GET /forms/{lead_form}
-                        anybody                     GET /forms/{lead_form}/thanks
-                        anybody                     GET /forms/{lead_form}/token
-                        anybody                     GET /forms/{lead_form}/embed.js
leads:configure          operations                  POST /lead-pools
leads:read               anybody                     GET /lead-pools
leads:read               anybody                     GET /lead-pools/{lead_pool}
leads:configure          operations                  PATCH /lead-pools/{lead_pool}
leads:read               reads in their pool         GET /lead-pools/{lead_pool}/leads > {pooled}
leads:read               anybody                     GET /lead-rules/scoring
leads:configure          operations                  PUT /lead-rules/scoring
leads:read               anybody                     GET /lead-rules/assignment
leads:configure          operations                  PUT /lead-rules/assignment

orders:write             who writes, finance too     POST /orders
orders:write             who writes, finance too     POST /orders/from-opportunity
orders:read              lists what is theirs        GET /orders > {order}
orders:read              lists an owner's            GET /orders?owner_id={user} > {order}
orders:read              lists a team's              GET /orders?team_id={team} > {order}
orders:read              lists a month's             GET /orders?month={month} > {order}
orders:read              reads                       GET /orders?account_id={account} > {order}
orders:read              reads                       GET /orders?opportunity_id={opportunity} > {order}
orders:read              reads                       GET /orders/{order}
orders:write             changes, finance too        PATCH /orders/{order}
orders:write             changes, finance too        POST /orders/{order}/submit
orders:approve           approves, finance too       POST /orders/{order}/approve
orders:approve           approves, finance too       POST /orders/{order}/reject
orders:write             changes, finance too        POST /orders/{order}/withdraw
orders:write             changes, finance too        POST /orders/{order}/activate
orders:write             changes, finance too        POST /orders/{order}/shipments
orders:write             changes, finance too        POST /orders/{order}/complete
orders:write             changes, finance too        POST /orders/{order}/payments
orders:approve           approves, finance too       POST /orders/{order}/payments/take-back
orders:write             changes, finance too        POST /orders/{order}/cancel
orders:write             gives away, finance too     POST /orders/{order}/reassign
orders:write             gives away, finance too     POST /orders/{order}/share
orders:read              anybody                     GET /order-policy
orders:configure         operations                  PUT /order-policy

contracts:write          who writes, finance too     POST /contracts
contracts:read           lists what is theirs        GET /contracts > {contract}
contracts:read           lists an owner's            GET /contracts?owner_id={user} > {contract}
contracts:read           lists a team's              GET /contracts?team_id={team} > {contract}
contracts:read           lists a month's             GET /contracts?month={month} > {contract}
contracts:read           reads                       GET /contracts?account_id={account} > {contract}
contracts:read           reads                       GET /contracts/{contract}
contracts:write          changes, finance too        PATCH /contracts/{contract}
contracts:write          changes, finance too        POST /contracts/{contract}/submit
contracts:approve        approves                    POST /contracts/{contract}/approve
contracts:approve        approves                    POST /contracts/{contract}/reject
contracts:write          changes, finance too        POST /contracts/{contract}/withdraw
contracts:write          changes, finance too        POST /contracts/{contract}/revise
contracts:write          changes, finance too        POST /contracts/{contract}/send
contracts:write          changes, finance too        POST /contracts/{contract}/sign
contracts:write          changes, finance too        POST /contracts/{contract}/decline
contracts:write          changes, finance too        POST /contracts/{contract}/negotiate
contracts:write          changes, finance too        POST /contracts/{contract}/activate
contracts:write          changes, finance too        POST /contracts/{contract}/fulfil
contracts:approve        approves                    POST /contracts/{contract}/terminate
contracts:write          changes, finance too        POST /contracts/{contract}/cancel
contracts:write          gives away, finance not     POST /contracts/{contract}/reassign
contracts:write          gives away, finance not     POST /contracts/{contract}/share

analytics:read           anybody                     GET /analytics/funnel
analytics:read           who sees all                GET /analytics/funnel?by=region
analytics:read           reads a team's figures      GET /analytics/funnel?by=team&member={team}
analytics:read           reads, unshared             GET /analytics/funnel?by=owner&member={user}
analytics:read           anybody                     GET /analytics/sales
analytics:read           who sees all                GET /analytics/sales?by=product
analytics:read           reads a team's figures      GET /analytics/sales?by=team&member={team}
analytics:read           reads, unshared             GET /analytics/sales?by=owner&member={user}
analytics:read           who sees all                GET /analytics/sales/customers
analytics:read           who sees all                GET /analytics/sales/spread
analytics:read           anybody                     GET /analytics/leads
analytics:read           who sees all                GET /analytics/leads?by=source
analytics:read           reads a team's figures      GET /analytics/leads?by=team&member={team}
analytics:read           reads, unshared             GET /analytics/leads?by=owner&member={user}
analytics:read           anybody                     GET /analytics/sla
analytics:read           who sees all                GET /analytics/sla?by=form
analytics:read           reads a team's figures      GET /analytics/sla?by=team&member={team}
analytics:read           reads, unshared             GET /analytics/sla?by=owner&member={user}
analytics:read           anybody                     GET /analytics/orders
analytics:read           who sees all                GET /analytics/orders?by=product
analytics:read           reads a team's figures      GET /analytics/orders?by=team&member={team}
analytics:read           reads, unshared             GET /analytics/orders?by=owner&member={user}
analytics:read           who sees all                GET /analytics/receivables

forecasts:read           anybody                     GET /forecasts/outlook
forecasts:read           lists a team's              GET /forecasts/outlook?team_id={team}
forecasts:read           reads, unshared             GET /forecasts/outlook?owner_id={user}
forecasts:read           anybody                     GET /forecasts/replay?day=2026-01-02
forecasts:read           lists a team's              GET /forecasts/replay?day=2026-01-02&team_id={team}
forecasts:read           reads, unshared             GET /forecasts/replay?day=2026-01-02&owner_id={user}
forecasts:read           anybody                     GET /forecasts/accuracy
forecasts:read           lists a team's              GET /forecasts/accuracy?team_id={team}
forecasts:configure      operations                  POST /forecasts/factors
forecasts:read           anybody                     GET /forecasts/factors
forecasts:read           anybody                     GET /forecasts/factors/{factor}
forecasts:configure      operations                  PATCH /forecasts/factors/{factor}
forecasts:configure      operations                  DELETE /forecasts/factors/{factor}

reports:write            who writes                  POST /reports/subscriptions
reports:read             lists what is theirs        GET /reports/subscriptions > {report}
reports:read             lists an owner's, unshared  GET /reports/subscriptions?owner_id={user} > {report}
reports:read             lists a team's              GET /reports/subscriptions?team_id={team} > {report}
reports:read             lists a month's             GET /reports/subscriptions?month={month} > {report}
reports:read             reads, unshared             GET /reports/subscriptions/{report}
reports:write            changes their own           PATCH /reports/subscriptions/{report}
reports:write            changes their own           DELETE /reports/subscriptions/{report}
reports:write            changes their own           POST /reports/subscriptions/{report}/run
reports:read             anybody                     GET /reports/runs
reports:read             lists a team's              GET /reports/runs?team_id={team}
reports:read             lists a month's             GET /reports/runs?month={month}
reports:read             anybody                     GET /reports/preview?report=REP_DAILY
reports:read             who sees all or heads a team  GET /reports/preview?report=MANAGER_WEEKLY

imports:configure        operations                  POST /imports
imports:configure        operations                  GET /imports
imports:configure        operations                  GET /imports/{import}
imports:configure        operations                  POST /imports/{import}/start
imports:configure        operations                  POST /imports/{import}/cancel
imports:configure        operations                  GET /imports/{import}/report

-                        anybody                     GET /openapi.json
-                        anybody                     GET /docs
-                        anybody                     GET /health
"""
